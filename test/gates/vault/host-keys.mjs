// Keys of hosts: each host has its own signed, for its own names, as a host; who logs in elsewhere, for that user alone. A real sshd shows
// such a certificate, and ssh, as it is configured for people, takes it for what it is.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { same } from "../clouds.mjs";
import { Count } from "./machines.mjs";
import { besideSshd, madeKey, prepared, publicOf, server, shownIn } from "./openssh.mjs";
import * as people from "./people.mjs";
import { loginRoleOf, mounts, principalsAt } from "./platform.mjs";

/** @typedef {import("./platform.mjs").Platform} Platform */
/** @typedef {import("./machines.mjs").Session} Session */
/** @typedef {import("../../../constructs/vault/machines.js").KeyOfMachine} KeyOfMachine */

/** @param {Session} session @param {"host" | "user"} kind */
const keysOf = ({ machine }, kind) => machine.signs.filter((key) => key.kind === kind);

/** @param {Session} session @param {KeyOfMachine} key @param {{ public_key: string } & Record<string, unknown>} wanted */
const sign = ({ api }, { mount, role, kind, names }, wanted) =>
  people.sshCertificateOf(api, mount, role, { cert_type: kind, valid_principals: names.join(","), ...wanted });

/** @param {Platform} platform @param {readonly Session[]} sessions @param {string} folder */
export async function signed(platform, sessions, folder) {
  const [ours, others] = [new Count(), new Count()];
  const public_key = publicOf(madeKey(join(folder, "of-a-host")));
  const rsa = publicOf(madeKey(join(folder, "of-another-kind"), "rsa"));
  const cas = new Set();
  for (const session of sessions) {
    const { machine, api } = session;
    const [key] = keysOf(session, "host");
    if (!key) throw new Error(`${machine.name} has no host key signed`);
    const { status, certificate } = await sign(session, key, { public_key });
    ours.take(machine.name, status, 200);
    const { type, id, principals, days, ca } = shownIn(certificate);
    same([type, id, principals], ["host", machine.name, [...key.names].sort()]);
    same(Math.round(days * 1000), Math.round((key.lifetime.seconds / 86400) * 1000));
    cas.add(ca);
    const [own = "", address = ""] = key.names;
    const [neighbour = ""] = sessions
      .filter((one) => one !== session)
      .flatMap((one) => keysOf(one, "host")[0]?.names ?? []);
    for (const wrong of [
      { valid_principals: neighbour },
      { valid_principals: `${own},${neighbour}` },
      { valid_principals: `a.${own}` },
      { valid_principals: own.replace(/^[^.]*/, "*") },
      { valid_principals: own.replace(/^[^.]*\./, "") },
      { valid_principals: `${address.replace(/\d+$/, "")}1` },
      { valid_principals: "*" },
      { valid_principals: "" },
      { valid_principals: undefined },
      { cert_type: "user" },
      { cert_type: undefined },
      { key_id: neighbour },
      { ttl: "2400h" },
      { public_key: rsa },
    ])
      ours.take(
        `${machine.name}: ${JSON.stringify(wrong)}`,
        (await sign(session, key, { public_key, ...wrong })).status,
        400,
      );
    for (const other of sessions.filter((one) => one !== session))
      for (const theirs of keysOf(other, "host"))
        others.take(`${machine.name} as ${theirs.role}`, (await sign(session, theirs, { public_key })).status, 403);
    const paths = [`issue/${machine.name}`, `roles/${machine.name}`, "config/ca", "config/issuers", "issuers/import/a"];
    for (const path of paths)
      others.take(
        `${machine.name}: ${path}`,
        (await api.ask("POST", `${mounts.hostKeys}/${path}`, { public_key })).status,
        403,
      );
    for (const principal of principalsAt(machine.place)) {
      const login = await people.sshCertificateOf(api, mounts.logins, loginRoleOf(principal), { public_key });
      others.take(`${machine.name} as ${principal}`, login.status, 403);
    }
  }
  same([sessions.length, cas.size], [platform.machines.length, 1]);
  return `host keys: ${ours}; of others: ${others.refused} refused`;
}

