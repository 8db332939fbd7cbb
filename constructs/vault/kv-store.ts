import { KvSecretBackendV2 } from "@cdktf/provider-vault/lib/kv-secret-backend-v2";
import { Mount } from "@cdktf/provider-vault/lib/mount";
import { Construct } from "constructs";
import { keep } from "../../engine/stateful";

export interface KvStoreProps {
  /** `kv-lumi-production`. */
  readonly path: string;
  readonly description: string;
  /** How many values of a secret are kept, the newest first. @default 10 */
  readonly versions?: number;
}

/** Secrets that people and jobs write, with their last values. Stateful: it holds what no description has. */
export class KvStore extends Construct {
  readonly path: string;

  constructor(scope: Construct, id: string, { path, description, versions = 10 }: KvStoreProps) {
    super(scope, id);
    const mount = new Mount(this, "Resource", { path, type: "kv", options: { version: "2" }, description });
    keep(mount, "secrets");
    // A writer that did not see the last value cannot write over it.
    new KvSecretBackendV2(this, "settings", { mount: mount.path, maxVersions: versions, casRequired: true });
    this.path = mount.path;
  }
}
