import { Mount } from "@cdktf/provider-vault/lib/mount";
import { SshSecretBackendCa } from "@cdktf/provider-vault/lib/ssh-secret-backend-ca";
import { SshSecretBackendRole } from "@cdktf/provider-vault/lib/ssh-secret-backend-role";
import { Construct } from "constructs";
import { keep } from "../../engine/stateful";
import type { Duration } from "../../model/words/quantity";

/** What signs logins to hosts; its key never leaves Vault. Stateful: hosts trust it. */
export class SshCa extends Construct {
  private readonly path: string;
  private readonly ca: SshSecretBackendCa;

  constructor(scope: Construct, id: string, { path }: { readonly path: string }) {
    super(scope, id);
    const mount = new Mount(this, "Resource", { path, type: "ssh", description: "signs logins to hosts" });
    keep(mount, "CA of logins");
    this.path = mount.path;
    this.ca = new SshSecretBackendCa(this, "ca", {
      backend: mount.path,
      generateSigningKey: true,
      keyType: "ssh-ed25519",
    });
    keep(this.ca, "CA of logins");
  }

  /** Lets whoever may, have a key signed for one principal and no other. */
  addRole(id: string, { principal, lifetime, forwards }: SshRoleProps): void {
    new SshSecretBackendRole(this, id, {
      backend: this.path,
      name: id,
      keyType: "ca",
      allowUserCertificates: true,
      allowHostCertificates: false,
      allowedUsers: principal,
      defaultUser: principal,
      allowedExtensions: forwards ? "permit-pty,permit-port-forwarding" : "permit-pty",
      defaultExtensions: { "permit-pty": "", ...(forwards ? { "permit-port-forwarding": "" } : {}) },
      allowUserKeyIds: false,
      // Who it was stands in the log of each host.
      keyIdFormat: "{{token_display_name}}",
      ttl: String(lifetime.seconds),
      maxTtl: String(lifetime.seconds),
      algorithmSigner: "default",
      dependsOn: [this.ca],
    });
  }
}

export interface SshRoleProps {
  /** `operator@lumi-production`. */
  readonly principal: string;
  readonly lifetime: Duration;
  /** Whether connections may be passed on. */
  readonly forwards: boolean;
}