/** Logins to a supercomputer that trusts Vault. @param {readonly Session[]} sessions @param {string} folder */
export async function outward(sessions, folder) {
  const count = new Count();
  const public_key = publicOf(madeKey(join(folder, "of-a-login")));
  const all = sessions.flatMap((session) => keysOf(session, "user"));
  for (const session of sessions) {
    for (const key of new Map(all.map((each) => [each.role, each])).values()) {
      const mine = keysOf(session, "user").some(({ role }) => role === key.role);
      const { status, certificate } = await sign(session, key, { public_key });
      count.take(`${session.machine.name} as ${key.names}`, status, mine ? 200 : 403);
      if (!mine) continue;
      const { type, id, principals, extensions } = shownIn(certificate);
      same([type, principals, extensions], ["user", key.names, ["permit-pty"]]);
      same(id?.startsWith(`${key.role}-`), true);
      for (const wrong of [
        { valid_principals: "root" },
        { valid_principals: `${key.names},root` },
        { valid_principals: "*" },
        { cert_type: "host" },
        { key_id: "somebody else" },
        { ttl: "24000h" },
        { extensions: { "permit-port-forwarding": "" } },
      ])
        count.take(
          `${key.role}: ${JSON.stringify(wrong)}`,
          (await sign(session, key, { public_key, ...wrong })).status,
          400,
        );
    }
  }
  return `logins elsewhere: ${count}`;
}

/** Shows each certificate, or none, to each client; what it prints is a line for each that goes in: certificate, client, who it is there. */
const script = (/** @type {string} */ to) => `
n=1
for certificate in none own late neighbour; do
  rm -f $host_key-cert.pub
  [ -e "$folder/certificates/$certificate" ] && cp "$folder/certificates/$certificate" $host_key-cert.pub
  kill -HUP $daemon; n=$((n + 1)); listens $n
  for known in "$folder"/known/*; do
    who=$(ssh -F "$folder/config" -o HostName=${server} -o BatchMode=yes -o UserKnownHostsFile="$known" \\
      operator@${to} 'id -un' 2>> "$folder/ssh.log") || continue
    echo "$certificate $(basename "$known") $who"
  done
done
`;

/**
 * A bastion's sshd shows what Vault signed of its key.
 * @param {Platform} platform @param {readonly Session[]} sessions
 * @param {ReadonlyMap<string, import("./api.mjs").Api>} teams who have logged in
 * @param {{ sshUserCa: string, sshHostCa: string }} trust public keys of Vault's CAs
 * @param {string} folder
 */
