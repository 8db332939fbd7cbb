import { TerraformResource } from "cdktf";
import type { Construct } from "constructs";

/**
 * A value in the state: `terraform_data`, which is part of Terraform itself and needs no provider. The construct of
 * cdktf for it runs `terraform version` at synthesis.
 */
export class TerraformData extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    private readonly input: string | number,
  ) {
    super(scope, id, {
      terraformResourceType: "terraform_data",
      terraformGeneratorMetadata: { providerName: "terraform" },
    });
  }

  /** What cdktf writes of it. */
  protected override synthesizeAttributes(): Record<string, unknown> {
    return { input: this.input };
  }
}
