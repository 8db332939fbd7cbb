// Every machine and every secret, certificate and address of all sites: what is its own it gets, all else is refused.
import { X509Certificate } from "node:crypto";
import { same } from "../clouds.mjs";
import * as people from "./people.mjs";
import { mounts, namesOf, ofHosts, servesVault } from "./platform.mjs";

/** @typedef {import("./api.mjs").Api} Api */
/** @typedef {import("./platform.mjs").Platform} Platform */
/** @typedef {import("./platform.mjs").Machine} Machine */
/** @typedef {{ machine: Machine, api: Api, roleId: string, secretId: string, wrapped: string }} Session a machine that has logged in */

/** How often something was allowed, and refused. */
export class Count {
  allowed = 0;
  refused = 0;

  /** @param {string} what @param {number} status @param {readonly number[]} wanted one of these */
  take(what, status, ...wanted) {
    if (!wanted.includes(status)) throw new Error(`${what}: ${status}, not ${wanted}`);
    if (status < 400) this.allowed += 1;
    else this.refused += 1;
  }

  /** Where nothing was allowed, or nothing refused, nothing is proved. */
  toString() {
    if (this.allowed === 0 || this.refused === 0) throw new Error(`${this.allowed} allowed, ${this.refused} refused`);
    return `${this.allowed} allowed, ${this.refused} refused`;
  }
}

/**
 * Each machine logs in from each of its addresses, by a secret id that whoever owns its tenancy hands over, or who keeps Vault's servers.
 * @param {Platform} platform @param {Api} nobody @param {Map<string, Api>} owners by name of their team @param {Api} keeper of servers
 */
export async function loggedIn(platform, nobody, owners, keeper) {
  /** @type {Session[]} */
  const sessions = [];
  for (const machine of platform.machines) {
    const owner = servesVault(machine.host) ? keeper : owners.get(machine.place.tenancy.owner);
    if (!owner) throw new Error(`nobody owns ${machine.place.id}`);
    const { data } = await owner.ask("GET", `auth/${mounts.machines}/role/${machine.name}/role-id`);
    for (const address of platform.addressesOf(machine)) {
      const { status, wrapped } = await people.wrappedSecretId(owner, mounts.machines, machine.name);
      same([machine.name, status], [machine.name, 200]);
      const here = nobody.at(address);
      const { secretId, lasts } = await people.unwrapped(here, wrapped);
      same([machine.name, "secret id lives", lasts], [machine.name, "secret id lives", 4 * machine.period]);
      const login = await people.byAppRole(here, mounts.machines, data.role_id, secretId);
      same(
        [machine.name, login.status, login.policies, login.lasts],
        [machine.name, 200, ["default", machine.name].sort(), machine.period],
      );
      sessions.push({ machine, api: here.as(login.token), roleId: data.role_id, secretId, wrapped });
    }
  }
  return sessions;
}

