// A suite whose jobs run on supercomputers: ecFlow -> Troika -> ssh -> Slurm -> the job -> and back to the server.
import { same } from "../clouds.mjs";
import { begin } from "./suite.mjs";

/** What tasks do, by name; what they wait for is laid to the shared file system. */
const work = {
  runs: `ecflow_client --label=node "$(hostname)"
ecflow_client --meter=step 5
while [ ! -e ~/go ]; do sleep 0.2; done
ecflow_client --event=done`,
  fails: "ecflow_client --event=done\necho said before it failed\nfalse\necflow_client --meter=step 10",
  running: "ecflow_client --event=done\nsleep 600 &\nwait",
  waiting: "#SBATCH --begin=now+1hour\ntrue",
  late: "#SBATCH --begin=now+1hour\nsleep 600 &\nwait",
};

/** @typedef {import("./suite.mjs").Jobs} Jobs */

/** @param {import("./world.mjs").World} world */
export async function jobs(world) {
  const { gate, bridge, server, first } = world;
  /** @type {Jobs[]} */
  let all = [];
  /** On all, one after the other. @param {string} name @param {(jobs: Jobs) => Promise<void> | void} check */
  const each = (name, check) =>
    gate.checked(name, async () => {
      for (const one of all) await check(one);
    });

  gate.check("a suite is loaded from a front end, with what databridge job says that its jobs need", () => {
    all = begin(world, "chain", work);
    for (const one of all) one.hold();
  });
  await each("it submits to both: jobs report from their nodes what they do", async (one) => {
    // It submits once a minute.
    await one.until("runs", "active", 90);
    same(one.slurm("runs"), "RUNNING");
    await world.until(() => world.asked("--query", "meter", `${one.path("runs")}:step`) === "5", 10);
    same(/^n\d{5}$/.test(world.asked("--query", "label", `${one.path("runs")}:node`)), true);
  });
  await each("its state is asked for: Slurm's word lies beside the output of the task", async (one) => {
    world.asked(`--status=${one.path("runs")}`);
    const file = `/srv/home/ecf${one.path("runs")}.job1.stat`;
    await world.until(() => bridge.inside(first, `cat ${file}`).includes(" R "), 20);
  });
  await gate.checked(
    "the server's certificate is renewed while jobs run: what they report afterwards arrives",
    async () => {
      const shown = () =>
        bridge.inside(
          first,
          "echo | openssl s_client -connect localhost:3141 2>/dev/null | openssl x509 -noout -serial",
        );
      const before = shown();
      server.bringCertificate(first, world.certificate());
      bridge.inside(first, `systemctl stop ${server.unit}`);
      for (const one of all) one.release();
      bridge.inside(first, `sleep 2; systemctl start ${server.unit}`);
      same(shown() === before, false);
      for (const one of all) {
        await one.until("runs", "complete", 60);
        same(world.asked("--query", "event", `${one.path("runs")}:done`), "set");
        await one.untilSlurm("runs", /^COMPLETED/);
      }
    },
  );
  await each("a job that fails is aborted, with where; what it reported before stays", async (one) => {
    await one.until("fails", "aborted");
    await one.untilSlurm("fails", /^FAILED/);
    same(world.asked("--query", "event", `${one.path("fails")}:done`), "set");
    same(/abort<:line \d+ ended with 1>abort/.test(world.asked(`--get_state=${one.path("fails")}`)), true);
    same(world.asked("--query", "meter", `${one.path("fails")}:step`), "0");
  });
  await each("a job that runs is killed: it is aborted, and gone from Slurm", async (one) => {
    await one.until("running", "active");
    world.asked(`--kill=${one.path("running")}`);
    await one.until("running", "aborted");
    await one.untilSlurm("running", /^(CANCELLED|FAILED)/);
  });
  await each(
    "a job that waits is killed, which it cannot tell itself: it is aborted, and gone from Slurm",
    async (one) => {
      await one.untilSlurm("waiting", /^PENDING/);
      same(one.state("waiting"), "submitted");
      world.asked(`--kill=${one.path("waiting")}`);
      await one.until("waiting", "aborted");
      // Of a job that never could begin, Slurm's accounting says nothing.
      await one.untilSlurm("waiting", /^(CANCELLED.*)?$/);
    },
  );
  await each("a job that was submitted before its server began anew is killed, once it runs", async (one) => {
    const { supercomputer } = one;
    supercomputer.inside("management", "scontrol update job=$(squeue -ho %i --name=late) StartTime=now");
    await one.until("late", "active");
    world.asked(`--kill=${one.path("late")}`);
    await one.until("late", "aborted");
    await one.untilSlurm("late", /^(CANCELLED|FAILED)/);
  });
  await each("output of jobs comes to the host of the server, by the path at which it lies there", async (one) => {
    const { name } = one.supercomputer;
    bridge.inside(first, "systemctl start hpc-fetch-ecflow");
    const { [name]: of } = JSON.parse(bridge.inside(first, "cat /etc/platform/hpc/suites.json"));
    same(bridge.inside(first, `cat ${of.ECF_OUT}/chain/${name}/fails.1`).includes("said before it failed"), true);
  });
  await gate.checked(
    "the host tells Prometheus of both, also where no program of the operator tells a budget",
    async () => {
      bridge.inside(first, "systemctl restart hpc-exporter-ecflow");
      const told = () =>
        bridge.inside(first, "curl -sf http://$(hostname -I | cut -d' ' -f1):9811/metrics").split("\n");
      // The first look is half a minute later at most.
      await world.until(() => told().filter((line) => /^hpc_up\{.*\} 1\.0$/.test(line)).length === all.length, 60);
      const lines = told();
      for (const { name } of all.map(({ supercomputer }) => supercomputer)) {
        const failed = new RegExp(`^hpc_jobs_ended\\{.*state="failed",supercomputer="${name}"\\} [1-9]`);
        same(
          lines.some((line) => failed.test(line)),
          true,
        );
        same(lines.includes(`hpc_source_up{source="budget",supercomputer="${name}"} 0.0`), true);
      }
    },
  );
  gate.check("nobody is a zombie, and nothing runs on", () => {
    same(world.asked("--zombie_get").includes("/chain"), false);
    for (const { supercomputer } of all) same(supercomputer.inside("login", "squeue -ho %j").trim(), "");
  });
}
