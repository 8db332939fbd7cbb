// The exporter for supercomputers asks one of the sandbox, with its own Slurm, by what a host has of the synthesized files.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../../../cli/prepare.mjs";
import { same } from "../clouds.mjs";
import { isThere, run, Skipped } from "../gate.mjs";
import { Supercomputer } from "../hpc/supercomputer.mjs";
import { promtool } from "../promtool.mjs";
import { changed, every, host, Outside, program, project, sandbox } from "./hpc/outside.mjs";

/** @typedef {import("../gate.mjs").Gate} Gate */

const answers = join(root, "test", "gates", "exporters", "hpc", "answers.py");

/** @param {Gate} gate */
export async function hpcExporter(gate) {
  if (process.getuid?.() !== 0 || !isThere("apt-get")) throw new Skipped("needs Debian and root");
  if (spawnSync("/usr/bin/python3", ["-c", "import prometheus_client"]).status !== 0)
    run("apt-get", ["install", "-qq", "--no-install-recommends", "python3-prometheus-client"]);
  gate.check("answers mean what they say, among what sites say beside; garbled, they do no harm", () =>
    run("/usr/bin/python3", [answers, program]),
  );
  for (const [what, from, to] of faults)
    gate.check(`it is found: ${what}`, () => {
      const wrong = join(gate.folder, "wrong");
      writeFileSync(wrong, changed(from, to));
      if (spawnSync("/usr/bin/python3", [answers, wrong]).status === 0) throw new Error("nobody sees it");
    });
  gate.check("a configuration that is wrong is refused, and all of it is told", () => refused(gate));
  await asked(gate);
}

/** Of a program that was changed to what nobody may see. @type {readonly (readonly [string, string, string])[]} */
const faults = [
  ["a job that began before it waited", "max(0.0, start - eligible)", "start - eligible"],
  [
    "a time that is none",
    "with suppress(ValueError):\n        return datetime",
    "with suppress(KeyError):\n        return datetime",
  ],
  ["a row that is cut", 'if len(words) == count or (len(words) == count + 1 and words[-1] == ""):', "if words:"],
  ["a mark that is cut", "except (IndexError, KeyError, ValueError):", "except KeyError:"],
  ["the end of what never began", 'words[1] == "end" and words[2] == source', 'words[1] == "end"'],
  ["nodes of others", "partition in about.partitions and number", "number"],
  ["accounts that are written otherwise", "account.lower() == word", "account == word"],
];

/** @param {Gate} gate */
function refused(gate) {
  const about = JSON.parse(readFileSync(join(host, "exporter.json"), "utf8"));
  const [computer] = about.supercomputers;
  const wrong = { ...computer, connection: "-oProxyCommand=x", partitions: [], budget: { kind: "gold" }, modules: "x" };
  const said = { ...about, listen: "here", every: 59, port: 1, supercomputers: [computer, wrong] };
  const file = join(gate.folder, "wrong.json");
  writeFileSync(file, JSON.stringify(said));
  const { status, stderr } = spawnSync(program, [file], { encoding: "utf8" });
  same(
    [status, stderr.split("\n").slice(1, -1)],
    [
      2,
      [
        "  port: 1 · allowed: listen, ssh, every, supercomputers",
        '  supercomputers[1].budget.kind: "gold" · allowed: none, slurm, lumi-allocations, saldo',
        '  supercomputers[1].connection: "-oProxyCommand=x" · allowed: a host of the file that is ssh',
        "  supercomputers[1].partitions: [] · allowed: a list, each a partition",
        '  supercomputers[1].modules: "x" · allowed: an absolute path',
        '  supercomputers: "lumi" · allowed: each name once',
        '  listen: "here" · allowed: an address of this host, and a port: 10.0.0.5:9811',
        "  every: 59 · allowed: seconds, 60 to 86400",
      ],
    ],
  );
}

