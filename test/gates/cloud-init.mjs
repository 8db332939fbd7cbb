#!/usr/bin/env node
// cloud-init reads the user data of every host, and sshd the configuration in it. Debian's package is unpacked, not
// installed: it would take over the next boot of this machine.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache, Gate, isThere, run, Skipped } from "./gate.mjs";

const gate = new Gate();
const out = join(gate.folder, "out");
run("node", ["cli/databridge.mjs", "synth"], { env: { CDKTF_OUTDIR: out } });

/** What cloud-init imports when it checks a file. */
const libraries = [
  "configobj",
  "jsonpatch",
  "jsonschema",
  "jinja2",
  "netifaces",
  "oauthlib",
  "requests",
  "serial",
  "yaml",
];

/** @returns {string} the folder of cloud-init's Python package */
function cloudInit() {
  if (!isThere("apt-get") || process.getuid?.() !== 0) throw new Skipped("needs Debian and root, for its package");
  const folder = join(cache, "cloud-init");
  const python = join(folder, "usr", "lib", "python3", "dist-packages");
  if (!existsSync(python)) {
    mkdirSync(folder, { recursive: true });
    run("sh", ["-c", "apt-get download cloud-init && dpkg -x cloud-init_*.deb . && rm cloud-init_*.deb"], {
      cwd: folder,
    });
  }
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  run(
    "apt-get",
    ["install", "-qq", "--no-install-recommends", "openssh-server", ...libraries.map((name) => `python3-${name}`)],
    { env },
  );
  return python;
}

/** @returns {readonly (readonly [string, string])[]} hosts and their user data */
const userData = () =>
  readdirSync(join(out, "stacks")).flatMap((stack) => {
    const { resource } = JSON.parse(readFileSync(join(out, "stacks", stack, "cdk.tf.json"), "utf8"));
    const servers = /** @type {{ name: string, user_data: string }[]} */ (
      Object.values(resource.openstack_compute_instance_v2 ?? {})
    );
    return servers.map(({ name, user_data }) => /** @type {const} */ ([name, user_data]));
  });

gate.check("cloud-init accepts the user data of every host", () => {
  const env = { PYTHONPATH: cloudInit() };
  const check = (/** @type {string} */ file) =>
    run("/usr/bin/python3", ["-m", "cloudinit.cmd.main", "schema", "--config-file", file], { env });
  const files = userData().map(([name, text]) => {
    const file = join(gate.folder, `${name}.yaml`);
    writeFileSync(file, text);
    return file;
  });
  if (files.length < 50) throw new Error(`only ${files.length} hosts`);
  // Hosts differ in their names alone: the first of each text is enough.
  const distinct = new Map(
    files.map((file) => [readFileSync(file, "utf8").replace(/^(hostname|fqdn): .*$/gm, ""), file]),
  );
  for (const file of distinct.values()) check(file);
});

gate.check("cloud-init refuses a wrong one, so the check is none that always passes", () => {
  const env = { PYTHONPATH: cloudInit() };
  const file = join(gate.folder, "wrong.yaml");
  writeFileSync(file, "#cloud-config\nruncmd: 7\n");
  try {
    run("/usr/bin/python3", ["-m", "cloudinit.cmd.main", "schema", "--config-file", file], { env });
  } catch {
    return;
  }
  throw new Error("it was accepted");
});

gate.check("sshd accepts its configuration", () => {
  cloudInit();
  const [[, text = ""] = []] = userData();
  const script = "import sys,yaml,json; json.dump(yaml.safe_load(sys.argv[1]), sys.stdout)";
  const { write_files: files } = JSON.parse(run("/usr/bin/python3", ["-c", script, text]));
  const dropIn = files.find((/** @type {{ path: string }} */ { path }) => path.endsWith("10-platform.conf"));
  const key = join(gate.folder, "host_key");
  run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  const config = join(gate.folder, "sshd_config");
  writeFileSync(config, `HostKey ${key}\n${dropIn.content}`);
  mkdirSync("/run/sshd", { recursive: true });
  run("/usr/sbin/sshd", ["-t", "-f", config]);
});

gate.done();