/** @param {Platform} platform @param {readonly Session[]} sessions @param {ReadonlyMap<string, string>} values by secret */
export async function reads(platform, sessions, values) {
  const [read, others] = [new Count(), new Count()];
  for (const { machine, api } of sessions) {
    for (const { id, mount, path, keys } of platform.secrets) {
      const mine = machine.secrets.some((secret) => secret.id === id);
      const found = await people.secretOf(api, mount, path);
      read.take(`${machine.name} reads ${id}`, found.status, mine ? 200 : 403);
      if (mine) same(found.values, Object.fromEntries([...keys].sort().map((key) => [key, values.get(id)])));
      const named = `${machine.name} and ${id}`;
      others.take(`metadata: ${named}`, (await api.ask("GET", `${mount}/metadata/${path}`)).status, 403);
      others.take(`earlier: ${named}`, (await api.ask("GET", `${mount}/subkeys/${path}`)).status, 403);
      others.take(`writes: ${named}`, (await api.ask("POST", `${mount}/data/${path}`, { data: {} })).status, 403);
      others.take(`ends: ${named}`, (await api.ask("DELETE", `${mount}/data/${path}`)).status, 403);
      others.take(`forgets: ${named}`, (await api.ask("DELETE", `${mount}/metadata/${path}`)).status, 403);
    }
    for (const mount of new Set(platform.secrets.map((secret) => secret.mount)))
      for (const [verb, path] of /** @type {const} */ ([
        ["LIST", "metadata"],
        ["GET", "config"],
      ]))
        others.take(`${machine.name}: ${verb} ${mount}`, (await api.ask(verb, `${mount}/${path}`)).status, 403);
    for (const path of [
      "sys/mounts",
      "sys/auth",
      "sys/policies/acl",
      `auth/${mounts.machines}/role`,
      `${mounts.logins}/roles`,
    ])
      others.take(`${machine.name}: ${path}`, (await api.ask("LIST", path)).status, 403);
  }
  const readers = sessions.reduce((sum, { machine }) => sum + machine.secrets.length, 0);
  same([read.allowed, read.refused], [readers, sessions.length * platform.secrets.length - readers]);
  return `reads: ${read}; lists, metadata and writes: ${others.refused} refused`;
}

/** Neither its secret id nor its token is worth anything elsewhere. @param {Platform} platform @param {readonly Session[]} sessions */
export async function elsewhere(platform, sessions) {
  const count = new Count();
  for (const { machine, api, roleId, secretId, wrapped } of sessions) {
    const [first] = machine.secrets;
    const own = first ? `${first.mount}/data/${first.path}` : "auth/token/lookup-self";
    count.take(`${machine.name} at home`, (await api.ask("GET", own)).status, 200);
    for (const address of platform.othersOf(machine)) {
      const there = api.at(address);
      const login = await people.byAppRole(there, mounts.machines, roleId, secretId);
      count.take(`${machine.name} logs in from ${address}`, login.status, 400);
      count.take(`${machine.name}'s token at ${address}`, (await there.ask("GET", own)).status, 403);
    }
    // All others would be thousands, and no more than a hundred a second are taken.
    const besides = sessions.filter((one) => one.machine !== machine && one.machine.place === machine.place);
    for (const other of [...besides, ...sessions.filter((one) => one.machine.place !== machine.place).slice(0, 2)]) {
      const login = await people.byAppRole(api, mounts.machines, other.roleId, secretId);
      count.take(`${machine.name} as ${other.machine.name}`, login.status, 400);
    }
    count.take(
      `${machine.name} without a secret id`,
      (await people.byAppRole(api, mounts.machines, roleId)).status,
      400,
    );
    count.take(`${machine.name} opens its wrapping again`, (await people.unwrapped(api, wrapped)).status, 400);
    // However many came in its name, it is not locked out.
    const again = await people.byAppRole(api, mounts.machines, roleId, secretId);
    count.take(`${machine.name} logs in again`, again.status, 200);
  }
  return `logins and tokens: ${count}`;
}

