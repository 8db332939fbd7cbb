import { TerraformDataSource, type TerraformElement, TerraformResource } from "cdktf";
import type { Problem } from "../../model/words/problem";
import { isRecord } from "../../model/words/record";
import { argumentsOf, type StackTree } from "./elements";

/** What an element would write into state, and what to do instead. */
interface Reveals {
  /** The arguments that are secret, at any depth. @default - all of it: its attributes hold a secret that the provider made */
  readonly arguments?: readonly string[];
  readonly instead: string;
}

const all = (types: readonly string[], instead: string): Readonly<Record<string, Reveals>> =>
  Object.fromEntries(types.map((type) => [type, { instead }]));
const some = (types: Readonly<Record<string, string>>, instead: string): Readonly<Record<string, Reveals>> =>
  Object.fromEntries(Object.entries(types).map(([type, names]) => [type, { arguments: names.split(" "), instead }]));

const byHand = "make it by hand, and keep what it gives in Vault";
const inVault = "let Vault make it, and a Vault Agent fetch it";
const writeOnly = "use its write-only argument, …_wo, where it has one; else set it by hand";
const ephemeral = "use the ephemeral resource of that name, or let a Vault Agent fetch it";

/**
 * What is known to put a secret into state, by type. OpenStack has no write-only argument.
 * `databridge validate` refuses every argument besides that its provider's schema calls sensitive.
 * @see schemas of openstack 3.4.0, vault 5.6.0, kubernetes 2.38.0, helm 3.1.1: attributes that are `sensitive`, and `psk`
 */
