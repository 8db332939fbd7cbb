// A suite whose jobs run on supercomputers: ecFlow -> Troika -> ssh -> Slurm -> the job -> and back to the server.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { same } from "../clouds.mjs";

/** @typedef {import("./world.mjs").World} World */
/** @typedef {import("../hpc/supercomputer.mjs").Supercomputer} Supercomputer */

const files = "/srv/home/ecf/files";

/** A task of each kind, on each supercomputer. @param {Readonly<Record<string, Readonly<Record<string, string>>>>} variables */
const suiteOf = (variables) => `suite chain
 edit ECF_TRIES 1
${Object.entries(variables)
  .map(
    ([name, edits]) => ` family ${name}
${Object.entries({ ...edits, ECF_FILES: `${files}/${name}` })
  .map(([key, value]) => `  edit ${key} '${value}'`)
  .join("\n")}
${Object.keys(work)
  .map((task) => `  task ${task}\n   event done\n   meter step 0 10\n   label node ""`)
  .join("\n")}
 endfamily`,
  )
  .join("\n")}
endsuite
`;

/** What tasks do, by name; what they wait for is laid to the shared file system. */
const work = {
  runs: `ecflow_client --label=node "$(hostname)"
ecflow_client --meter=step 5
while [ ! -e ~/go ]; do sleep 0.2; done
ecflow_client --event=done`,
  fails: "ecflow_client --event=done\necho said before it failed\nfalse\necflow_client --meter=step 10",
  running: "ecflow_client --event=done\nsleep 600 &\nwait",
  waiting: "true",
};

/** A script as a suite has it. @param {string} task @param {string} does @param {Readonly<Record<string, string>>} directives */
const script = (task, does, directives) =>
  [
    "%include <head.h>",
    ...Object.entries(directives).map(([key, value]) => `# troika ${key}=${value}`),
    ...(task === "waiting" ? ["#SBATCH --begin=now+1hour"] : []),
    does,
    "%include <tail.h>",
    "",
  ].join("\n");

export class Jobs {
  /** @param {World} world @param {Supercomputer} supercomputer */
  constructor(world, supercomputer) {
    this.world = world;
    this.supercomputer = supercomputer;
  }

  /** @param {string} task */
  path(task) {
    return `/chain/${this.supercomputer.name}/${task}`;
  }

  /** @param {string} task */
  state(task) {
    return this.world.state(this.path(task));
  }

  /** @param {string} task @param {string} state @param {number} [seconds] */
  until(task, state, seconds = 30) {
    return this.world.until(() => this.state(task) === state, seconds);
  }

  /** What Slurm says of the last job of a task, by its name. @param {string} task @returns {string} */
  slurm(task) {
    const of = `-u ${this.supercomputer.user} --name=${task}`;
    const script = `s=$(squeue -ho %T ${of}); echo "\${s:-$(sacct -nXP -S now-1days ${of} -o state | tail -n 1)}"`;
    return this.supercomputer.inside("login", script);
  }

  /** @param {string} task @param {RegExp} state @param {number} [seconds] */
  untilSlurm(task, state, seconds = 30) {
    return this.world.until(() => state.test(this.slurm(task)), seconds);
  }
}

/** The host has keys that are let in, and knows both supercomputers. @param {World} world */
export function logins({ gate, bridge, first, supercomputers }) {
  gate.check(
    "the host logs in: a registered key, an operator's certificate, host keys by published fingerprints",
    () => {
      for (const supercomputer of supercomputers) {
        const { name, user } = supercomputer;
        const key = supercomputer.made("ecflow");
        supercomputer.must("admit", user, `${key}.pub`);
        const to = `/etc/platform/hpc/${name}`;
        const bring = `umask 077; cat > ${to}; chown ecflow ${to}`;
        const { code, out } = bridge.sandbox(["exec", first, "sh", "-c", bring], readFileSync(key, "utf8"));
        same([code, out], [0, ""]);
        if (supercomputer.told.auth !== "operator-certificate") continue;
        const certify = ["exec", first, "platform-hpc", "certify", name];
        const told = bridge.sandbox(certify, readFileSync(`${key}-cert.pub`, "utf8"));
        same([told.code, /holds until/.test(told.out)], [0, true]);
      }
      bridge.inside(first, "platform-hpc pin; platform-hpc trust");
      for (const { name, user } of supercomputers)
        same(bridge.inside(first, `platform-hpc check ${name}`).includes(user), true);
    },
  );
}

/** @param {World} world */
export async function jobs(world) {
  const { gate, bridge, server, first, supercomputers } = world;
  const all = supercomputers.map((each) => new Jobs(world, each));
  /** On all, one after the other. @param {string} name @param {(jobs: Jobs) => Promise<void> | void} check */
  const each = (name, check) =>
    gate.checked(name, async () => {
      for (const one of all) await check(one);
    });

  await each(
    "a suite submits to both: jobs report from their nodes what they do, and what they have done",
    async (one) => {
      if (one === all[0]) {
        const variables = JSON.parse(bridge.inside(first, "cat /etc/platform/hpc/suites.json"));
        const asks = ["--cpu-nodes", "1", "--walltime", "10min", "--json"];
        /** @type {{ name: string, directives: Record<string, string> }[]} */
        const asked = JSON.parse(bridge.databridge("job", ...supercomputers.map(({ name }) => name), ...asks).stdout);
        const file = join(gate.folder, "chain.def");
        writeFileSync(file, suiteOf(variables));
        for (const { name, directives } of asked)
          for (const [task, does] of Object.entries(work)) {
            const write = `mkdir -p ${files}/${name}; cat > ${files}/${name}/${task}.ecf; chown -R ecflow ${files}`;
            const { code, out } = bridge.sandbox(["exec", first, "sh", "-c", write], script(task, does, directives));
            same([code, out], [0, ""]);
          }
        const operators = world.client("operators");
        for (const words of [[`--load=${file}`], ["--begin=chain"]]) same(world.told(operators, ...words), "");
      }
      // It submits once a minute.
      await one.until("runs", "active", 90);
      same(one.slurm("runs"), "RUNNING");
      await world.until(() => world.asked("--query", "meter", `${one.path("runs")}:step`) === "5", 10);
      same(/^n\d{5}$/.test(world.asked("--query", "label", `${one.path("runs")}:node`)), true);
    },
  );
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
      server.bringCertificate(first, world.authority.issue(world.seen));
      bridge.inside(first, `systemctl stop ${server.unit}`);
      for (const { supercomputer } of all) supercomputer.inside("login", `touch ~${supercomputer.user}/go`);
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
  await each("output of jobs comes to the host of the server, by the path at which it lies there", async (one) => {
    const { name } = one.supercomputer;
    bridge.inside(first, "systemctl start hpc-fetch-ecflow");
    const { [name]: of } = JSON.parse(bridge.inside(first, "cat /etc/platform/hpc/suites.json"));
    same(bridge.inside(first, `cat ${of.ECF_OUT}/chain/${name}/fails.1`).includes("said before it failed"), true);
  });
  gate.check("nobody is a zombie, and nothing runs on", () => {
    same(world.asked("--zombie_get").includes("/chain"), false);
    for (const { supercomputer } of all) same(supercomputer.inside("login", "squeue -ho %j").trim(), "");
  });
}