export async function shows(platform, sessions, teams, trust, folder) {
  const session = sessions.find(
    ({ machine: { host, place } }) => host.roles.includes("bastion") && place !== platform.vault,
  );
  const neighbour = sessions.find((one) => one !== session && one.machine.place === session?.machine.place);
  const [key] = session ? keysOf(session, "host") : [];
  const [theirs] = neighbour ? keysOf(neighbour, "host") : [];
  if (!session || !neighbour || !key || !theirs) throw new Error("no bastion beside others");
  const { host, place } = session.machine;
  prepared(folder, platform.filesOf(host.id, trust));
  const public_key = publicOf(join(folder, "host"));
  const file = (/** @type {string[]} */ ...names) => join(folder, ...names);
  for (const name of ["certificates", "known"]) mkdirSync(file(name));
  for (const [name, { certificate }] of Object.entries({
    own: await sign(session, key, { public_key }),
    late: await sign(session, key, { public_key, ttl: "2s" }),
    // Its own key, by the name of another host.
    neighbour: await sign(neighbour, theirs, { public_key }),
  }))
    writeFileSync(file("certificates", name), certificate);
  const me = madeKey(file("me"));
  const role = loginRoleOf(`bastion-operator@${place.id}`);
  const api = teams.get(place.tenancy.owner);
  if (!api) throw new Error(`nobody owns ${place.id}`);
  const login = await people.sshCertificateOf(api, mounts.logins, role, { public_key: publicOf(me) });
  writeFileSync(`${me}-cert.pub`, login.certificate);
  const identity = { key: me, certificate: `${me}-cert.pub` };
  const { config, knownHosts } = platform.sshOf(trust, { [host.id]: public_key }, identity);
  writeFileSync(file("config"), config);
  const lines = knownHosts.split("\n");
  const cas = lines.filter((line) => line.startsWith("@cert-authority"));
  const [learned] = lines.filter((line) => line.startsWith(host.dns));
  same([cas.length, learned], [1, `${host.dns} ${public_key}`]);
  const stranger = publicOf(madeKey(file("stranger")));
  for (const [name, text] of Object.entries({
    both: knownHosts,
    ca: cas[0],
    learned,
    "another-ca": `@cert-authority ${host.dns} ${stranger}`,
    "another-key": `${host.dns} ${stranger}`,
    "revoked-key": `${knownHosts}@revoked * ${public_key}`,
    "revoked-ca": `${knownHosts}@revoked * ${trust.sshHostCa}`,
  }))
    writeFileSync(file("known", name), `${text}\n`);
  // Until the one for two seconds is over.
  await sleep(3000);
  const { lines: entered, log } = besideSshd(folder, ["operator"], script(host.id));
  // Whoever knows the key that was learned goes in, whatever is shown beside it; whoever knows the CA alone, by the right one alone.
  const wanted = [
    ...["none", "own", "late", "neighbour"].flatMap((shown) => [`${shown} both operator`, `${shown} learned operator`]),
    "own ca operator",
    "none revoked-ca operator",
  ];
  const ssh = readFileSync(file("ssh.log"), "utf8");
  if (entered.sort().join() !== wanted.sort().join())
    throw new Error(`${entered}\n${log.slice(-2000)}\n${ssh.slice(-3000)}`);
  for (const words of [
    "Certificate invalid: expired",
    "Certificate invalid: name is not a listed principal",
    "was revoked",
  ])
    if (!ssh.includes(words)) throw new Error(`ssh does not say "${words}"\n${ssh.slice(-3000)}`);
  if (!log.includes("Could not load host certificate")) throw new Error(log.slice(-2000));
  return `clients of ${host.id}: ${entered.length} went in, ${4 * 7 - entered.length} did not`;
}

/**
 * The next CA of host keys, as the runbook has it: it is there while the last one signs, then it signs, and no stack undoes that.
 * @param {readonly Session[]} sessions @param {import("./api.mjs").Api} root @param {string} folder @param {() => Promise<string[]>} again
 */
export async function succeeded(sessions, root, folder, again) {
  const [session] = sessions;
  const [key] = session ? keysOf(session, "host") : [];
  if (!session || !key) throw new Error("no machine");
  const public_key = publicOf(madeKey(join(folder, "of-one-host")));
  const by = async () => shownIn((await sign(session, key, { public_key })).certificate).ca;
  const first = await by();
  const next = { generate_signing_key: true, key_type: "ssh-ed25519" };
  const made = await root.ask("POST", `${mounts.hostKeys}/issuers/import/next`, next);
  same([made.status, await by()], [200, first]);
  same((await root.ask("POST", `${mounts.hostKeys}/config/issuers`, { default: "next" })).status, 200);
  writeFileSync(join(folder, "next.pub"), `${made.data.public_key}\n`);
  same([await again(), (await by()) === first], [[], false]);
  const { data } = await root.ask("GET", `${mounts.hostKeys}/config/ca`);
  same(data.public_key.trim(), made.data.public_key.trim());
}
