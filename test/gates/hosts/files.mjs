// Programs read what is rendered for them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../cli/prepare.mjs";
import { same } from "../clouds.mjs";
import { run } from "../gate.mjs";

/** systemd says where it does not understand a drop-in, and goes on. */
const dropIn = (/** @type {string} */ unit) =>
  `d=$(mktemp -d); mkdir $d/${unit}.d; cp $f $d/${unit}.d/platform.conf; ! SYSTEMD_UNIT_PATH=$d: systemd-analyze verify --man=no ${unit} 2>&1 | grep $d/${unit}.d`;

/** The same of a unit of ours. */
const unit = (/** @type {string} */ name) =>
  `d=$(mktemp -d); cp $f $d/${name}; ! SYSTEMD_UNIT_PATH=$d: systemd-analyze verify --man=no $d/${name} 2>&1 | grep "${name}:[0-9]"`;

/**
 * What reads a file `$f`, by its path on hosts, and a text that it must refuse: who refuses nothing has read nothing.
 * @type {Record<string, { read: string, wrong: string }>}
 */
const readers = {
  "etc/apt/apt.conf.d/10-platform-proxy": {
    read: "APT_CONFIG=/dev/null apt-config dump -c $f",
    wrong: 'Acquire::http::Proxy "DIRECT;',
  },
  "etc/apt/apt.conf.d/60-platform-upgrades": {
    read: "APT_CONFIG=/dev/null apt-config dump -c $f",
    wrong: 'APT::Periodic::Unattended-Upgrade "1;',
  },
  "etc/apt/sources.list.d/platform.sources": {
    read: "rm -rf /tmp/sources; mkdir /tmp/sources; cp $f /tmp/sources/it.sources; apt-get update --print-uris -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts=/tmp/sources -o Dir::State::lists=/tmp/lists | grep -c /InRelease | grep -x 3",
    wrong: "Types: dbe\nURIs: http://deb.debian.org/debian\nSuites: bookworm\nComponents: main\n",
  },
  "etc/chrony/chrony.conf": { read: "chronyd -p -f $f", wrong: "sever 192.53.103.108\n" },
  "etc/cloud/cloud.cfg.d/90-platform.cfg": {
    read: "{ echo '#cloud-config'; cat $f; } > /tmp/it.cfg; cloud-init schema --config-file /tmp/it.cfg",
    wrong: "manage_etc_hosts: never\n",
  },
  "etc/haproxy/haproxy.cfg": { read: "haproxy -c -f $f", wrong: "frontend a\n  bnd 127.0.0.1:1\n" },
  "etc/hosts": {
    // Each address leads to each of its names.
    read: `unshare -m sh -c 'mount --bind $f /etc/hosts; grep -v "^#" $f | while read -r a names; do for n in $names; do getent -s files ahostsv4 $n | grep -q "^$a " || echo "$n is not $a"; done; done' | grep . && exit 1; true`,
    wrong: "203.0.113.1.7 vault\n",
  },
  "etc/platform/expiry.json": {
    // What the host has not is told as it was looked for.
    read: "platform-expiry $f /tmp/expiry.prom && test $(grep -c ^platform_expiry_readable /tmp/expiry.prom) = $(grep -c '\"path\":' $f)",
    wrong: '{"labels": {}, "readings": [{}]}',
  },
  "etc/platform/volumes": {
    // The host has no such disk: what it lacks is told as it was read.
    read: `set -- $(grep -v '^#' $f); PLATFORM_VOLUMES=$f platform-volumes 2>&1 | grep "$1: no disk has this label, and 0 disks of $2 GiB are empty"`,
    wrong: "home /srv/home\n",
  },
  "etc/squid/squid.conf": { read: "squid -k parse -f $f", wrong: "http_acess allow all\n" },
  "etc/ssh/platform-revoked": {
    // sshd takes lines of keys, and says nothing of others.
    read: `! grep -v -e '^#' -e '^$' $f | while read -r key; do echo "$key" | ssh-keygen -l -f /dev/stdin >&2 || echo wrong; done | grep wrong`,
    wrong: "ssh-ed25519 AAAA\n",
  },
  "etc/ssh/principals/ansible": { read: principals("(vault-)?ansible"), wrong: "" },
  "etc/ssh/principals/jump": { read: principals("jump"), wrong: "operator@lumi-production\n" },
  "etc/ssh/principals/operator": { read: principals("(bastion-|vault-)?operator"), wrong: "ansible@lumi-production\n" },
  "etc/ssh/sshd_config": { read: "sshd -t -f $f", wrong: "PermitRoot no\n" },
  "etc/sudoers.d/10-platform": { read: "visudo -c -f $f", wrong: "operator ALL=(ALL NOPASSWD:ALL\n" },
  "etc/sysctl.d/60-platform.conf": {
    // Both that there are: at boot, and when a role says so.
    read: "/lib/systemd/systemd-sysctl --strict $f && sysctl -q -p $f",
    wrong: "net.ipv4.conf.*.accept_redirect = 0\nnet.ipv4.conf.all.accept_redirect = 0\n",
  },
  "etc/systemd/resolved.conf.d/10-platform.conf": {
    read: "mkdir -p /run/systemd/resolved.conf.d; cp $f /run/systemd/resolved.conf.d/99-read.conf; systemctl reset-failed systemd-resolved; systemctl restart systemd-resolved; rm /run/systemd/resolved.conf.d/99-read.conf; ! journalctl -o cat _SYSTEMD_INVOCATION_ID=$(systemctl show -P InvocationID systemd-resolved) | grep 99-read",
    wrong: "[Resolve]\nDNSS=9.9.9.9\n",
  },
  "etc/systemd/system/apt-daily.timer.d/platform.conf": {
    read: dropIn("apt-daily.timer"),
    wrong: "[Timer]\nOnCalendar=*-*-* 25:00:00 UTC\n",
  },
  "etc/systemd/system/apt-daily-upgrade.timer.d/platform.conf": {
    read: dropIn("apt-daily-upgrade.timer"),
    wrong: "[Timer]\nPersistant=false\n",
  },
  "etc/systemd/system/fdb-archive.service": {
    read: unit("fdb-archive.service"),
    wrong: "[Service]\nReadWritePath=/srv/staging\n",
  },
  "etc/systemd/system/fdb-archive-stuck.service": {
    read: unit("fdb-archive-stuck.service"),
    wrong: "[Service]\nType=once\n",
  },
  "etc/systemd/system/fdb-archive.timer": {
    read: unit("fdb-archive.timer"),
    wrong: "[Timer]\nOnUnitInactiveSecs=60\n",
  },
  "etc/systemd/system/fdb-catalogue.service": {
    read: unit("fdb-catalogue.service"),
    wrong: "[Service]\nProtectSytem=strict\n",
  },
  "etc/systemd/system/fdb-gate.service": {
    read: unit("fdb-gate.service"),
    wrong: "[Service]\nRuntimeDirectoryPreserved=yes\n",
  },
  "etc/systemd/system/fdb-store.service": {
    read: unit("fdb-store.service"),
    wrong: "[Service]\nUmask=0027\n",
  },
  "etc/systemd/system/otelcol-agent.service": {
    read: unit("otelcol-agent.service"),
    wrong: "[Service]\nAmbientCapability=CAP_DAC_READ_SEARCH\n",
  },
  "etc/systemd/system/otelcol.service": {
    read: unit("otelcol.service"),
    wrong: "[Service]\nRestartSecs=5\n",
  },
  "etc/systemd/system/platform-expiry.service": {
    read: unit("platform-expiry.service"),
    wrong: "[Service]\nExecStrat=/bin/true\n",
  },
  "etc/systemd/system/platform-expiry.timer": {
    read: unit("platform-expiry.timer"),
    wrong: "[Timer]\nOnCalendar=*:0/61\n",
  },
  "etc/systemd/system/prometheus-node-exporter.service.d/platform.conf": {
    read: dropIn("prometheus-node-exporter.service"),
    wrong: "[Service]\nRestartSecs=10\n",
  },
  "etc/systemd/system/squid.service.d/platform.conf": {
    read: dropIn("squid.service"),
    wrong: "[Service]\nRestart=on-fail\n",
  },
};

