// OpenSSH: keys, what it reads of a certificate, and a real sshd with the files of a host as they are: in namespaces of its own, where
// /etc/ssh is that host's, its accounts are there, and nothing else is on the network.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isThere, run, Skipped } from "../gate.mjs";

export const server = "198.51.100.1";

/** Before the rest of a script: `$folder` has the files of the host, `$@` are its accounts. */
const prelude = `set -eu
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
host_key=/etc/ssh/ssh_host_ed25519_key
cp "$folder/host" $host_key; cp "$folder/host.pub" $host_key.pub
ip link set lo up
ip address add ${server}/32 dev lo
/usr/sbin/sshd -D -e 2> "$folder/sshd.log" & daemon=$!
trap 'kill $daemon' EXIT
listens() { for i in $(seq 50); do [ "$(grep -c 'Server listening' "$folder/sshd.log")" -ge $1 ] && return; sleep 0.1; done; exit 1; }
listens 1
`;

/** A new key pair. @param {string} file @param {string} [kind] */
export function madeKey(file, kind = "ed25519") {
  run("ssh-keygen", ["-q", "-t", kind, "-N", "", "-C", "", "-f", file]);
  return file;
}

/** @param {string} file of the private key */
export const publicOf = (file) => readFileSync(`${file}.pub`, "utf8").trim();

/** A folder for an sshd of a host: its files, and a key by which it proves who it is. @param {string} folder @param {ReadonlyMap<string, string>} files */
export function prepared(folder, files) {
  if (!isThere("apt-get")) throw new Skipped("needs Debian, for its sshd");
  if (!existsSync("/usr/sbin/sshd")) run("apt-get", ["install", "-qq", "--no-install-recommends", "openssh-server"]);
  for (const [path, text] of files) {
    const file = join(folder, "files", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  madeKey(join(folder, "host"));
}

/** Runs a script beside that sshd. @param {string} folder @param {readonly string[]} accounts @param {string} script @returns its lines, and what sshd logged */
export function besideSshd(folder, accounts, script) {
  const apart = ["--mount", "--net", "--pid", "--fork", "--mount-proc"];
  const out = run("unshare", [...apart, "sh", "-c", prelude + script, "sh", folder, ...accounts]);
  return { lines: out.trim().split("\n"), log: readFileSync(join(folder, "sshd.log"), "utf8") };
}

/** As OpenSSH reads it. @param {string} certificate */
export function shownIn(certificate) {
  const read = run("sh", ["-c", 'printf %s "$1" | TZ=UTC ssh-keygen -L -f -', "sh", certificate]);
  const [, principals = ""] = /Principals:\s*([\s\S]*?)\s*Critical Options/.exec(read) ?? [];
  const [, from = "", to = ""] = /Valid: from (\S+) to (\S+)/.exec(read) ?? [];
  return {
    type: /Type: \S+ (user|host) certificate/.exec(read)?.[1],
    id: /Key ID: "(.*)"/.exec(read)?.[1],
    ca: /Signing CA: \S+ (\S+)/.exec(read)?.[1],
    principals: principals.split(/\s+/).sort(),
    extensions: /Extensions: ([\s\S]*)/.exec(read)?.[1]?.trim().split(/\s+/),
    days: (Date.parse(`${to}Z`) - Date.parse(`${from}Z`)) / 86400_000,
  };
}
