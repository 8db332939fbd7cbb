// Which address of the API each type of the provider is, and what is sent there. Most attributes are called as the API calls
// them; what the provider sends though nobody states it (its defaults) is sent too.
import { authority, request, root, signed } from "./authorities.mjs";

/** @typedef {Record<string, any>} Stated */
/** @typedef {import("./adapter.mjs").Server} Server */
/**
 * An address with what it should hold. `read` makes of an answer what `body` is held against, `from` is where it is read if
 * not there, `write` sends it, `unread` is what no answer tells, `once` is never written where there is something.
 * @typedef {{ path: string, body: Stated, from?: string, read?: (data: any) => Stated, unread?: string[], once?: boolean,
 *   write?: (server: Server, exists: boolean) => Promise<any> }} Part
 */
/**
 * A type: its parts, or what makes it, and its id if that is not the path of the first; what the provider fills in: its
 * defaults, and `zeros` for everything else.
 * @typedef {{ defaults?: Stated, zeros?: boolean, id?: string, parts?: (stated: Stated) => Part[],
 *   make?: import("./authorities.mjs").Make }} Kind
 */

/** A path with attributes in it. @param {string} path @param {Stated} stated */
export const at = (path, stated) =>
  path.replace(/\{(\w+)\}/g, (_, name) => String(stated[name]).replace(/^\/+|\/+$/g, ""));

/**
 * What has one address, with all that is not in its path in its body.
 * @param {string} path @param {Stated} [defaults]
 * @param {Kind & Pick<Part, "unread" | "once"> & { body?: (stated: Stated) => Stated }} [more]
 * @returns {Kind}
 */
function one(path, defaults = {}, { body = (stated) => stated, unread = [], once = false, ...more } = {}) {
  const inPath = (/** @type {string} */ name) => path.includes(`{${name}}`);
  const parts = (/** @type {Stated} */ stated) => {
    const rest = Object.fromEntries(Object.entries(stated).filter(([name]) => !inPath(name)));
    return [{ path: at(path, stated), body: body(rest), unread, once }];
  };
  return { parts, defaults, zeros: true, ...more };
}

/** A mount: what is there is tuned, never mounted anew. @param {string} path @param {Stated} fixed @param {Stated} config @returns {Part} */
const mounted = (path, fixed, config) => ({
  path,
  body: { ...fixed, ...config },
  read: ({ config: found, ...data }) => ({ ...data, ...found }),
  write: (server, exists) => {
    const { description = "", options } = fixed;
    return exists
      ? server.must(`${path}/tune`, { ...config, description, options })
      : server.must(path, { ...fixed, config });
  },
});

/** @param {Stated} stated @returns {Part} */
const method = ({ path, type, description, local, tune: [tune = {}] = [] }) =>
  mounted(at("sys/auth/{path}", { path: path ?? type }), { type, description, local }, tune);

/** @param {Stated} stated @returns {Part[]} */
function engine({ path, type, default_lease_ttl_seconds: least, max_lease_ttl_seconds: most, ...stated }) {
  const { description, local, seal_wrap, external_entropy_access, options, ...rest } = stated;
  if (type === "kv-v2") return engine({ ...stated, path, type: "kv", options: { version: "2", ...options } });
  const seconds = (/** @type {number | undefined} */ ttl) => (ttl === undefined ? undefined : `${ttl}s`);
  const config = { ...rest, default_lease_ttl: seconds(least), max_lease_ttl: seconds(most) };
  const fixed = { type, description, options, local, seal_wrap, external_entropy_access };
  return [mounted(at("sys/mounts/{path}", { path }), fixed, config)];
}

/** A secret: written where there is none, never over one that somebody has written. @type {import("./authorities.mjs").Make} */
async function secret({ data_json_wo: json, options, custom_metadata: about = [], ...stated }, server) {
  const path = at("{mount}/data/{name}", stated);
  const made = (await server.find(path)) === undefined;
  if (made) await server.must(path, { data: JSON.parse(json), options });
  for (const { data: custom_metadata, ...rest } of about)
    await server.settle({ path: at("{mount}/metadata/{name}", stated), body: { ...rest, custom_metadata } });
  return { made, values: { path, id: path } };
}

/** What the provider's maps have as text is sent as lists. @param {Stated} stated */
const claimed = ({ bound_claims: bound = {}, disable_bound_claims_parsing: whole, ...rest }) => {
  const lists = Object.entries(bound).map(([name, text]) => [name, whole ? [text] : text.split(/\s*,\s*/)]);
  return { ...rest, bound_claims: Object.fromEntries(lists) };
};