/** @param {Gate} gate */
async function asked(gate) {
  const world = join(gate.folder, "exporter");
  mkdirSync(world);
  const databridge = (/** @type {string[]} */ ...words) =>
    run(process.execPath, [join(root, "cli", "databridge.mjs"), "sandbox", ...words], {
      env: { DATABRIDGE_SANDBOX: world },
    });
  const lumi = new Supercomputer("lumi", world, world);
  const outside = new Outside(world, lumi);
  try {
    run(sandbox, ["packages", "--install"]);
    gate.check("a supercomputer comes up, with accounts that are limited", () => {
      databridge("up", "hpc", "lumi");
      limited(lumi);
    });
    await tried(gate, outside);
  } finally {
    outside.child?.kill();
    // The connection that is kept, which nobody asked to end.
    spawnSync(sandbox, ["outside", lumi.state, "stranger", "ssh", "-F", outside.ssh, "-O", "exit", "lumi"]);
    databridge("down");
  }
}

/** Usage counts where priorities do, as at sites that limit it; here when a job ends. @param {Supercomputer} lumi */
function limited(lumi) {
  const words = [
    "PriorityType=priority/multifactor",
    "PriorityDecayHalfLife=0",
    "PriorityUsageResetPeriod=NONE",
    "PriorityCalcPeriod=1440",
  ];
  lumi.inside(
    "management",
    `printf '%s\\n' ${words.join(" ")} >> /etc/slurm/slurm.conf && systemctl restart slurmctld`,
  );
  const set = `modify account ${project} set GrpTRESMins=cpu=60000,gres/gpu=1200`;
  lumi.inside("management", `sacctmgr -i ${set} && scontrol update nodename=n10001 state=drain reason=gate`);
  const play = (/** @type {string} */ name, /** @type {string} */ text) =>
    lumi.inside(
      "login",
      `printf '%s\\n' '#!/bin/sh' '${text}' > /usr/local/bin/${name}; chmod 755 /usr/local/bin/${name}`,
    );
  play(
    "lumi-allocations",
    `echo "${project} | 5/500000 (0.0%) core/hours| 11308/10000 (113.1%) gpu/hours| 0/10 (0.0%) TB/hours"`,
  );
  play("saldo", `[ -n "$2" ] || echo "${project} 20260107 20270107 2000000 1205697 1205697 60.3 164383 99394"`);
}

