// Workloads that read secrets: what acts for them logs in by tokens of their account, as a cluster would give them.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { same } from "../clouds.mjs";
import { Count, checked } from "./machines.mjs";
import * as people from "./people.mjs";
import { mounts, podTokens } from "./platform.mjs";

/** @typedef {import("./api.mjs").Api} Api */
/** @typedef {import("./platform.mjs").Platform} Platform */
/** @typedef {import("./platform.mjs").Account} Account */

/** @param {Platform} platform @param {Account} account @param {Record<string, unknown>} [other] claims @param {number} [lasts] */
const tokenOf = (platform, { subject, place }, other = {}, lasts = 300, by = platform.clusterOf(place.id)) =>
  by.token({ iss: podTokens.issuer, aud: [podTokens.audience], sub: subject, ...other }, lasts);

/**
 * Each account reads its own, and nothing else; nobody logs in by a token that is another's, for somebody else, late, or of another key.
 * @param {Platform} platform @param {Api} nobody @param {ReadonlyMap<string, string>} values by secret
 */
export async function reads(platform, nobody, values) {
  const [logins, read] = [new Count(), new Count()];
  for (const account of platform.accounts) {
    const mount = mounts.podsOf(account.place.id);
    const [address = ""] = platform.addressesOf(account);
    const here = nobody.at(address);
    const login = (/** @type {string} */ token, at = here) => people.byJwt(at, mount, account.name, token);
    const { status, token, policies, lasts } = await login(tokenOf(platform, account));
    logins.take(account.name, status, 200);
    same([policies.sort(), lasts], [["default", account.name].sort(), 3600]);
    const other = platform.accounts.find(({ subject }) => subject !== account.subject);
    const farther = platform.accounts.find(({ place }) => place.id !== account.place.id);
    if (!other || !farther) throw new Error("one account, or one cluster, tells nothing");
    const wrong = {
      "of another account": tokenOf(platform, account, { sub: other.subject }),
      "for the API": tokenOf(platform, account, { aud: ["https://kubernetes.default.svc"] }),
      "of another cluster": tokenOf(platform, account, {}, 300, platform.clusterOf(farther.place.id)),
      "of no cluster": tokenOf(platform, account, {}, 300, platform.issuers.people),
      "of another issuer": tokenOf(platform, account, { iss: "https://elsewhere.example.org" }),
      "that is late": tokenOf(platform, account, {}, -300),
    };
    for (const [what, jwt] of Object.entries(wrong))
      logins.take(`${account.name} by a token ${what}`, (await login(jwt)).status, 400, 403);
    for (const elsewhere of platform.othersOf(account))
      logins.take(
        `${account.name} from ${elsewhere}`,
        (await login(tokenOf(platform, account), nobody.at(elsewhere))).status,
        400,
        403,
      );
    const api = here.as(token);
    for (const { id, mount: store, path, keys } of platform.secrets) {
      const mine = account.secrets.some((secret) => secret.id === id);
      const found = await people.secretOf(api, store, path);
      read.take(`${account.name} reads ${id}`, found.status, mine ? 200 : 403);
      if (mine) same(found.values, Object.fromEntries([...keys].sort().map((key) => [key, values.get(id)])));
      read.take(
        `${account.name} writes ${id}`,
        (await api.ask("POST", `${store}/data/${path}`, { data: {} })).status,
        403,
      );
    }
  }
  const named = (/** @type {string} */ place, /** @type {string} */ workload) => `${place} ${workload}`;
  const reading = platform.secrets.flatMap(({ pods }) => pods.map(({ place, workload }) => named(place.id, workload)));
  const known = platform.accounts.map(({ place, subject }) => named(place.id, `${subject.split(":").at(-1)}`));
  // Whoever reads is tried; among them two of the gate's own.
  same(
    [...new Set(reading)].filter((one) => !known.includes(one)),
    [],
  );
  same(
    ["one", "two"].every((workload) => known.includes(named("lumi-production", workload))),
    true,
  );
  return `logins: ${logins}; reads: ${read}`;
}

/**
 * Each account has its certificates signed, by its names and no others; what is another's, and keys that Vault would make, are refused.
 * @param {Platform} platform @param {Api} nobody @param {string} root certificate of the root
 */
export async function certificates(platform, nobody, root) {
  const count = new Count();
  const all = platform.registers.certificates;
  for (const account of platform.accounts) {
    const [address = ""] = platform.addressesOf(account);
    const here = nobody.at(address);
    const login = await people.byJwt(here, mounts.podsOf(account.place.id), account.name, tokenOf(platform, account));
    const api = here.as(login.token);
    for (const entry of all) {
      const { id, names, environment } = entry;
      const [mount, [first = ""]] = [mounts.issuerOf(environment), names];
      const sign = (/** @type {readonly string[]} */ wanted) =>
        api.ask("POST", `${mount}/sign/${id}`, {
          csr: requestFor(platform.folder, wanted),
          common_name: wanted[0],
          alt_names: wanted.join(","),
        });
      if (!account.certificates.some((one) => one.id === id)) {
        count.take(`${account.name} as ${id}`, (await sign([first])).status, 403);
        continue;
      }
      const { status, data } = await sign(names);
      count.take(`${account.name} as ${names}`, status, 200);
      checked({ certificate: data?.certificate, chain: data?.ca_chain }, names, root, entry);
      const others = all.flatMap((other) => other.names).filter((name) => !names.includes(name));
      for (const name of [...others, `a.${first}`, "localhost", "kubernetes.default.svc"])
        count.take(`${account.name} as ${name}`, (await sign([first, name])).status, 400);
      for (const path of [`${mount}/issue/${id}`, `${mount}/sign-verbatim/${id}`])
        count.take(`${account.name}: ${path}`, (await api.ask("POST", path, { common_name: first })).status, 403);
    }
  }
  return `${count}`;
}

/** What cert-manager would send: a new key's request for names. @param {string} folder @param {readonly string[]} names */
function requestFor(folder, names) {
  const words = ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/"];
  const more = ["-keyout", join(folder, "pod.key"), "-addext", `subjectAltName=${names.map((name) => `DNS:${name}`)}`];
  const { status, stdout, stderr } = spawnSync("openssl", [...words, ...more], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
