// A login by a certificate of Vault, at a real sshd with the files of a bastion as they are.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { same } from "../clouds.mjs";
import { run } from "../gate.mjs";
import { besideSshd, madeKey, prepared, publicOf, server } from "./openssh.mjs";
import * as people from "./people.mjs";
import { accountsOf, loginRoleOf, mounts, opensVault, principalsAt } from "./platform.mjs";

/**
 * Logs in with each key as each account; what it prints is a line for each login that was let in: key, account, who it is there.
 */
const script = `
echo "${server} $(cut -d ' ' -f 1,2 $host_key.pub)" > "$folder/known_hosts"
for key in "$folder"/keys/*.pub; do
  case $key in *-cert.pub) continue;; esac
  for account; do
    who=$(ssh -F none -o BatchMode=yes -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=5 \\
      -o UserKnownHostsFile="$folder/known_hosts" -i "\${key%.pub}" "$account@${server}" 'id -un' 2>> "$folder/ssh.log") || continue
    echo "$(basename "\${key%.pub}") $account $who"
  done
done
`;

/**
 * Each account of the bastion of a site lets in whom a certificate names, and nobody else.
 * @param {import("./platform.mjs").Platform} platform
 * @param {ReadonlyMap<string, import("./api.mjs").Api>} teams who have logged in
 * @param {string} trusted public key of Vault's CA
 * @param {string} folder
 */
export async function letsIn(platform, teams, trusted, folder) {
  const { places } = platform.registers;
  const isBastion = (/** @type {import("../../../model/entries.js").HostEntry} */ { roles }) =>
    roles.includes("bastion");
  const here = places.find((place) => place.id !== platform.vault.id && place.hosts.some(isBastion));
  const bastion = here?.hosts.find(isBastion);
  if (!here || !bastion) throw new Error("no bastion");
  prepared(folder, platform.filesOf(bastion.id, { sshUserCa: trusted }));
  mkdirSync(join(folder, "keys"));
  /** @type {string[]} */
  const keys = [];
  const made = (/** @type {string} */ name, at = "keys") => {
    if (at === "keys") keys.push(name);
    return madeKey(join(folder, at, name));
  };
  const certified = async (/** @type {string} */ name, /** @type {string} */ principal, place = here, ttl = "1h") => {
    const file = made(name);
    const asked = { public_key: publicOf(file), ttl };
    const api = teams.get(place.tenancy.owner);
    if (!api) throw new Error(`nobody owns ${place.id}`);
    const { status, certificate } = await people.sshCertificateOf(api, mounts.logins, loginRoleOf(principal), asked);
    same([name, status], [name, 200]);
    writeFileSync(`${file}-cert.pub`, certificate);
  };
  // Who only passes has no session there; the gate of hosts tries what passes.
  const accounts = accountsOf(bastion, here).filter(({ administers }) => administers);
  for (const place of places)
    for (const principal of principalsAt(place))
      if (!opensVault(principal)) await certified(principal, principal, place);
  for (const { name, principal } of accounts) await certified(`late-${name}`, principal, here, "2s");
  const another = made("another-ca", ".");
  for (const { name, principal } of accounts) {
    const signed = ["-q", "-s", another, "-I", "a", "-n", principal];
    run("ssh-keygen", [...signed, `${made(`of-another-ca-${name}`)}.pub`]);
    made(`bare-${name}`);
  }
  // Until those for two seconds are over.
  await sleep(3000);
  const names = accounts.map(({ name }) => name);
  const { lines: entered, log } = besideSshd(folder, names, script);
  const wanted = accounts.map(({ name, principal }) => `${principal} ${name} ${name}`);
  if (entered.sort().join() !== wanted.sort().join())
    throw new Error(`${entered} instead of ${wanted}\n${log.slice(-3000)}`);
  for (const words of [
    "Certificate invalid: expired",
    "Certificate does not contain an authorized principal",
    "ID people-one-of-people",
  ])
    if (!log.includes(words)) throw new Error(`sshd does not say "${words}"\n${log.slice(-3000)}`);
  return `logins at ${bastion.id}: ${entered.length} allowed, ${keys.length * accounts.length - entered.length} refused`;
}
