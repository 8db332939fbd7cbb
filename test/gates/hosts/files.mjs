// Servers read what is rendered for them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../cli/prepare.mjs";
import { same } from "../clouds.mjs";
import { run } from "../gate.mjs";

/** Every file of every site, read by the server that it is for, in a host that has all of them. @param {import("./bridge.mjs").Bridge} bridge */
export function readByServers(bridge) {
  const folder = join(root, "synthesized", "hosts");
  const tar = join(bridge.folder, "files.tar");
  run("tar", ["-cf", tar, "-C", folder, "."]);
  const packed = readFileSync(tar).toString("base64");
  bridge.sandbox(
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
    read += Number(bridge.inside("proxy", script).split("\n").at(-1));
  }
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" });
  same(read, all.filter((file) => Object.keys(readers).some((path) => file.endsWith(`/${path}`))).length);
  if (read < 200) throw new Error(`only ${read} files`);
  bridge.inside("proxy", "echo 'http_acess allow all' > /tmp/wrong; ! squid -k parse -f /tmp/wrong 2>/dev/null");
}
