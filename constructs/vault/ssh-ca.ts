import { Mount } from "@cdktf/provider-vault/lib/mount";
import { SshSecretBackendCa } from "@cdktf/provider-vault/lib/ssh-secret-backend-ca";
import {
  SshSecretBackendRole,
  type SshSecretBackendRoleConfig,
} from "@cdktf/provider-vault/lib/ssh-secret-backend-role";
import { Construct } from "constructs";
import { keep } from "../../engine/stateful";
import type { Duration } from "../../model/words/quantity";

export interface SshCaProps {
  readonly path: string;
  /** What it signs: `host keys`. */
  readonly signs: string;
}

/** What signs keys of SSH; its own never leaves Vault. Stateful: others trust it. */
export class SshCa extends Construct {
  private readonly path: string;
  private readonly ca: SshSecretBackendCa;

  constructor(scope: Construct, id: string, { path, signs }: SshCaProps) {
    super(scope, id);
    const mount = new Mount(this, "Resource", { path, type: "ssh", description: `signs ${signs}` });
    keep(mount, `CA of ${signs}`);
    this.path = mount.path;
    this.ca = new SshSecretBackendCa(this, "ca", {
      backend: mount.path,
      generateSigningKey: true,
      keyType: "ssh-ed25519",
    });
    keep(this.ca, `CA of ${signs}`);
  }

  /** Lets whoever may, have a key signed for one principal and no other. */
  addLogin(id: string, { principal, lifetime, forwards }: LoginProps): void {
    this.addRole(id, lifetime, {
      allowUserCertificates: true,
      allowHostCertificates: false,
      allowedUsers: principal,
      defaultUser: principal,
      allowedExtensions: forwards ? "permit-pty,permit-port-forwarding" : "permit-pty",
      defaultExtensions: { "permit-pty": "", ...(forwards ? { "permit-port-forwarding": "" } : {}) },
      // Who it was stands in the log of each host.
      keyIdFormat: "{{token_display_name}}",
    });
  }

  /** Lets hosts have keys of theirs signed as users elsewhere, and as no others. */
  addUser(id: string, { names, lifetime }: KeyProps): void {
    this.addRole(id, lifetime, {
      allowUserCertificates: true,
      allowHostCertificates: false,
      allowedUsers: names.join(","),
      defaultUser: names[0] ?? "",
      allowedExtensions: "permit-pty",
      defaultExtensions: { "permit-pty": "" },
      ...ed25519,
      // Which host it was stands in the log of the far end.
      keyIdFormat: "{{role_name}}-{{public_key_hash}}",
    });
  }

  /** Lets a host have its key signed for its own names, and for no others. */
  addHost(id: string, { names, lifetime }: KeyProps): void {
    this.addRole(id, lifetime, {
      allowUserCertificates: false,
      allowHostCertificates: true,
      allowedDomains: names.join(","),
      allowBareDomains: true,
      allowSubdomains: false,
      // One without a name would be good for every host.
      allowEmptyPrincipals: false,
      ...ed25519,
      keyIdFormat: "{{role_name}}",
    });
  }

  private addRole(
    name: string,
    { seconds }: Duration,
    signs: Omit<SshSecretBackendRoleConfig, "backend" | "name" | "keyType">,
  ): void {
    new SshSecretBackendRole(this, name, {
      backend: this.path,
      name,
      keyType: "ca",
      ...signs,
      allowUserKeyIds: false,
      ttl: String(seconds),
      maxTtl: String(seconds),
      algorithmSigner: "default",
      dependsOn: [this.ca],
    });
  }
}

/** As hosts make them, and no others. */
const ed25519 = { allowedUserKeyConfig: [{ type: "ssh-ed25519", lengths: [0] }] };

export interface LoginProps {
  /** `operator@lumi-production`. */
  readonly principal: string;
  readonly lifetime: Duration;
  /** Whether connections may be passed on. */
  readonly forwards: boolean;
}

export interface KeyProps {
  /** All that a certificate may name. */
  readonly names: readonly string[];
  readonly lifetime: Duration;
}
