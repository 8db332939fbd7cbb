#!/usr/bin/env node
// Ansible makes real hosts of a bridge what the model says: bastion, proxy and ecFlow, booted from nothing in
// sandbox/hosts, configured over SSH through their bastion. Before, the servers themselves read every file of every site.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installed } from "../../ansible/install.mjs";
import { root } from "../../cli/prepare.mjs";
import { Gate, isThere, run, Skipped } from "./gate.mjs";

const gate = new Gate();
const names = ["bastion", "proxy", "ecflow-prod"];
const ids = names.map((name) => `lumi-production-${name}`);
const [bastion, proxy, ecflow] = /** @type {[string, string, string]} */ (/** @type {unknown} */ (ids));
/** Where bastion and proxy are met; a block for documentation. */
const known = { router: "203.0.113.10", bastion: "203.0.113.11", proxy: "203.0.113.12", operators: "192.0.2.4" };

// A checkout of its own, whose sites the gate can change.
const checkout = join(gate.folder, "checkout");
const world = join(gate.folder, "world");
const state = join(gate.folder, "hosts");
const hosts = join(root, "sandbox", "hosts", "hosts.py");
const env = { DATABRIDGE_WORLD: "sandbox", DATABRIDGE_SANDBOX: world, CI: "true" };

function prepare() {
  const parts = ["main.ts", "model", "sites", "stacks", "constructs", "engine", "policy", "operate", "review", "cli"];
  const more = ["sandbox", "ansible", "cdktf.json", "package.json", "package-lock.json", "tsconfig.json"];
  for (const part of [...parts, ...more]) cpSync(join(root, part), join(checkout, part), { recursive: true });
  for (const part of ["node_modules", "packages"]) symlinkSync(join(root, part), join(checkout, part));
  mkdirSync(world);
  run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "sandbox", "-f", join(world, "ca")]);
  learn("home", `trust.sshUserCa=${readFileSync(join(world, "ca.pub"), "utf8").trim()}`);
  learn("lumi", `production.router=${known.router}`, ...["bastion", "proxy"].map(publicOf));
}

/** @param {string} name */
const publicOf = (name) => `production.public.${name}=${known[/** @type {"bastion" | "proxy"} */ (name)]}`;

/** @param {readonly string[]} words */
const databridge = (...words) =>
  run("node", [join(checkout, "cli", "databridge.mjs"), ...words], { cwd: checkout, env });
/** @param {string} site @param {readonly string[]} values */
const learn = (site, ...values) => databridge("learn", site, ...values);

/** The modules of the checkout, compiled. @param {string} path */
async function compiled(path) {
  const { compile } = await import(pathToFileURL(join(checkout, "cli", "prepare.mjs")).href);
  return createRequire(import.meta.url)(join(compile(), path));
}

async function registers() {
  const { readSites, readLocks, sandbox } = await compiled("engine/world.js");
  const { gather } = await compiled("model/gather.js");
  const { compile } = await import(pathToFileURL(join(checkout, "cli", "prepare.mjs")).href);
  const found = gather(readSites(join(compile(), "sites")).sites, readLocks(sandbox(world)));
  if (found.problems.length > 0) throw new Error(JSON.stringify(found.problems));
  return found.registers;
}

/** Who is in, and outside, as `hosts.py` reads it. */
async function tenancy() {
  const all = await registers();
  const { sandboxTenancy } = await compiled("sandbox/hosts.js");
  const place = all.places.find((/** @type {{ id: string }} */ { id }) => id === "lumi-production");
  const standIns = { operators: known.operators };
  return sandboxTenancy(place, all, { hosts: names, standIns, names: ["example.org", "example.com"] });
}

/** @param {readonly string[]} words @param {string} [input] */
function sandbox(words, input) {
  const options = {
    encoding: /** @type {const} */ ("utf8"),
    maxBuffer: 1 << 28,
    env: { ...process.env, ...env },
    cwd: checkout,
  };
  const [command = "", ...rest] = words;
  const { status, stdout, stderr } = spawnSync(hosts, [command, state, ...rest], { ...options, input: input ?? "" });
  return { code: status, out: `${stdout}${stderr}`.trim(), stdout };
}

/** @param {string} name @param {string} script */
function inside(name, script) {
  const { code, out } = sandbox(["exec", name, "sh", "-c", script]);
  if (code !== 0) throw new Error(`${name}: ${script}\n${out}`);
  return out;
}