/** @param {Stated} stated */
const lengths = ({ allowed_user_key_config: keys = [], ...rest }) => {
  const pairs = keys.map((/** @type {Stated} */ { type, lengths }) => [type, lengths]);
  return { ...rest, allowed_user_key_lengths: Object.fromEntries(pairs) };
};

/** @param {Stated} stated */
const identified = ({ policy_identifier: found = [], ...rest }) => ({
  policy_identifiers: found.map((/** @type {Stated} */ each) => JSON.stringify(each)),
  ...rest,
});

const role = "auth/{backend}/role/{role_name}";
const token_type = "default";
const pem = { format: "pem", private_key_format: "der" };
const key = { key_type: "rsa", key_bits: 2048 };
const csr = { use_csr_common_name: true, use_csr_sans: true, require_cn: true, server_flag: true, client_flag: true };
const names = {
  allow_localhost: true,
  allow_ip_sans: true,
  enforce_hostnames: true,
  allow_wildcard_certificates: true,
};

/** @type {Record<string, Kind>} */
export const kinds = {
  vault_mount: { id: "{path}", parts: engine },
  vault_policy: one("sys/policies/acl/{name}", {}, { id: "{name}" }),
  vault_audit: {
    id: "{path}",
    parts: ({ path, ...body }) => {
      const name = at("{path}", { path: path ?? body.type });
      return [{ path: `sys/audit/${name}`, body, from: "sys/audit", read: (all) => all[`${name}/`] }];
    },
  },
  vault_auth_backend: { id: "{path}", parts: (stated) => [method(stated)] },
  vault_approle_auth_backend_role: {
    defaults: { token_type, backend: "approle", bind_secret_id: true },
    zeros: true,
    parts: ({ backend, role_name, role_id, ...body }) => {
      const path = at(role, { backend, role_name });
      return [{ path, body }].concat({ path: `${path}/role-id`, body: role_id === undefined ? {} : { role_id } });
    },
  },
  vault_jwt_auth_backend: {
    defaults: { path: "jwt", type: "jwt", namespace_in_state: true },
    id: "{path}",
    parts: ({ path, type, description, local, tune, disable_remount: _, ...body }) => [
      method({ path, type, description, local, tune }),
      { path: at("auth/{path}/config", { path }), body, unread: ["oidc_client_secret"] },
    ],
  },
  vault_jwt_auth_backend_role: one(role, { token_type, backend: "jwt" }, { body: claimed }),
  vault_kubernetes_auth_backend_config: one(
    "auth/{backend}/config",
    { backend: "kubernetes" },
    { unread: ["token_reviewer_jwt"] },
  ),
  vault_kubernetes_auth_backend_role: one(role, { token_type, backend: "kubernetes" }),
  vault_cert_auth_backend_role: one("auth/{backend}/certs/{name}", { token_type, backend: "cert" }),
  vault_pki_secret_backend_root_cert: { defaults: { ...key, ...pem, max_path_length: -1 }, make: root },
  vault_pki_secret_backend_intermediate_cert_request: { defaults: { ...key, ...pem }, make: request },
  vault_pki_secret_backend_root_sign_intermediate: { make: authority },
  vault_pki_secret_backend_intermediate_set_signed: { make: signed },
  vault_pki_secret_backend_config_urls: one("{backend}/config/urls"),
  vault_pki_secret_backend_config_issuers: one("{backend}/config/issuers"),
  vault_pki_secret_backend_crl_config: one("{backend}/config/crl"),
  vault_pki_secret_backend_role: one("{backend}/roles/{name}", { ...key, ...csr, ...names }, { body: identified }),
  // A second key would sign from then on, and nobody would trust it.
  vault_ssh_secret_backend_ca: one(
    "{backend}/config/ca",
    { backend: "ssh", key_type: "ssh-rsa" },
    { id: "{backend}", once: true },
  ),
  vault_ssh_secret_backend_role: one("{backend}/roles/{name}", {}, { body: lengths }),
  vault_quota_rate_limit: one("sys/quotas/rate-limit/{name}", {}, { id: "{name}", zeros: false }),
  vault_quota_lease_count: one("sys/quotas/lease-count/{name}", {}, { id: "{name}", zeros: false }),
  vault_kv_secret_backend_v2: one("{mount}/config"),
  vault_kv_secret_v2: { make: secret },
};