/** @param {Gate} gate @param {Outside} outside */
async function tried(gate, outside) {
  const { lumi } = outside;
  lumi.key = lumi.made("good");
  lumi.must("admit", lumi.user, `${lumi.key}.pub`);
  outside.prepare();
  /** @type {Record<string, string>} */
  const jobs = {};
  gate.check("jobs run, wait, and fail there; a release of software is current", () => {
    jobs.failed = lumi.submit("-p small -c 32 -t 5", "sleep 5; exit 1");
    for (const _ of [1, 2]) lumi.submit("-p debug -t 5", "sleep 300");
    jobs.waits = lumi.submit("-p standard -N 512 -t 5", "true");
    lumi.submit("-p small -t 5 -H", "true");
    lumi.login("sbatch -p largemem -t 5 --array=1-5%1 --wrap 'sleep 300'");
    jobs.first = lumi.submit("-p small-g -t 5 -w n20001 --exclusive", "sleep 6");
    jobs.second = lumi.submit("-p small-g -t 5 -w n20001 --exclusive", "true");
    const home = `/project/${project}/modules/production/48r3`;
    lumi.login(`mkdir -p ${home}/standard/releases/a ${home}/small; cd ${home}; touch standard/releases/a/.built
      ln -s releases/a standard/current; ln -s releases/b small/current`);
  });
  gate.check("somebody keeps a connection, as whoever submits does", () =>
    outside.does("ssh", "-F", outside.ssh, "lumi", "true"),
  );
  await outside.begin();
  await gate.checked("jobs that wait and that run are counted, each task of an array too", () =>
    outside.until({
      hpc_up: 1,
      ...jobsOf("debug", { pending: 0, running: 2 }),
      ...jobsOf("standard", { pending: 1, running: 0 }),
      ...jobsOf("small", { pending: 1 }),
      ...jobsOf("largemem", { pending: 4, running: 1 }),
    }),
  );
  await gate.checked("jobs that ended are, by how they did", () =>
    outside.until({
      ...endedOf("small", { failed: 1, completed: 0, timeout: 0 }),
      ...endedOf("small-g", { failed: 0, completed: 2 }),
    }),
  );
  await gate.checked("the first that waits is told, and not who holds back himself; how long others waited too", () => {
    const told = outside.scrape();
    same(told.get('hpc_queue_wait_oldest_seconds{partition="small"}'), 0);
    const age = Number(lumi.login(`squeue -h -j ${jobs.waits} -O PendingTime`));
    const oldest = told.get('hpc_queue_wait_oldest_seconds{partition="standard"}') ?? 0;
    if (oldest < 5 || oldest > age || oldest < age - 2 * every - 3) throw new Error(`${oldest}, and Slurm says ${age}`);
    const waited = lumi.login(`sacct -nXPj ${jobs.first},${jobs.second} -o reserved`).split("\n");
    const [short = 0, long = 0] = waited.map((time) => Number(time.slice(-2))).sort((a, b) => a - b);
    if (long < 4) throw new Error(`the second did not wait: ${waited}`);
    same(told.get('hpc_queue_wait_p90_seconds{partition="small-g"}'), long);
    same(told.get('hpc_queue_wait_median_seconds{partition="small-g"}'), (short + long) / 2);
  });
  await gate.checked("nodes are told by partition, one that is drained too", () =>
    outside.until({ ...nodesOf("standard", { drained: 1, idle: 1, down: 0 }), ...nodesOf("debug", { drained: 0 }) }),
  );
  await gate.checked("a limited account is told with its usage, as Slurm counts it", async () => {
    const shown = lumi.login(`scontrol -o show assoc_mgr flags=assoc accounts=${project}`);
    const used = (/** @type {string} */ limit) => 60 * Number(shown.split(`${limit}(`)[1]?.split(")")[0]);
    if (!(used("cpu=60000") >= 120)) throw new Error(shown);
    await outside.until({
      ...budgetOf({ granted: 3_600_000, used: used("cpu=60000") }, "cpu"),
      ...budgetOf({ granted: 72_000, used: used("gpu=1200") }, "gpu"),
      ...budgetOf({ granted: undefined }, "node"),
    });
  });
  await gate.checked("programs of operators, which are played, are found by who logs in", async () => {
    await outside.until(budgetOf({ granted: 36_000_000, used: 40_708_800 }, "gpu"), 5, "of-csc");
    await outside.until(budgetOf({ granted: 7_200_000_000, used: 4_340_509_200 }, "cpu"), 5, "of-cineca");
  });
  gate.check("releases that are current are told, and one that is not all there", () => {
    const told = outside.scrape();
    const of = (/** @type {string} */ name) =>
      ["standard", "small"].map((target) => told.get(`hpc_module_release_${name}{cycle="48r3",target="${target}"}`));
    const home = `/project/${project}/modules/production/48r3`;
    const moved = lumi.login(`stat -c %Y ${home}/standard/current ${home}/small/current`).split("\n").map(Number);
    same([of("complete"), of("timestamp_seconds")], [[1, 0], moved]);
  });
  gate.check("promtool finds nothing in what is told", () => {
    const text = `${outside.does("curl", "-sSf", "http://127.0.0.1:9811/metrics")}\n`;
    const { status, stdout, stderr } = spawnSync(promtool(), ["check", "metrics"], { input: text, encoding: "utf8" });
    same([status, `${stdout}${stderr}`], [0, ""]);
  });
  await gate.checked("fifty scrapes cause no login: there is one, that of the connection which is kept", async () => {
    const before = outside.logins();
    const looks = new Set();
    for (let i = 0; i < 50; i += 1) looks.add(outside.scrape().get('hpc_source_timestamp_seconds{source="squeue"}'));
    const { logins, commands } = outside.logins();
    same([before.logins, logins], [1, 1]);
    // Three supercomputers look by it, of which one is counted; other commands are of this gate.
    const most = 3 * (looks.size + 1);
    if (looks.size < 2 || commands - before.commands > most)
      throw new Error(`${commands - before.commands} by ${looks.size}`);
  });
  await gate.checked("what a site says beside, before and after, is none of it", async () => {
    const said = "MAINTENANCE|RUNNING|2026-11-27T00:00:00|";
    lumi.login(`echo 'echo "${said}"; echo "${said}" >&2; trap "echo over" EXIT' > .bashrc`);
    const at = outside.scrape().get('hpc_source_timestamp_seconds{source="squeue"}') ?? 0;
    await sleep(1000 * (every + 1));
    const told = await outside.until({
      hpc_up: 1,
      ...jobsOf("debug", { running: 2 }),
      ...jobsOf("other", { running: undefined }),
    });
    if ((told.get('hpc_source_timestamp_seconds{source="squeue"}') ?? 0) <= at) throw new Error("nobody has looked");
    lumi.inside("login", `rm /home/${lumi.user}/.bashrc`);
  });
  await gate.checked("accounting is away: it alone is told to be, shown no more in time, and comes back", async () => {
    lumi.inside("management", "systemctl stop slurmdbd");
    const told = await outside.until({ ...up("sacct", 0), ...up("squeue", 1), ...up("sinfo", 1), hpc_up: 1 });
    same(told.get('hpc_jobs_ended{partition="small",state="failed"}'), 1);
    await outside.until({ ...endedOf("small", { failed: undefined }), ...jobsOf("debug", { running: 2 }) });
    lumi.inside("management", "systemctl start slurmdbd");
    await outside.until({ ...up("sacct", 1), ...endedOf("small", { failed: 1 }) });
  });
  await gate.checked("login nodes are away: that is told, and in time nothing else but since when", async () => {
    lumi.must("stop", "login", "--kill");
    await outside.until({ hpc_up: 0, ...jobsOf("debug", { running: undefined }) }, 40);
    const names = [...outside.scrape().keys()].map((series) => series.replace(/\{.*/, ""));
    same([...new Set(names)].sort(), ["hpc_source_timestamp_seconds", "hpc_source_up", "hpc_up"]);
    for (const source of ["squeue", "sinfo", "sacct", "budget", "modules"])
      same(outside.scrape().get(`hpc_source_up{source="${source}"}`), 0);
  });
  await gate.checked("they are back, and so is all of it", async () => {
    lumi.must("start", "login");
    await outside.until({ hpc_up: 1, ...up("sacct", 1), ...jobsOf("debug", { running: 2 }) }, 40);
  });
  await gate.checked("each fault was said once when it began, and once when it ended", async () => {
    // What it says last is on its way.
    await sleep(200);
    const mine = outside.log.split("\n").filter((line) => line.startsWith("lumi: "));
    same(
      mine.map((line) => line.replace(/^(lumi: \w+ \w+).*/, "$1")),
      ["lumi: sacct fails", "lumi: sacct works", "lumi: login fails", "lumi: login works"],
    );
  });
  await gate.checked("it ends when it is told to, and leaves no command behind", async () => {
    outside.child?.kill("SIGTERM");
    for (let i = 0; i < 50 && outside.code === undefined; i += 1) await sleep(100);
    same(outside.code, 0);
    const left = run("ps", ["-eo", "args"])
      .split("\n")
      .filter((line) => line.includes(`ssh -F ${outside.ssh} -o`));
    same(left, []);
  });
}

/** @param {string} name @param {string} partition @param {Readonly<Record<string, number | undefined>>} states */
const byState = (name, partition, states) =>
  Object.fromEntries(
    Object.entries(states).map(([state, value]) => [`${name}{partition="${partition}",state="${state}"}`, value]),
  );

/** @typedef {Readonly<Record<string, number | undefined>>} Values */
const jobsOf = (/** @type {string} */ partition, /** @type {Values} */ states) =>
  byState("hpc_jobs", partition, states);
const endedOf = (/** @type {string} */ partition, /** @type {Values} */ states) =>
  byState("hpc_jobs_ended", partition, states);
const nodesOf = (/** @type {string} */ partition, /** @type {Values} */ states) =>
  byState("hpc_partition_nodes", partition, states);
const up = (/** @type {string} */ source, /** @type {number} */ value) => ({
  [`hpc_source_up{source="${source}"}`]: value,
});

/** @param {Values} kinds @param {string} unit */
const budgetOf = (kinds, unit) =>
  Object.fromEntries(
    Object.entries(kinds).map(([kind, value]) => [
      `hpc_budget_seconds{account="${project}",kind="${kind}",unit="${unit}"}`,
      value,
    ]),
  );
