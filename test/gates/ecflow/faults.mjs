// What fails between a server and the supercomputers of its jobs: what operators see, and what is true in the end.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { same } from "../clouds.mjs";
import { begin } from "./suite.mjs";

/** @param {import("./world.mjs").World} world */
export async function faults(world) {
  const { gate, bridge, server, first } = world;
  const [lumi, leonardo] = begin(world, "faults", { waits: "while [ ! -e ~/go ]; do sleep 0.2; done" });
  if (!lumi || !leonardo) throw new Error("two supercomputers");
  world.asked("--suspend=/faults");
  // A server that is killed has forgotten what it was told since it last saved.
  world.asked("--check_pt");
  const run = (/** @type {import("./suite.mjs").Jobs} */ jobs) => world.asked(`--run ${jobs.path("waits")}`);
  const begun = async (/** @type {import("./suite.mjs").Jobs} */ jobs) => {
    jobs.hold();
    run(jobs);
    await jobs.until("waits", "active", 40);
  };
  await gate.checked(
    "while login nodes are gone, what is submitted is aborted, and says so; what runs reports; once back, it is submitted again",
    async () => {
      await begun(lumi);
      lumi.supercomputer.must("stop", "login", "--kill");
      try {
        const { code, out } = bridge.sandbox(["exec", first, "platform-hpc", "check", "lumi"]);
        same([code === 0, /not reached|does not answer|timed out/i.test(out)], [false, true]);
        lumi.release();
        await lumi.until("waits", "complete", 60);
        run(lumi);
        await lumi.until("waits", "aborted", 60);
      } finally {
        lumi.supercomputer.must("start", "login");
      }
      run(lumi);
      await lumi.until("waits", "complete", 60);
    },
  );
  await gate.checked(
    "a node that fails takes its job along, which nobody tells: it stays active, Slurm's word shows why, and a kill makes it true",
    async () => {
      await begun(lumi);
      const node = lumi.supercomputer.inside("management", `squeue -ho %N --name=waits`).trim();
      lumi.supercomputer.must("stop", node, "--kill");
      try {
        await lumi.untilSlurm("waits", /^NODE_FAIL/, 90);
        same(lumi.state("waits"), "active");
        world.asked(`--kill=${lumi.path("waits")}`);
        await lumi.until("waits", "aborted", 40);
      } finally {
        lumi.supercomputer.must("start", node);
      }
    },
  );
  await gate.checked(
    "with a certificate that has ended nothing is submitted, and it is told whose it is to renew; what runs reports on",
    async () => {
      await begun(leonardo);
      const { supercomputer } = leonardo;
      const key = join(gate.folder, "ended");
      writeFileSync(`${key}.pub`, bridge.inside(first, "platform-hpc key leonardo"));
      supercomputer.must("admit", supercomputer.user, `${key}.pub`, "--validity=-2h:-1h");
      const certificate = readFileSync(`${key}-cert.pub`, "utf8");
      const certify = (/** @type {string} */ text) =>
        bridge.sandbox(["exec", first, "platform-hpc", "certify", "leonardo"], text);
      same(certify(certificate).code === 0, false);
      bridge.sandbox(
        ["exec", first, "sh", "-c", "cat > /etc/platform/hpc/leonardo-cert.pub; rm -f /run/hpc-ecflow/*"],
        certificate,
      );
      const { code, out } = bridge.sandbox(["exec", first, "platform-hpc", "check", "leonardo"]);
      same([code === 0, /has ended/.test(out)], [false, true]);
      leonardo.release();
      await leonardo.until("waits", "complete", 60);
      run(leonardo);
      await leonardo.until("waits", "aborted", 60);
      supercomputer.must("admit", supercomputer.user, `${key}.pub`);
      same(certify(readFileSync(`${key}-cert.pub`, "utf8")).code, 0);
      run(leonardo);
      await leonardo.until("waits", "complete", 60);
    },
  );
  await gate.checked(
    "a server that is killed while a job runs comes back by itself, and hears how it ended",
    async () => {
      await begun(lumi);
      // What it was told since it last saved it has forgotten: the job would be a zombie, which a person adopts.
      world.asked("--check_pt");
      bridge.inside(first, `kill -KILL ${server.shown(first, "MainPID")}`);
      lumi.release();
      await world.until(() => server.status(first).status === "RUNNING", 60);
      await lumi.until("waits", "complete", 60);
    },
  );
}
