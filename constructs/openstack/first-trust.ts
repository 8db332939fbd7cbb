import { TerraformLocal, type TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { TerraformData } from "./terraform-data";

/** Whom a server trusts when it boots first. */
export interface FirstTrustProps {
  /** Public key of the CA that signs logins; while it is not known, no plan can be made. */
  readonly sshUserCa: string | undefined;
  /** How to make it known. */
  readonly remedy: string;
}

/** Refuses a plan for servers that nobody could ever log in to. */
export class FirstTrust extends Construct {
  /** What every server waits for. */
  readonly resource: TerraformResource;

  constructor(scope: Construct, id: string, { sshUserCa = "", remedy }: FirstTrustProps) {
    super(scope, id);
    const key = new TerraformLocal(this, "ssh-user-ca", sshUserCa);
    this.resource = new TerraformData(this, "Resource", sshUserCa);
    const errorMessage = `Nobody could log in: the public key of the CA that signs SSH logins is not known. ${remedy}`;
    this.resource.lifecycle = { precondition: [{ condition: `\${${key.fqn} != ""}`, errorMessage }] };
  }
}