/** @param {Platform} platform @param {readonly Session[]} sessions @param {string} root certificate of the root */
export async function certificates(platform, sessions, root) {
  const count = new Count();
  const all = platform.registers.certificates;
  for (const { machine, api } of sessions)
    for (const entry of all) {
      const { id, names, service, place, environment } = entry;
      const mount = mounts.issuerOf(environment);
      const issue = (/** @type {Parameters<typeof people.certificateOf>[3]} */ wanted) =>
        people.certificateOf(api, mount, id, wanted);
      const [first = ""] = names;
      if (!("role" in entry) || !machine.certificates.includes(entry)) {
        count.take(`${machine.name} as ${id}`, (await issue({ common_name: first })).status, 403);
        continue;
      }
      for (const name of names) {
        const issued = await issue({ common_name: name });
        count.take(`${machine.name} as ${name}`, issued.status, 200);
        checked(issued, [name], root, entry);
      }
      for (const host of entry.hosts) {
        const [common_name = "", ...more] = namesOf({ place, service }, host);
        const issued = await issue({ common_name, alt_names: more.join(",") });
        count.take(`${machine.name} as ${host.id}`, issued.status, 200);
        checked(issued, [...new Set([common_name, ...more])], root, entry);
      }
      const others = all.flatMap((other) => other.names).filter((name) => !names.includes(name));
      const near = [`a.${first}`, `*.${first}`, first.replace(/^[^.]*\./, ""), `*.${first.replace(/^[^.]*\./, "")}`];
      for (const name of [...others, ...near, "localhost", "127.0.0.1", ""])
        count.take(`${machine.name} as ${name}`, (await issue({ common_name: name })).status, 400);
      for (const more of [
        { alt_names: others[0] ?? "localhost" },
        { ip_sans: "127.0.0.1" },
        { uri_sans: "spiffe://a" },
      ])
        count.take(`${id}: ${JSON.stringify(more)}`, (await issue({ common_name: first, ...more })).status, 400);
      for (const path of [
        `${mount}/sign/${id}`,
        `${mount}/sign-verbatim/${id}`,
        `${mount}/roles/${id}`,
        `${mount}/revoke`,
      ])
        count.take(`${machine.name}: ${path}`, (await api.ask("POST", path, { common_name: first })).status, 403);
    }
  return `certificates: ${count}`;
}

/**
 * One more generation of issuers: each host is issued by another one from then on.
 * @param {Platform} platform @param {readonly Session[]} sessions @param {string} root @param {() => Promise<string[]>} next
 */
export async function succeeded(platform, sessions, root, next) {
  const entries = ofHosts(platform.registers.certificates);
  const issued = async () => {
    const all = [];
    for (const entry of entries) {
      const { api } = sessions.find(({ machine }) => machine.certificates.includes(entry)) ?? {};
      if (!api) throw new Error(`nobody shows ${entry.id}`);
      const [common_name = ""] = entry.names;
      const mount = mounts.issuerOf(entry.environment);
      const found = await people.certificateOf(api, mount, entry.id, { common_name });
      checked(found, [common_name], root, entry);
      all.push({ found, names: [common_name], entry });
    }
    return all;
  };
  const before = await issued();
  const made = await next();
  const environments = new Set(entries.map(({ environment }) => environment)).size;
  // Request, certificate, what is imported, and which one issues; nothing else.
  same([made.length, made.filter((address) => !/_pki_/.test(address))], [4 * environments, []]);
  const after = await issued();
  for (const [i, { found, names, entry }] of before.entries()) {
    checked(found, names, root, entry);
    if (after[i]?.found.chain[0] === found.chain[0]) throw new Error(`${entry.id} is issued as before`);
  }
  return `${made.length} written; ${after.length} certificates by other issuers`;
}

/**
 * A certificate bears just these names, leads to the root, and is for what it should and as long.
 * @param {Record<string, any>} issued @param {readonly string[]} names @param {string} root
 * @param {import("../../../model/certificates.js").CertificateEntry} entry
 */
export function checked({ certificate, chain }, names, root, { lifetime, place, service, proves }) {
  const leaf = new X509Certificate(certificate);
  same(leaf.subjectAltName?.split(", ").sort(), names.map((name) => `DNS:${name}`).sort());
  const issuers = /** @type {string[]} */ (chain).map((pem) => new X509Certificate(pem));
  const top = new X509Certificate(root);
  const [issuer] = issuers;
  if (!issuer || !leaf.verify(issuer.publicKey) || !issuer.verify(top.publicKey))
    throw new Error(`${names}: no way to root`);
  const lives = (Date.parse(leaf.validTo) - Date.now()) / 1000;
  if (lives > lifetime.seconds + 1 || lives < lifetime.seconds - 60) throw new Error(`${names} lives ${lives} s`);
  const mutual = proves || place.services.some(({ said }) => said.service === service && said.auth === "mtls");
  const [server, client] = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];
  same([...(leaf.keyUsage ?? [])].sort(), mutual ? [server, client] : [server]);
  same(leaf.ca, false);
}
