#!/usr/bin/env node
// Two supercomputers come up as their site files have them: who logs in, what Slurm takes and refuses, what leaves them, a bridge
// beside them, what fails and comes back. Nothing is left.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../cli/prepare.mjs";
import { same } from "./clouds.mjs";
import { Gate, isThere, run, Skipped } from "./gate.mjs";
import { Bridge } from "./hosts/bridge.mjs";
import { beside } from "./hpc/beside.mjs";
import { failures } from "./hpc/failures.mjs";
import { jobs } from "./hpc/jobs.mjs";
import { logins } from "./hpc/logins.mjs";
import { Supercomputer } from "./hpc/supercomputer.mjs";

const gate = new Gate();
const bridge = new Bridge(gate.folder);
const [lumi, leonardo] = ["lumi", "leonardo"].map((name) => new Supercomputer(name, bridge.world, gate.folder));

/** @param {readonly string[]} words */
const databridge = (...words) =>
  run(process.execPath, [join(root, "cli", "databridge.mjs"), "sandbox", ...words], {
    env: { DATABRIDGE_SANDBOX: bridge.world },
  });

/** What of the machine belongs to sandboxes of these ids. @param {readonly string[]} ids */
function leftOf(ids) {
  const lines = [
    ...run("ps", ["-eo", "args"]).split("\n"),
    ...readdirSync("/run/netns"),
    ...run("find", ["/sys/fs/cgroup", "/run/systemd/nspawn", "-maxdepth", "3"]).split("\n"),
    ...readFileSync("/proc/self/mountinfo", "utf8").split("\n"),
  ];
  return lines.filter((line) => ids.some((id) => line.includes(id)) || line.includes(bridge.world));
}

async function main() {
  if (process.getuid?.() !== 0 || !isThere("apt-get")) throw new Skipped("needs Debian and root");
  if (!lumi || !leonardo) return;
  const image = join(root, "sandbox", "hpc", "hpc.py");
  run(image, ["packages", "--install"]);
  gate.check("the image is there, or is made", () => run(image, ["image"]));
  await gate.checked("two supercomputers come up from nothing, at once", () =>
    databridge("up", "hpc", "lumi", "leonardo"),
  );
  const ids = [lumi, leonardo].map(({ state }) => JSON.parse(readFileSync(join(state, "private.json"), "utf8")).id);
  logins(gate, lumi, leonardo);
  jobs(gate, lumi, leonardo);
  await beside(gate, bridge, lumi, leonardo);
  failures(gate, lumi);
  gate.check("down leaves nothing: no process, namespace, mount, control group or file", () => {
    same(leftOf(ids).length > 20, true);
    databridge("down");
    same([leftOf(ids), readdirSync(bridge.world).includes("hpc")], [[], false]);
  });
}

try {
  await main();
} catch (error) {
  gate.fail("supercomputers", error);
} finally {
  spawnSync(process.execPath, [join(root, "cli", "databridge.mjs"), "sandbox", "down"], {
    env: { ...process.env, DATABRIDGE_SANDBOX: bridge.world },
  });
}
gate.done();