/** sshd reads one principal a line; the certificates of the gate try what it makes of them. @param {string} account */
function principals(account) {
  return `grep -v '^#' $f | grep -Ex '${account}@[a-z0-9-]+'`;
}

/**
 * Of Vault, of copies, of ecFlow, of FDB, of logins to supercomputers, of collectors, and rules that ring: their gates have the programs. Of clusters: no
 * program is here that reads them; jest holds each option against its list.
 * @param {string} file
 */
function readElsewhere(file) {
  const [id = "", ...path] = file.split("/");
  const { role } = JSON.parse(readFileSync(join(folder, id, "restarts.json"), "utf8"))[`/${path.join("/")}`];
  const isUnit = /^etc\/systemd\/system\/[^/]+$/.test(path.join("/"));
  return (
    ["vault", "vault_agent", "copies", "cluster", "hpc", "ecflow", "monitoring"].includes(role) ||
    (["telemetry", "fdb"].includes(role) && !isUnit)
  );
}

const folder = join(root, "synthesized", "hosts");
const pathOf = (/** @type {string} */ file) => file.slice(file.indexOf("/") + 1);

/** Every file of every host that is read here: its host and path. */
const filesToRead = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && file.name !== "restarts.json")
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .filter((file) => !readElsewhere(file));

