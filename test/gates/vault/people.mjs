// Those who come to Vault: hosts, pipelines, and what they do there. Each tells the status of the answer, and throws for none.
import { createSign, generateKeyPairSync } from "node:crypto";

/** @typedef {import("./api.mjs").Api} Api */
/** @typedef {{ status: number, errors: string[] }} Told */

/** @param {import("./api.mjs").Answer} answer @param {Record<string, any>} more @returns {Told & Record<string, any>} */
const told = ({ status, errors }, more = {}) => ({ status, errors, ...more });

/** @param {import("./api.mjs").Answer} answer */
const loggedIn = (answer) =>
  told(answer, {
    token: answer.auth?.client_token,
    policies: answer.auth?.policies,
    lasts: answer.auth?.lease_duration,
  });

/**
 * A secret id in a wrapping that can be opened once, as who issues it hands it to a host.
 * @param {Api} api with the token of who issues it
 * @param {string} mount @param {string} role @param {string} lasts of the wrapping; without a word, it asks for none
 */
export async function wrappedSecretId(api, mount, role, lasts = "60s") {
  const wrapping = lasts === "" ? {} : { "X-Vault-Wrap-TTL": lasts };
  const answer = await api.ask("POST", `auth/${mount}/role/${role}/secret-id`, {}, wrapping);
  return told(answer, { wrapped: answer.wrap?.token, secretId: answer.data?.secret_id });
}

/** Opens a wrapping: who comes second is refused, and so knows of the first. @param {Api} api @param {string} wrapped */
export async function unwrapped(api, wrapped) {
  const answer = await api.as(wrapped).ask("POST", "sys/wrapping/unwrap");
  return told(answer, { secretId: answer.data?.secret_id, lasts: answer.data?.secret_id_ttl });
}

/** @param {Api} api @param {string} mount @param {string} roleId @param {string} [secretId] */
export const byAppRole = async (api, mount, roleId, secretId) =>
  loggedIn(await api.as().ask("POST", `auth/${mount}/login`, { role_id: roleId, secret_id: secretId }));

/** @param {Api} api @param {string} mount @param {string} role @param {string} jwt */
export const byJwt = async (api, mount, role, jwt) =>
  loggedIn(await api.as().ask("POST", `auth/${mount}/login`, { role, jwt }));

/** @param {Api} api @param {string} mount @param {string} role @param {{ cert: string, key: string }} identity */
export const byCertificate = async (api, mount, role, identity) =>
  loggedIn(await api.identifiedBy(identity).ask("POST", `auth/${mount}/login`, { name: role }));

/** Who issues tokens to pipelines, or to accounts of a cluster: a key, of which Vault knows the public half. */
export class Issuer {
  keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  /** Without an end of line, which would never be as it is read. */
  publicKey = this.keys.publicKey.export({ type: "spki", format: "pem" }).toString().trim();

  /** @param {Record<string, unknown>} claims @param {number} lasts in seconds; negative is over */
  token(claims, lasts = 300) {
    const now = Math.floor(Date.now() / 1000);
    const all = { iat: now - 600, nbf: now - 600, exp: now + lasts, ...claims };
    const parts = [{ alg: "RS256", typ: "JWT" }, all].map((part) =>
      Buffer.from(JSON.stringify(part)).toString("base64url"),
    );
    const signature = createSign("sha256").update(parts.join(".")).sign(this.keys.privateKey, "base64url");
    return [...parts, signature].join(".");
  }
}

/** @param {Api} api @param {string} mount @param {string} name of a secret in KV version 2 */
export async function secretOf(api, mount, name) {
  const answer = await api.ask("GET", `${mount}/data/${name}`);
  return told(answer, { values: answer.data?.data });
}

/** @param {Api} api @param {string} mount @param {string} role @param {{ common_name: string, alt_names?: string, ip_sans?: string, ttl?: string }} wanted */
export async function certificateOf(api, mount, role, wanted) {
  const answer = await api.ask("POST", `${mount}/issue/${role}`, wanted);
  return told(answer, {
    certificate: answer.data?.certificate,
    key: answer.data?.private_key,
    chain: answer.data?.ca_chain,
  });
}

/**
 * A certificate for a key of SSH.
 * @param {Api} api @param {string} mount @param {string} role
 * @param {{ public_key: string, valid_principals?: string, cert_type?: "user" | "host", ttl?: string }} wanted
 */
export async function sshCertificateOf(api, mount, role, wanted) {
  const answer = await api.ask("POST", `${mount}/sign/${role}`, wanted);
  return told(answer, { certificate: answer.data?.signed_key });
}
