// Certificate authorities: what is there is found by its name and key, and never made anew.
import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";

/** @typedef {import("./kinds.mjs").Stated} Stated */
/** @typedef {(stated: Stated, server: import("./adapter.mjs").Server) => Promise<{ made: boolean, values: Stated }>} Make */

/** What is asked of the API for a certificate: lists as one text each. @param {Stated} stated */
const asked = ({ backend: _, type: __, issuer_ref: ___, revoke: ____, ...stated }) =>
  Object.fromEntries(Object.entries(stated).map(([name, v]) => [name, Array.isArray(v) ? v.join(",") : v]));

/** As the API writes it. @param {string} certificate */
const serial = (certificate) => new X509Certificate(certificate).serialNumber.toLowerCase().match(/../g)?.join(":");

/** @param {import("./adapter.mjs").Server} server @param {string} list @param {string} one @returns {Promise<any[]>} */
async function all(server, list, one) {
  const { keys = [] } = (await server.find(list, "LIST")) ?? {};
  return Promise.all(keys.map((/** @type {string} */ id) => server.find(`${one}/${id}`)));
}

/** A root certificate. @type {Make} */
export async function root(stated, server) {
  const { backend, type, common_name: name, issuer_name: called } = stated;
  const there = (await all(server, `${backend}/issuers`, `${backend}/issuer`)).find((found) => {
    const { subject, issuer } = new X509Certificate(found.certificate);
    const own = subject === issuer && subject.split("\n").includes(`CN=${name}`);
    return own && (called ?? found.issuer_name) === found.issuer_name;
  });
  const values = there ?? (await server.must(`${backend}/issuers/generate/root/${type}`, asked(stated)));
  const { certificate, issuer_id: id } = values;
  const told = { issuing_ca: certificate, serial_number: serial(certificate), id: `${backend}/issuer/${id}` };
  return { made: !there, values: { ...values, ...told } };
}

/** A request for an intermediate. Nobody keeps it: that of a key which is there is written once more. @type {Make} */
export async function request(stated, server) {
  const { backend, type, key_name: called, key_type: _, key_bits: __, ...rest } = stated;
  const { key_info: keys = {} } = (await server.find(`${backend}/keys`, "LIST")) ?? {};
  const there = Object.keys(keys).filter((id) => called === undefined || called === keys[id].key_name);
  if (there.length > 1)
    throw new Error(`${server.address}: ${backend} has ${there.length} keys; a key_name says which`);
  const [key] = there;
  const path = `${backend}/issuers/generate/intermediate/${key === undefined ? type : "existing"}`;
  const values = await server.must(path, asked(key === undefined ? stated : { ...rest, key_ref: key }));
  return { made: key === undefined, values: { ...values, id: path } };
}

/** The certificate of an intermediate, by a root; the one that its key already has. @type {Make} */
export async function authority(stated, server) {
  const { backend, issuer_ref: issuer, csr, common_name: name } = stated;
  const { stdout: key } = spawnSync("openssl", ["req", "-noout", "-pubkey"], { input: csr, encoding: "utf8" });
  const there = (await all(server, `${backend}/certs`, `${backend}/cert`)).find(
    ({ certificate, revocation_time: revoked }) => {
      const { publicKey, validTo } = new X509Certificate(certificate);
      return !revoked && Date.parse(validTo) > Date.now() && publicKey.export({ type: "spki", format: "pem" }) === key;
    },
  );
  const path = `${backend}/${issuer ? `issuer/${issuer}` : "root"}/sign-intermediate`;
  const { certificate } = there ?? (await server.must(path, asked(stated)));
  const { certificate: above } = await server.find(`${backend}/issuer/${issuer ?? "default"}`);
  const chain = { issuing_ca: above, ca_chain: [above, certificate], certificate_bundle: `${certificate}\n${above}` };
  const told = { serial_number: serial(certificate), id: issuer ? `${path}/${name}` : `${backend}/${name}` };
  return { made: !there, values: { certificate, ...chain, ...told } };
}

/** An intermediate takes its certificate, and what is above it. @type {Make} */
export async function signed({ backend, certificate }, server) {
  const wanted = [certificate].join().match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs) ?? [];
  const imported = async () => {
    const found = await all(server, `${backend}/issuers`, `${backend}/issuer`);
    return wanted.map((pem) => found.find((one) => one.certificate.trim() === pem)?.issuer_id);
  };
  const made = (await imported()).includes(undefined);
  if (made) await server.must(`${backend}/intermediate/set-signed`, { certificate });
  return { made, values: { imported_issuers: await imported(), id: `${backend}/intermediate/set-signed` } };
}
