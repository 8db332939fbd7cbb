import { type App, TerraformDataSource, type TerraformElement, TerraformResource } from "cdktf";
import type { Problem } from "../../model/words/problem";
import { argumentsOf, elementsIn, stacksIn } from "./elements";

/** What an element would write into state, and what to do instead. */
interface Reveals {
  /** The arguments that are secret. @default - the element itself: its attributes hold a secret that the provider made */
  readonly arguments?: readonly string[];
  readonly instead: string;
}

const byHand: Reveals = { instead: "make it by hand, and keep what it gives in Vault" };
const inVault: Reveals = { instead: "let Vault make it, and a Vault Agent fetch it" };

/**
 * What is known to put a secret into state, by type. OpenStack has no write-only argument; for others it is named.
 * `databridge validate` refuses every argument besides that its provider's schema calls sensitive.
 * @see schemas of openstack 3.4.0, vault 5.6.0, kubernetes 2.38.0, helm 3.1.1: attributes that are `sensitive`
 */
const revealing: Readonly<Record<string, Reveals>> = {
  openstack_blockstorage_volume_attach_v3: { instead: "attach it to a server: compute_volume_attach_v2" },
  openstack_compute_keypair_v2: { instead: "sign logins by the platform's SSH CA, which needs no key pair" },
  openstack_containerinfra_cluster_v1: byHand,
  openstack_identity_application_credential_v3: byHand,
  openstack_identity_ec2_credential_v3: byHand,
  openstack_keymanager_secret_v1: inVault,
  openstack_objectstorage_tempurl_v1: { instead: "make it with openstack tempurl when it is needed" },
  openstack_sharedfilesystem_share_access_v2: byHand,
  openstack_vpnaas_site_connection_v2: { arguments: ["psk"], ...byHand },
  openstack_compute_instance_v2: { arguments: ["admin_pass"], instead: "log in by certificate" },
  openstack_db_instance_v1: { arguments: ["user"], ...inVault },
  openstack_db_user_v1: { arguments: ["password"], ...inVault },
  openstack_identity_user_v3: { arguments: ["password"], ...byHand },
  openstack_images_image_v2: { arguments: ["image_source_password"], instead: "take an image that anybody may read" },
  openstack_networking_bgp_peer_v2: { arguments: ["password"], ...byHand },
  openstack_sharedfilesystem_securityservice_v2: { arguments: ["password"], ...byHand },
  kubernetes_secret: { instead: "use kubernetes_secret_v1 with data_wo" },
  kubernetes_secret_v1: { arguments: ["data", "binary_data"], instead: "use data_wo and data_wo_revision" },
  kubernetes_token_request_v1: { instead: "ask for it when it is needed: it is an ephemeral resource too" },
  helm_release: {
    arguments: ["set_sensitive", "repository_password"],
    instead: "use set_wo and set_wo_revision, or let the chart read a Secret",
  },
  vault_approle_auth_backend_role_secret_id: inVault,
  vault_approle_auth_backend_login: inVault,
  vault_generic_secret: { instead: "use vault_kv_secret_v2 with data_json_wo" },
  vault_kv_secret: { instead: "use vault_kv_secret_v2 with data_json_wo" },
  vault_kv_secret_v2: { arguments: ["data_json"], instead: "use data_json_wo and data_json_wo_version" },
  vault_pki_secret_backend_cert: inVault,
  vault_pki_secret_backend_config_ca: { instead: "let the CA make its key inside Vault" },
  vault_token: inVault,
  "data.vault_generic_secret": { instead: "use the ephemeral resource vault_kv_secret_v2" },
  "data.vault_kv_secret": { instead: "use the ephemeral resource vault_kv_secret_v2" },
  "data.vault_kv_secret_v2": { instead: "use the ephemeral resource vault_kv_secret_v2" },
  "data.kubernetes_secret": { instead: "let the workload mount it" },
  "data.kubernetes_secret_v1": { instead: "let the workload mount it" },
};

/** State is encrypted, copied, and read by whoever plans: a secret in it is everybody's. */
export const secretProblems = (app: App): readonly Problem[] => stacksIn(app).flatMap(elementsIn).flatMap(revealed);

function revealed(element: TerraformElement): readonly Problem[] {
  const type = typeOf(element);
  const reveals = type !== undefined && Object.hasOwn(revealing, type) ? revealing[type] : undefined;
  if (type === undefined || !reveals) return [];
  const { path } = element.node;
  if (!reveals.arguments)
    return [{ path, value: type, allowed: "resources that put no secret into state", fix: reveals.instead }];
  const written = argumentsOf(element);
  return reveals.arguments
    .filter((argument) => written[argument] !== undefined)
    .map((argument) => ({
      path: `${path}.${argument}`,
      value: type, // never the secret itself
      allowed: "arguments that put no secret into state",
      fix: reveals.instead,
    }));
}

function typeOf(element: TerraformElement): string | undefined {
  if (TerraformResource.isTerraformResource(element)) return element.terraformResourceType;
  return TerraformDataSource.isTerraformDataSource(element) ? `data.${element.terraformResourceType}` : undefined;
}