const revealing: Readonly<Record<string, Reveals>> = {
  ...all(
    [
      "openstack_containerinfra_cluster_v1",
      "openstack_identity_application_credential_v3",
      "openstack_identity_ec2_credential_v3",
      "openstack_sharedfilesystem_share_access_v2",
      "data.openstack_containerinfra_cluster_v1",
      "data.openstack_identity_auth_scope_v3",
    ],
    byHand,
  ),
  ...all(["openstack_keymanager_secret_v1", "data.openstack_keymanager_secret_v1"], inVault),
  ...all(["openstack_blockstorage_volume_attach_v3"], "attach it to a server: compute_volume_attach_v2"),
  ...all(["openstack_compute_keypair_v2"], "sign logins by the platform's SSH CA, which needs no key pair"),
  ...all(["openstack_objectstorage_tempurl_v1"], "make it with openstack tempurl when it is needed"),
  ...some({ openstack_compute_instance_v2: "admin_pass" }, "log in by certificate"),
  ...some({ openstack_images_image_v2: "image_source_password" }, "take an image that anybody may read"),
  ...some({ openstack_db_instance_v1: "password", openstack_db_user_v1: "password" }, inVault),
  ...some(
    {
      openstack_identity_user_v3: "password",
      openstack_networking_bgp_peer_v2: "password",
      openstack_sharedfilesystem_securityservice_v2: "password",
      openstack_vpnaas_site_connection_v2: "psk",
    },
    byHand,
  ),

  ...all(["kubernetes_secret"], "use kubernetes_secret_v1 with data_wo"),
  ...some({ kubernetes_secret_v1: "data binary_data" }, "use data_wo and data_wo_revision"),
  ...all(["kubernetes_token_request_v1"], "ask for it when it is needed: it is an ephemeral resource too"),
  ...all(["data.kubernetes_secret", "data.kubernetes_secret_v1"], "let the workload mount it"),
  ...some(
    { helm_release: "set_sensitive repository_password", "data.helm_template": "set_sensitive repository_password" },
    "use set_wo and set_wo_revision, or let the chart read a Secret",
  ),

  ...all(["vault_generic_secret", "vault_kv_secret"], "use vault_kv_secret_v2 with data_json_wo"),
  ...some({ vault_kv_secret_v2: "data_json" }, "use data_json_wo and data_json_wo_version"),
  ...some({ vault_pki_secret_backend_config_ca: "pem_bundle" }, "let the CA make its key inside Vault"),
  ...some({ vault_ssh_secret_backend_ca: "private_key" }, "let Vault make the key: generate_signing_key"),
  ...all(
    [
      "vault_approle_auth_backend_login",
      "vault_approle_auth_backend_role_secret_id",
      "vault_aws_auth_backend_login",
      "vault_identity_oidc_client",
      "vault_pki_secret_backend_acme_eab",
      "vault_pki_secret_backend_cert",
      "vault_terraform_cloud_secret_creds",
      "vault_token",
    ],
    inVault,
  ),
  ...some(
    {
      vault_ad_secret_backend: "bindpass client_tls_key",
      vault_aws_auth_backend_client: "access_key secret_key",
      vault_aws_secret_backend: "access_key secret_key",
      vault_azure_auth_backend_config: "client_secret",
      vault_azure_secret_backend: "client_secret",
      vault_azure_secret_backend_static_role: "client_secret",
      vault_consul_secret_backend: "client_key token",
      vault_database_secret_backend_connection:
        "password private_key pem_bundle pem_json base64_pem service_account_json tls_certificate_key",
      vault_database_secret_backend_static_role: "self_managed_password",
      vault_database_secrets_mount:
        "password private_key pem_bundle pem_json base64_pem service_account_json tls_certificate_key",
      vault_gcp_auth_backend: "credentials",
      vault_gcp_secret_backend: "credentials",
      vault_generic_endpoint: "data_json",
      vault_identity_mfa_duo: "integration_key secret_key",
      vault_identity_mfa_okta: "api_token",
      vault_jwt_auth_backend: "oidc_client_secret",
      vault_kubernetes_auth_backend_config: "token_reviewer_jwt",
      vault_kubernetes_secret_backend: "service_account_jwt",
      vault_ldap_auth_backend: "bindpass client_tls_key",
      vault_ldap_secret_backend: "bindpass client_tls_key",
      vault_mfa_duo: "integration_key secret_key",
      vault_mfa_okta: "api_token",
      vault_nomad_secret_backend: "client_key token",
      vault_okta_auth_backend: "token",
      vault_plugin: "env",
      vault_rabbitmq_secret_backend: "password",
      vault_secrets_sync_aws_destination: "secret_access_key",
      vault_secrets_sync_azure_destination: "client_secret",
      vault_secrets_sync_gcp_destination: "credentials",
      vault_secrets_sync_gh_destination: "access_token",
      vault_secrets_sync_github_apps: "private_key",
      vault_secrets_sync_vercel_destination: "access_token",
      vault_terraform_cloud_secret_backend: "token",
      "data.vault_transit_encrypt": "plaintext",
    },
    writeOnly,
  ),
  ...all(
    [
      "data.vault_ad_access_credentials",
      "data.vault_aws_access_credentials",
      "data.vault_aws_static_access_credentials",
      "data.vault_azure_access_credentials",
      "data.vault_generic_secret",
      "data.vault_identity_oidc_client_creds",
      "data.vault_kubernetes_service_account_token",
      "data.vault_kv_secret",
      "data.vault_kv_secret_v2",
      "data.vault_ldap_dynamic_credentials",
      "data.vault_ldap_static_credentials",
      "data.vault_nomad_access_token",
      "data.vault_transit_decrypt",
    ],
    ephemeral,
  ),
};

/** Whether something of that type is known to put a secret into state: `data.` before a data source. */
export const isRevealing = (type: string): boolean => Object.hasOwn(revealing, type);

/** State is encrypted, copied, and read by whoever plans: a secret in it is everybody's. */
export const secretProblems = (stacks: readonly StackTree[]): readonly Problem[] =>
  stacks.flatMap(({ elements }) => elements.flatMap(revealed));

function revealed(element: TerraformElement): readonly Problem[] {
  const type = typeOf(element);
  const reveals = type !== undefined && isRevealing(type) ? revealing[type] : undefined;
  if (!reveals) return [];
  const { path } = element.node;
  if (!reveals.arguments)
    return [{ path, value: type, allowed: "what puts no secret into state", fix: reveals.instead }];
  const written = argumentNames(argumentsOf(element));
  return reveals.arguments
    .filter((argument) => written.has(argument))
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

/** Names of all arguments that have a value, those in blocks too. */
function argumentNames(value: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (inner: unknown): void => {
    if (Array.isArray(inner)) for (const item of inner) visit(item);
    else if (isRecord(inner))
      for (const [name, item] of Object.entries(inner)) {
        if (item !== undefined && item !== null) names.add(name);
        visit(item);
      }
  };
  visit(value);
  return names;
}
