// A login by a certificate of Vault, at a real sshd with the files of a bastion as they are: in namespaces of its own, where
// /etc/ssh is the bastion's, its accounts are there, and nothing else is on the network.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { same } from "../clouds.mjs";
import { run } from "../gate.mjs";
import * as people from "./people.mjs";
import { accountsOf, loginRoleOf, mounts, opensVault, principalsAt } from "./platform.mjs";

const server = "198.51.100.1";

/**
 * Logs in with each key as each account. `$1` is the folder with the bastion's files and with keys, `$2` and further are
 * accounts; what it prints is a line for each login that was let in: key, account, who it is there.
 */
const script = `set -eu
folder=$1; shift
mount --make-rprivate /
for file in passwd shadow group; do cp /etc/$file "$folder/$file"; done
id=7001
for account; do
  echo "$account:x:$id:$id::/tmp:/bin/sh" >> "$folder/passwd"
  echo "$account:*:19000:0:99999:7:::" >> "$folder/shadow"
  echo "$account:x:$id:" >> "$folder/group"
  id=$((id + 1))
done
for file in passwd shadow group; do mount --bind "$folder/$file" /etc/$file; done
mount -t tmpfs -o mode=755 tmpfs /etc/ssh
cp -r "$folder/files/etc/ssh/." /etc/ssh/
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key
ip link set lo up
ip address add ${server}/32 dev lo
/usr/sbin/sshd -D -e 2> "$folder/sshd.log" & daemon=$!
trap 'kill $daemon' EXIT
echo "${server} $(cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub)" > "$folder/known_hosts"
for i in $(seq 50); do grep -q 'Server listening' "$folder/sshd.log" && break; sleep 0.1; done
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
  for (const [path, text] of platform.filesOf(bastion.id, trusted.trim())) {
    const file = join(folder, "files", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  mkdirSync(join(folder, "keys"));
  /** @type {string[]} */
  const keys = [];
  const made = (/** @type {string} */ name, at = "keys") => {
    const file = join(folder, at, name);
    run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
    if (at === "keys") keys.push(name);
    return file;
  };
  const certified = async (/** @type {string} */ name, /** @type {string} */ principal, place = here, ttl = "1h") => {
    const file = made(name);
    const asked = { public_key: readFileSync(`${file}.pub`, "utf8"), ttl };
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
  const apart = ["--mount", "--net", "--pid", "--fork", "--mount-proc"];
  const entered = run("unshare", [...apart, "sh", "-c", script, "sh", folder, ...accounts.map(({ name }) => name)])
    .trim()
    .split("\n");
  const log = readFileSync(join(folder, "sshd.log"), "utf8");
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
