// Keys that a host made and Vault signed: what its sshd shows, and how it logs in to a supercomputer that trusts Vault, which another sshd
// of the same host plays.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { same } from "../clouds.mjs";
import { now, operator } from "../hosts/logins.mjs";

const host = "/etc/ssh/ssh_host_ed25519_key";
const login = "/etc/platform/hpc/lumi";
const user = "ecmwf-dte";
const told = (/** @type {string} */ key) => `TZ=UTC ssh-keygen -L -f ${key}-cert.pub`;
const serialOf = (/** @type {string} */ key) => `$(${told(key)} | awk '/Serial:/ { print $2 }')`;
const ends = (/** @type {string} */ key) => `$(${told(key)} | sed -n 's/.*Valid: .* to //p')`;

/** Both keys have a certificate that holds. */
export const areSigned = [host, login].map((key) => `test "${ends(key)}" '>' "$(date -u +%FT%T)"`).join(" && ");
/** Neither certificate holds any more. */
export const haveEnded = [host, login].map((key) => `test "${ends(key)}" '<' "$(date -u +%FT%T)"`).join(" && ");
/** By which certificates are told from those that come after them. */
export const serials = `echo "${serialOf(host)}"; echo "${serialOf(login)}"`;
/** Both are others than were told. @param {string} before */
export const areSignedAnew = (before) =>
  [host, login].map((key, i) => `test "${serialOf(key)}" != '${before.split("\n")[i]}'`).join(" && ");
/** What sshd shows is what lies there. */
export const isShown = `ssh-keyscan -ct ed25519 127.0.0.1 2> /dev/null | grep -qF "$(cut -d ' ' -f 2 ${host}-cert.pub)"`;
/** For whom the key and its certificate are, and that neither key is made again. */
export const keys = `stat -c '%n %a %U' ${login} ${login}-cert.pub; md5sum ${login} ${host}`;

/** Whoever knows hosts by the CA alone, and whoever knows them as ssh is configured for people. @param {import("../hosts/bridge.mjs").Bridge} bridge @param {string} name @param {string} ca of host keys */
export function clients(bridge, name, ca) {
  const me = bridge.certified("client", operator, now);
  const names = [bridge.dns(name), "10.20.4.60"];
  const known = (/** @type {string} */ by) => {
    const file = join(bridge.folder, "known-by-ca");
    writeFileSync(file, `@cert-authority ${names} ${by}\n`);
    return ["-o", `UserKnownHostsFile=${file}`];
  };
  const to = `operator@${bridge.place}-${name}`;
  const refused = (/** @type {import("../hosts/bridge.mjs").Ran} */ { code, out }) =>
    same([code, /No ED25519 host key is known/.test(out)], [255, true]);
  const asLearned = () => same(bridge.ssh(me, to).stdout, `${name}\n`);
  return {
    /** By each of its names, and by no other CA. */
    goIn() {
      for (const alias of names)
        same([alias, bridge.ssh(me, to, [...known(ca), "-o", `HostKeyAlias=${alias}`]).stdout], [alias, `${name}\n`]);
      refused(bridge.ssh(me, to, known(readFileSync(`${me}.pub`, "utf8").trim())));
      asLearned();
    },
    /** Only who knows the key that was learned. */
    areKeptOut() {
      refused(bridge.ssh(me, to, known(ca)));
      asLearned();
    },
  };
}

/** Somebody else's sshd, which trusts the CA of logins there. @param {string} ca its public key */
export const supercomputer = (ca) => `set -e
useradd -m ${user}
mkdir -p /tmp/hpc
echo '${ca}' > /tmp/hpc/ca.pub
ssh-keygen -q -t ed25519 -N '' -f /tmp/hpc/key
cat > /tmp/hpc/sshd_config <<'END'
ListenAddress 127.0.0.1
Port 2222
HostKey /tmp/hpc/key
PidFile none
UsePAM yes
TrustedUserCAKeys /tmp/hpc/ca.pub
AuthorizedKeysFile none
END
echo "[127.0.0.1]:2222 $(cut -d ' ' -f 1,2 /tmp/hpc/key.pub)" > /tmp/hpc/known
systemd-run -q --unit=hpc /usr/sbin/sshd -D -f /tmp/hpc/sshd_config
sleep 1`;
/** Logs in there, and says as whom. */
export const submits = `ssh -F none -i ${login} -o BatchMode=yes -o IdentitiesOnly=yes -o UserKnownHostsFile=/tmp/hpc/known -p 2222 ${user}@127.0.0.1 id -un`;