/** Paths on hosts for which no program is named here, and those that no host has. Jest asks too: it takes a second. */
export function strays() {
  const paths = new Set(filesToRead().map(pathOf));
  const unread = [...paths].filter((path) => !Object.hasOwn(readers, path));
  return { unread, gone: Object.keys(readers).filter((path) => !paths.has(path)) };
}

/** Every file of every site, read by the program that it is for, in a host that has all of them. @param {import("./bridge.mjs").Bridge} bridge */
export function readByPrograms(bridge) {
  same(strays(), { unread: [], gone: [] });
  const files = filesToRead();
  const tar = join(bridge.folder, "files.tar");
  run("tar", ["-cf", tar, "-C", folder, ...files]);
  const packed = readFileSync(tar).toString("base64");
  const unpack = "rm -rf /tmp/files && mkdir /tmp/files && base64 -d | tar -x -C /tmp/files";
  bridge.sandbox(["exec", "proxy", "sh", "-c", unpack], packed);
  let read = 0;
  /** @type {string[]} */
  const complaints = [];
  for (const [path, { read: reader, wrong }] of Object.entries(readers)) {
    // Those that differ in their first line alone, which says whose they are, are read once.
    const script = `cd /tmp/files
export f
n=0
: > /tmp/seen
for f in /tmp/files/*/${path}; do
  n=$((n+1))
  is=$(sed 1d $f | md5sum)
  grep -q "$is" /tmp/seen && continue
  echo "$is" >> /tmp/seen
  ( ${reader} ) > /tmp/said 2>&1 || { echo $f; cat /tmp/said; exit 1; }
done
f=/tmp/wrong
printf %s '${wrong}' > $f
( ${reader} ) > /tmp/said 2>&1 && { echo "read without complaint:"; cat $f; exit 1; }
echo $n`;
    const { code, out } = bridge.sandbox(["exec", "proxy", "sh", "-c", script]);
    if (code !== 0) complaints.push(`${path}: ${out}`);
    read += Number(out.split("\n").at(-1));
  }
  same(complaints, []);
  same(read, files.length);
  if (read < 500) throw new Error(`only ${read} files`);
}
