// Workloads that read secrets: what acts for them logs in by tokens of their account, as a cluster would give them.
import { same } from "../clouds.mjs";
import { Count } from "./machines.mjs";
import * as people from "./people.mjs";
import { mounts, podTokens } from "./platform.mjs";

/** @typedef {import("./api.mjs").Api} Api */
/** @typedef {import("./platform.mjs").Platform} Platform */
/** @typedef {import("./platform.mjs").Account} Account */

/** @param {Platform} platform @param {Account} account @param {Record<string, unknown>} [other] claims @param {number} [lasts] */
const tokenOf = (platform, { subject }, other = {}, lasts = 300, by = platform.cluster) =>
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
    const [other] = platform.accounts.filter((one) => one !== account);
    const wrong = {
      "of another account": tokenOf(platform, account, { sub: other?.subject }),
      "for the API": tokenOf(platform, account, { aud: ["https://kubernetes.default.svc"] }),
      "of another cluster": tokenOf(platform, account, {}, 300, platform.issuers.people),
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
      if (mine) same(found.values, Object.fromEntries(keys.map((key) => [key, values.get(id)])));
      read.take(
        `${account.name} writes ${id}`,
        (await api.ask("POST", `${store}/data/${path}`, { data: {} })).status,
        403,
      );
    }
  }
  same(platform.accounts.length, 2);
  return `logins: ${logins}; reads: ${read}`;
}
