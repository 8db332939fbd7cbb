import { TerraformLocal, type TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { TerraformData } from "./terraform-data";

export interface FirstTrustProps {
  /** Public key of the CA that signs logins; while it is not known, no plan can be made. */
  readonly sshUserCa: string | undefined;
}

/** Refuses a plan for servers that nobody could ever log in to. */
export class FirstTrust extends Construct {
  /** What every server waits for. */
  readonly resource: TerraformResource;

  constructor(scope: Construct, id: string, { sshUserCa = "" }: FirstTrustProps) {
    super(scope, id);
    const key = new TerraformLocal(this, "ssh-user-ca", sshUserCa);
    this.resource = new TerraformData(this, "Resource", sshUserCa);
    const errorMessage =
      "The public key of the CA that signs SSH logins is not in the lock of home: databridge learn home";
    this.resource.lifecycle = { precondition: [{ condition: `\${${key.fqn} != ""}`, errorMessage }] };
  }
}