/** @param {readonly string[]} words @param {readonly string[]} which */
function configure(words = [], which = ids) {
  const command = [
    "node",
    join(checkout, "cli", "databridge.mjs"),
    "configure",
    "lumi",
    "--hosts",
    ...which,
    "--json",
    ...words,
  ];
  const { code, out, stdout } = sandbox(["outside", "operators", ...command]);
  if (!stdout.trim().startsWith("{")) throw new Error(out.slice(-3000));
  return { code, out, report: JSON.parse(stdout) };
}

/** @param {{ hosts: { host: string, role: string, changed: number, failed: number }[] }} report */
const changedIn = ({ hosts }) => hosts.filter(({ changed }) => changed > 0).map(({ host, role }) => `${host} ${role}`);

/** @param {unknown} found @param {unknown} wanted */
function same(found, wanted) {
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw new Error(`${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
}

/** A key with a certificate. @param {string} name @param {string} principal @param {string} validity @param {string} [ca] */
function certified(name, principal, validity, ca = join(world, "ca")) {
  const key = join(gate.folder, name);
  run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  run("ssh-keygen", ["-q", "-s", ca, "-I", name, "-n", principal, "-V", validity, `${key}.pub`]);
  return key;
}

/** Somebody outside logs in. @param {string} key @param {string} to @param {readonly string[]} more */
function ssh(key, to, ...more) {
  const config = readFileSync(join(world, "ssh", "config"), "utf8").replace(/IdentityFile .*/, `IdentityFile "${key}"`);
  const file = `${key}.config`;
  writeFileSync(file, config);
  return sandbox(["outside", "operators", "ssh", "-F", file, ...more, to, "hostname"]);
}

/** Every file of every site, read by the server that it is for, in a host that has all of them. */
function readByServers() {
  const folder = join(root, "synthesized", "hosts");
  const tar = join(gate.folder, "files.tar");
  run("tar", ["-cf", tar, "-C", folder, "."]);
  const packed = readFileSync(tar).toString("base64");
  sandbox(
    ["exec", "proxy", "sh", "-c", "rm -rf /tmp/files && mkdir /tmp/files && base64 -d | tar -x -C /tmp/files"],
    packed,
  );
  const readers = {
    "etc/ssh/sshd_config": "sshd -t -f",
    "etc/chrony/chrony.conf": "chronyd -p -f",
    "etc/sudoers.d/10-platform": "visudo -c -f",
    "etc/squid/squid.conf": "squid -k parse -f",
    "etc/haproxy/haproxy.cfg": "haproxy -c -f",
    "etc/apt/apt.conf.d/10-platform-proxy": "APT_CONFIG=/dev/null apt-config dump -c",
    "etc/apt/apt.conf.d/60-platform-upgrades": "APT_CONFIG=/dev/null apt-config dump -c",
  };
  let read = 0;
  for (const [path, reader] of Object.entries(readers)) {
    const script = `cd /tmp/files; n=0; for f in */${path}; do ${reader} /tmp/files/$f >/tmp/said 2>&1 || { echo $f; cat /tmp/said; exit 1; }; n=$((n+1)); done; echo $n`;
    read += Number(inside("proxy", script).split("\n").at(-1));
  }
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" });
  same(read, all.filter((file) => Object.keys(readers).some((path) => file.endsWith(`/${path}`))).length);
  if (read < 200) throw new Error(`only ${read} files`);
  inside("proxy", "echo 'http_acess allow all' > /tmp/wrong; ! squid -k parse -f /tmp/wrong 2>/dev/null");
}

async function linted() {
  const programs = installed("ansible-lint");
  const more = { PATH: `${programs}:${process.env.PATH}`, LC_ALL: "C.UTF-8", ANSIBLE_HOME: join(gate.folder, "lint") };
  run(join(programs, "ansible-lint"), ["--offline", "--strict"], { cwd: join(root, "ansible"), env: more });
  run(join(programs, "yamllint"), ["--strict", "."], { cwd: join(root, "ansible"), env: more });
}

async function up() {
  const { code, out } = sandbox(["up", "-"], JSON.stringify(await tenancy()));
  if (code !== 0) throw new Error(out.slice(-3000));
}

async function main() {
  await gate.checked("ansible-lint, profile production, and yamllint find nothing in roles and playbook", linted);
  if (process.getuid?.() !== 0 || !isThere("apt-get")) throw new Skipped("needs Debian and root");
  run(hosts, ["packages", "--install"]);
  prepare();
  await gate.checked("bastion, proxy and ecFlow of a bridge boot from nothing, with the rules of the model", up);
  gate.check("a host whose key is not learned is not configured", () => {
    const { code, report } = configure();
    same([code, report.blocked.length, report.hosts.length], [1, 3, 0]);
  });
  const { hostKeyIn } = await compiled("operate/host-keys.js");
  learn("lumi", ...names.map((name) => `production.hostKeys.${name}=${hostKeyIn(sandbox(["console", name]).stdout)}`));
  gate.check("Ansible configures them over the bastion", () => {
    const { code, out, report } = configure();
    same([code, report.blocked], [0, []]);
    if (changedIn(report).length < 15) throw new Error(out.slice(-3000));
  });
  gate.check("a second run changes nothing", () => {
    const { code, out, report } = configure();
    if (code !== 0) throw new Error(out.slice(-3000));
    same(changedIn(report), []);
  });
  gate.check("servers read every file of every site", readByServers);
  logins();
  proxies();
  volumes();
  changed();
}

function logins() {
  const good = certified("good", "operator@lumi-production", "-5m:+10m");
  const denied = (/** @type {{ code: number | null, out: string }} */ { code, out }) =>
    same([code, /Permission denied/.test(out)], [255, true]);
  gate.check("a valid certificate gets in at the bastion, and over it at ecFlow", () => {
    same([ssh(good, `operator@${bastion}`).out, ssh(good, `operator@${ecflow}`).out], ["bastion", "ecflow-prod"]);
  });
  gate.check("an expired certificate does not", () =>
    denied(ssh(certified("old", "operator@lumi-production", "-2h:-1h"), `operator@${bastion}`)),
  );
  gate.check("one for another tenancy, or another account, does not", () => {
    denied(ssh(certified("elsewhere", "operator@lumi-test", "-5m:+10m"), `operator@${bastion}`));
    denied(ssh(good, `ansible@${bastion}`));
  });
  gate.check("one of another CA does not", () => {
    const other = join(gate.folder, "other");
    run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", other]);
    denied(ssh(certified("stranger", "operator@lumi-production", "-5m:+10m", other), `operator@${bastion}`));
  });
  gate.check("a host that shows another key than was learned is refused", () => {
    const file = join(gate.folder, "known_hosts");
    const key = readFileSync(`${good}.pub`, "utf8").trim();
    writeFileSync(file, ids.map((id) => `${id} ${key}\n`).join(""));
    const { code, out } = ssh(good, `operator@${bastion}`, "-o", `UserKnownHostsFile=${file}`);
    same([code, /host key|HOST IDENTIFICATION/i.test(out)], [255, true]);
  });
  gate.check("the bastion passes on to ports that flows name, and to no other", () => {
    const words = ["-o", "ConnectTimeout=5", "-W"];
    const shut = ssh(good, `operator@${bastion}`, ...words, "10.20.4.60:3141");
    same([shut.code, /administratively prohibited/.test(shut.out)], [255, true]);
  });
  gate.check("no host but the bastion is logged in to from elsewhere", () => {
    same(inside("bastion", "grep -c '^PermitOpen' /etc/ssh/sshd_config"), "1");
    const script = "timeout 5 bash -c 'exec 3<>/dev/tcp/10.20.4.60/22; head -c 3 <&3' || echo shut";
    same(inside("proxy", script).split("\n").at(-1), "shut");
  });
}

function proxies() {
  const ask = (/** @type {string} */ name) =>
    `curl -sm 5 -o /dev/null -w '%{http_code}' -x http://10.20.0.11:3128 http://${name}/whoami || true`;
  gate.check("an allowed name passes through the proxy, and another does not", () => {
    same([inside("ecflow-prod", ask("deb.debian.org")), inside("ecflow-prod", ask("example.org"))], ["200", "403"]);
  });
  gate.check("nor does an address, nor a tunnel", () => {
    same(inside("ecflow-prod", ask("198.51.100.80")), "403");
    const tunnel =
      "curl -spm 5 -o /dev/null -w '%{http_connect}' -x http://10.20.0.11:3128 http://deb.debian.org:80/ || true";
    same(inside("ecflow-prod", tunnel), "403");
  });
  gate.check("haproxy relays what the model allocated, from whom it names, and to ecFlow", () => {
    inside(
      "ecflow-prod",
      "cat > /tmp/answer.py <<'E'\nimport socketserver\nclass Answer(socketserver.BaseRequestHandler):\n    def handle(self):\n        self.request.sendall(b'ecflow')\nsocketserver.ThreadingTCPServer.allow_reuse_address = True\nsocketserver.ThreadingTCPServer(('10.20.4.60', 3141), Answer).serve_forever()\nE\nsystemd-run --quiet --unit=answer python3 /tmp/answer.py",
    );
    const from = (/** @type {string} */ who) =>
      sandbox([
        "outside",
        who,
        "bash",
        "-c",
        `for i in 1 2 3 4 5 6; do said=$(timeout 3 bash -c 'exec 3<>/dev/tcp/${known.proxy}/3141; head -c 6 <&3'); [ -n "$said" ] && break; sleep 1; done; echo "$said"`,
      ]).stdout.trim();
    same(from("nodes"), "ecflow");
    inside("ecflow-prod", "systemctl stop answer");
  });
}

function volumes() {
  const disk = "readlink -f /dev/disk/by-id/virtio-*";
  gate.check("a volume is mounted by its label, and grows while it is mounted", () => {
    same(inside("ecflow-prod", "findmnt -nro FSTYPE,LABEL /srv/home; echo kept > /srv/home/file"), "xfs home");
    sandbox(["grow", "ecflow-prod", "home", "768"]);
    if (!inside("ecflow-prod", "platform-volumes").includes("home has grown")) throw new Error("it has not grown");
    same([inside("ecflow-prod", "cat /srv/home/file"), inside("ecflow-prod", "platform-volumes")], ["kept", ""]);
  });
  gate.check("a volume with data of any kind is never formatted", () => {
    const refused = (/** @type {string} */ make) => {
      const script = `set -e; d=$(${disk}); ${make}; before=$(head -c 33554432 $d | sha256sum); ! platform-volumes >/tmp/said 2>&1; grep -q refused /tmp/said; [ "$before" = "$(head -c 33554432 $d | sha256sum)" ]`;
      inside("ecflow-prod", script);
    };
    inside(
      "ecflow-prod",
      "umount /srv/home; d=$(readlink -f /dev/disk/by-id/virtio-*); xfs_admin -L other $d >/dev/null",
    );
    refused("true");
    refused("wipefs -qa $d; mkfs.ext4 -qF $d");
    refused("wipefs -qa $d; printf data | dd of=$d bs=1 seek=12345678 conv=notrunc status=none");
  });
  gate.check("an empty one is, once", () => {
    inside(
      "ecflow-prod",
      `d=$(${disk}); blkdiscard -z $d 2>/dev/null || dd if=/dev/zero of=$d bs=1M count=64 status=none; wipefs -qa $d`,
    );
    same(/is home/.test(inside("ecflow-prod", "platform-volumes")), true);
    same(inside("ecflow-prod", "platform-volumes"), "");
  });
}

function changed() {
  gate.check("a changed allow list reloads squid, and nothing else; --check tells it before", () => {
    const site = join(checkout, "sites", "lumi.ts");
    const need = `{ need: "flow", from: { every: "host" }, to: { outside: "internet" }, traffic: { proto: "tcp", from: 80, to: 80 }, through: "forward-proxy", names: ["example.org"], why: "examples" }`;
    const extra = `{ kind: "extra", name: "extra", problems: [], describe: () => ({ needs: [${need}] }) },`;
    writeFileSync(site, readFileSync(site, "utf8").replace("        bastion(),", `        bastion(), ${extra}`));
    const units =
      "systemctl show -p MainPID -p ExecMainStartTimestampMonotonic squid haproxy chrony ssh systemd-resolved";
    const reloads = "journalctl -u haproxy -u ssh -u chrony -o cat | grep -c -i reload || true";
    const before = [inside("proxy", units), inside("proxy", reloads)];
    const check = configure(["--check"], [proxy]).report;
    same(changedIn(check), [`${proxy} proxy`]);
    same(
      check.hosts.some((/** @type {{ changes: { diff?: string }[] }} */ { changes }) =>
        changes.some(({ diff }) => diff?.includes("example.org")),
      ),
      true,
    );
    same(changedIn(configure().report), [`${proxy} proxy`]);
    same([inside("proxy", units), inside("proxy", reloads)], before);
    same(
      inside(
        "ecflow-prod",
        "curl -sm 5 -o /dev/null -w '%{http_code}' -x http://10.20.0.11:3128 http://example.org/whoami",
      ),
      "200",
    );
    same(
      inside(
        "ecflow-prod",
        "curl -sm 5 -o /dev/null -w '%{http_code}' -x http://10.20.0.11:3128 http://example.com/whoami",
      ),
      "403",
    );
  });
}

try {
  await main();
} catch (error) {
  gate.fail("hosts", error);
} finally {
  sandbox(["down"]);
}
gate.done();
