// The exporter of ecFlow looks at two real servers on loopback, one by TLS: what it tells is what they do, also where they fail.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../../../cli/prepare.mjs";
import { filesIn, same } from "../clouds.mjs";
import { isThere, run, Skipped } from "../gate.mjs";
import { promtool } from "../promtool.mjs";
import { Authority } from "./ecflow/authority.mjs";
import { freePort, Server } from "./ecflow/server.mjs";
import { Exporter } from "./exporter.mjs";

const program = join(root, "exporters", "ecflow", "platform-ecflow-exporter");
const packages = ["ecflow-server", "ecflow-client", "python3-ecflow", "python3-prometheus-client"];
const states = ["aborted", "active", "submitted", "queued", "complete", "suspended", "unknown"];

/** Jobs are submitted, and nobody runs them: what becomes of tasks is said by the gate. @param {string} folder */
const suite = (folder) => `suite s
 edit ECF_FILES ${folder}
 edit ECF_HOME ${folder}
 edit ECF_JOB_CMD true
 edit ECF_TRIES 1
 family main
  family forecast
   task a
   task b
  endfamily
  family after
   trigger forecast == complete
   task c
   task d
    trigger c == complete
    late -a 00:00
  endfamily
 endfamily
endsuite
`;

/** @param {import("../gate.mjs").Gate} gate */
export async function ecflowExporter(gate) {
  if (process.getuid?.() !== 0 || !isThere("apt-get")) throw new Skipped("needs Debian and root");
  const lacking = packages.filter((name) => spawnSync("dpkg", ["-s", name]).status !== 0);
  if (lacking.length > 0) run("apt-get", ["install", "-qq", "--no-install-recommends", ...lacking]);
  gate.check("a configuration that is wrong is told whole, with what is allowed", () => refused(gate.folder));
  await gate.checked("what is rendered for hosts is taken, and what is not there on this machine is told", () =>
    rendered(gate.folder),
  );
  const world = await begun(gate.folder);
  try {
    await checked(gate, world);
  } finally {
    await world.exporter.end();
    for (const server of [world.prod, world.test]) await server.end();
  }
}

/** @param {string} folder */
function refused(folder) {
  const file = join(folder, "wrong.json");
  const server = { server: "prod", host: "localhost", port: "3141", user: "probe", passwords: "passwords" };
  const milestones = [
    { milestone: "m", node: "forecast" },
    { milestone: "m", node: "/s/main" },
  ];
  const servers = [{ ...server, milestones }, { server: "prod" }];
  writeFileSync(file, JSON.stringify({ listen: "9810", every: 0, labels: { server: "x" }, colour: 1, servers }));
  const { status, stderr, stdout } = spawnSync(program, [file], { encoding: "utf8" });
  same(
    [status, stdout, stderr.replaceAll(`${file}: `, "").trimEnd().split("\n")],
    [
      2,
      "",
      [
        "colour is not known, allowed: listen, state, every, timeout, labels, servers",
        "state is not there, allowed: a path in full",
        'listen is "9810", allowed: an address and a port, 10.0.0.5:9810',
        "every is 0, allowed: a whole number, 1 to 3600",
        'labels is {"server": "x"}, allowed: text by label, of which none is server, state, milestone',
        'servers[0].port is "3141", allowed: a whole number, 1024 to 49150',
        'servers[0].passwords is "passwords", allowed: a path in full',
        'servers[0].milestones[0].node is "forecast", allowed: the path of a node, /o/main',
        "servers[1].host is not there, allowed: a name or an address",
        "servers[1].port is not there, allowed: a whole number, 1024 to 49150",
        "servers[1].user is not there, allowed: a name",
        "servers[1].passwords is not there, allowed: a path in full",
        'servers has "prod" 2 times, allowed: each server once',
        'servers[0].milestones has "m" 2 times, allowed: each milestone once',
      ],
    ],
  );
  const help = spawnSync(program, ["--help"], { encoding: "utf8" });
  same([help.status, help.stdout.startsWith("platform-ecflow-exporter:")], [0, true]);
}

/** @param {string} folder */
async function rendered(folder) {
  const files = filesIn(join(root, "synthesized", "hosts")).filter((file) =>
    /\/etc\/platform\/ecflow-[^/]+\/exporter\.json$/.test(file),
  );
  if (files.length < 4) throw new Error(`only ${files.length}`);
  for (const [at, file] of files.entries()) {
    const said = JSON.parse(readFileSync(file, "utf8"));
    const here = { listen: `127.0.0.1:${await freePort()}`, state: join(folder, `rendered-${at}-milestones.json`) };
    const exporter = new Exporter(program, join(folder, `rendered-${at}.json`), { ...said, ...here });
    try {
      await exporter.start();
      const [{ server, passwords }] = said.servers;
      await exporter.until((all) => all.get(`ecflow_up{server="${server}"}`) === 0);
      same(exporter.said[1], `${server}: server: [Errno 2] No such file or directory: '${passwords}'`);
    } finally {
      await exporter.end();
    }
  }
}

/** @typedef {{ authority: Authority, prod: Server, test: Server, exporter: Exporter }} World */

/** `prod` with TLS, and `test` without. @param {string} folder @returns {Promise<World>} */
async function begun(folder) {
  const authority = new Authority(join(folder, "authority"));
  const prod = new Server(join(folder, "prod"), await freePort(), authority);
  const test = new Server(join(folder, "test"), await freePort());
  /** @param {string} server @param {Server} of */
  const said = (server, { port, passwords, check }) => ({
    ...{ server, host: "localhost", port, user: "probe", passwords, check },
    milestones: [{ milestone: "forecast-complete", node: "/s/main/forecast" }],
  });
  const config = {
    listen: `127.0.0.1:${await freePort()}`,
    state: join(folder, "milestones.json"),
    every: 1,
    timeout: 4,
    labels: { site: "north" },
    servers: [{ ...said("prod", prod), roots: authority.root }, said("test", test)],
  };
  const exporter = new Exporter(program, join(folder, "exporter.json"), config);
  for (const server of [prod, test]) {
    await server.start();
    server.begin(suite(server.folder));
  }
  return { authority, prod, test, exporter };
}

/** @param {string} name without its prefix @param {string} server @param {Readonly<Record<string, string>>} [own] */
function of(name, server, own = {}) {
  const labels = Object.entries({ ...own, server, site: "north" }).sort(([a], [b]) => (a < b ? -1 : 1));
  return `ecflow_${name}{${labels.map(([key, value]) => `${key}="${value}"`).join(",")}}`;
}

/** Those of tasks that are not 0. @param {ReadonlyMap<string, number>} series @param {string} server */
const tasks = (series, server) =>
  Object.fromEntries(
    states
      .map((state) => /** @type {const} */ ([state, series.get(of("tasks", server, { state }))]))
      .filter(([, count]) => count !== 0),
  );

/** @param {unknown} found @param {unknown} wanted */
const equal = (found, wanted) => JSON.stringify(found) === JSON.stringify(wanted);

const milestone = of("milestone_timestamp_seconds", "prod", { milestone: "forecast-complete" });
/** @param {string} pid */
const isThereStill = (pid) => existsSync(`/proc/${pid}`);
const now = () => Date.now() / 1000;

/** @param {import("../gate.mjs").Gate} gate @param {World} world */
async function checked(gate, { authority, prod, test, exporter }) {
  await gate.checked("two servers are read by one exporter, one by TLS, by an account that may only read", async () => {
    await exporter.start();
    const series = await exporter.until((all) => all.get(of("up", "prod")) && all.get(of("up", "test")));
    for (const server of ["prod", "test"]) {
      same(tasks(series, server), { submitted: 2, queued: 2 });
      same(series.get(of("suites", server)), 1);
      same(
        states.filter((state) => !series.has(of("tasks", server, { state }))),
        [],
      );
    }
    same(series.get(milestone), 0);
    same(series.has(of("certificate_expiry_timestamp_seconds", "test")), false);
    const age = now() - (series.get(of("read_timestamp_seconds", "prod")) ?? 0);
    if (age > 3 || (series.get(of("read_seconds", "prod")) ?? 9) > 1) throw new Error(`read ${age} s ago`);
  });
  await gate.checked("promtool takes it, and refuses it with a name that is none", async () => {
    const text = await exporter.text();
    const check = (/** @type {string} */ input) =>
      spawnSync(promtool(), ["check", "metrics"], { input, encoding: "utf8" });
    const { status, stdout, stderr } = check(text);
    same([status, stdout, stderr], [0, "", ""]);
    if (check(text.replace("# TYPE ecflow_up gauge", "# TYPE ecflow_up counter")).status === 0)
      throw new Error("it takes anything");
  });
  await gate.checked("halted, shut down and running again, each within a look", async () => {
    for (const [word, wanted] of /** @type {const} */ ([
      ["--halt=yes", "HALTED"],
      ["--shutdown=yes", "SHUTDOWN"],
      ["--restart", "RUNNING"],
    ])) {
      prod.ask(word);
      const series = await exporter.until((all) => all.get(of("server_state", "prod", { state: wanted })) === 1, 2.5);
      const found = ["HALTED", "SHUTDOWN", "RUNNING"].filter((state) =>
        series.get(of("server_state", "prod", { state })),
      );
      same(found, [wanted]);
      same(series.get(of("server_state", "test", { state: "RUNNING" })), 1);
    }
  });
  await gate.checked(
    "tasks that are aborted, active, submitted and suspended are counted, and how long they are so",
    async () => {
      prod.ask("--force=active", "/s/main/forecast/a");
      prod.ask("--force=aborted", "/s/main/forecast/b");
      prod.ask("--suspend=/s/main/after/d");
      await exporter.until((all) => equal(tasks(all, "prod"), { aborted: 1, active: 1, queued: 1, suspended: 1 }));
      prod.ask("--resume=/s/main/after/d");
      const { length } = prod.logged("--sync_full");
      const series = await exporter.until((all) => (all.get(of("active_oldest_seconds", "prod")) ?? 0) > 3);
      same(series.get(of("submitted_oldest_seconds", "prod")), 0);
      if ((series.get(of("submitted_oldest_seconds", "test")) ?? 0) < 3) throw new Error("it is submitted no longer");
      if ((series.get(of("submitted_oldest_seconds", "test")) ?? 999) > 180)
        throw new Error("it was submitted before it began");
      // Of two, it is told of the one that is active for longer.
      for (const state of ["active", "aborted", "active"]) prod.ask(`--force=${state}`, "/s/main/forecast/b");
      const both = await exporter.until((all) => all.get(of("tasks", "prod", { state: "active" })) === 2);
      if ((both.get(of("active_oldest_seconds", "prod")) ?? 0) < 3) throw new Error("it is told of the other");
      // All that it has was asked for before; from then on what has changed.
      same(prod.logged("--sync_full").length, length);
    },
  );
  await gate.checked("a job that nobody believes is a zombie", async () => {
    // Of what was said of tasks whose jobs had been submitted, there is one already.
    const before = (await exporter.series()).get(of("zombies", "prod")) ?? 0;
    const job = { ECF_NAME: "/s/main/after/c", ECF_PASS: "guessed", ECF_TRYNO: "1", ECF_RID: "1", ECF_DENIED: "1" };
    const child = spawn("ecflow_client", ["--complete"], { env: { ...prod.env, ...job }, stdio: "ignore" });
    try {
      await exporter.until((all) => all.get(of("zombies", "prod")) === before + 1);
    } finally {
      child.kill("SIGKILL");
    }
    same((await exporter.series()).get(of("zombies", "test")), 0);
  });
  /** @type {number | undefined} */
  let first;
  await gate.checked("a milestone is told when it was reached, and kept when its node begins again", async () => {
    // Halted, a server has states change when it was halted.
    prod.ask("--halt=yes");
    await sleep(4000);
    const before = now();
    for (const task of ["a", "b"]) prod.ask("--force=complete", `/s/main/forecast/${task}`);
    first = (await exporter.until((all) => (all.get(milestone) ?? 0) > 0)).get(milestone);
    // By the last look before it.
    if (first === undefined || first < before - 2 || first > now()) throw new Error(`${first}, and not ${before}`);
    prod.ask("--restart");
    prod.ask("--requeue=force", "/s/main");
    const series = await exporter.until((all) => all.get(of("tasks", "prod", { state: "complete" })) === 0);
    same(series.get(milestone), first);
    same(series.get(of("milestone_timestamp_seconds", "test", { milestone: "forecast-complete" })), 0);
  });
  await gate.checked(
    "it ends by SIGTERM, begins anew, and knows of the milestone; the next time moves it",
    async () => {
      const { children } = exporter;
      same([await exporter.end(), exporter.said.at(-1)], [0, "ends"]);
      // One of Python's own sees a moment later that it is alone.
      for (let times = 0; times < 20 && children.some(isThereStill); times++) await sleep(100);
      same([children.length >= 2, children.filter(isThereStill)], [true, []]);
      await exporter.start();
      same((await exporter.until((all) => all.get(of("up", "prod")) === 1)).get(milestone), first);
      for (const task of ["a", "b"]) prod.ask("--force=complete", `/s/main/forecast/${task}`);
      const series = await exporter.until((all) => (all.get(milestone) ?? 0) > (first ?? 0));
      if ((series.get(milestone) ?? 0) > now()) throw new Error("it is reached in the future");
    },
  );
  await gate.checked("a check point moves its time, and one that is gone is told once and has none", async () => {
    const name = of("checkpoint_timestamp_seconds", "test");
    await sleep(10);
    const before = now();
    test.ask("--check_pt");
    const series = await exporter.until((all) => (all.get(name) ?? 0) >= before - 0.01);
    if (Math.abs((series.get(name) ?? 0) - statSync(test.check).mtimeMs / 1000) > 0.01) throw new Error("another file");
    run("mv", [test.check, `${test.check}.away`]);
    await exporter.until((all) => !all.has(name));
    run("mv", [`${test.check}.away`, test.check]);
    await exporter.until((all) => all.has(name));
    same(
      exporter.said.filter((line) => line.startsWith("test: check point")),
      [`test: check point: [Errno 2] No such file or directory: '${test.check}'`, "test: check point: is well again"],
    );
  });
  await gate.checked("that saving is slow is told until the flag is cleared", async () => {
    const name = of("checkpoint_slow", "prod");
    same((await exporter.series()).get(name), 0);
    prod.ask("--alter=set_flag", "late", "/");
    await exporter.until((all) => all.get(name) === 1);
    prod.ask("--alter=clear_flag", "late", "/");
    await exporter.until((all) => all.get(name) === 0);
  });
  await gate.checked("the certificate ends when that does which the server shows", async () => {
    same((await exporter.series()).get(of("certificate_expiry_timestamp_seconds", "prod")), authority.end);
  });
  await gate.checked(
    "by a wrong password it is not read, which is told once; by the right one it is, without a restart",
    async () => {
      prod.write(prod.passwords, "wrongOfProbe");
      // The server goes on with what it has read; who asks it reads anew.
      await exporter.until((all) => all.get(of("up", "prod")) === 1);
      prod.ask("--reloadcustompasswdfile");
      prod.write(prod.passwords, prod.password);
      const series = await exporter.until((all) => all.get(of("up", "prod")) === 0);
      same(
        [...series.keys()].filter((name) => /_(tasks|late|zombies|oldest)/.test(name) && name.includes("prod")),
        [],
      );
      same(series.get(of("suites", "prod")), 1);
      same(series.get(of("up", "test")), 1);
      await sleep(2500);
      prod.ask("--reloadcustompasswdfile");
      await exporter.until((all) => all.get(of("up", "prod")) === 1);
      same(
        exporter.said.filter((line) => line.startsWith("prod: server")),
        [
          "prod: server: [ authentication failed ] User 'probe' is not allowed any access.",
          "prod: server: is well again",
        ],
      );
    },
  );
  await gate.checked("another password is taken as the server takes it, and no look fails", async () => {
    exporter.said.length = 0;
    prod.write(prod.passwords, "secondOfProbe");
    prod.ask("--reloadcustompasswdfile");
    for (let times = 0; times < 25; times++, await sleep(100)) same((await exporter.series()).get(of("up", "prod")), 1);
    same(exporter.said, []);
  });
  await gate.checked("a server that hangs holds up neither the other nor who asks", async () => {
    exporter.said.length = 0;
    prod.signal("SIGSTOP");
    try {
      await exporter.until((all) => all.get(of("up", "prod")) === 0);
      for (let times = 0; times < 5; times++) {
        const begins = now();
        const series = await exporter.series();
        const [answered, age] = [now() - begins, now() - (series.get(of("read_timestamp_seconds", "test")) ?? 0)];
        if (answered > 0.5 || age > 2.5) throw new Error(`answered in ${answered} s, of ${age} s ago`);
        same([series.get(of("up", "prod")), series.get(of("up", "test"))], [0, 1]);
        await sleep(1000);
      }
    } finally {
      prod.signal("SIGCONT");
    }
    await exporter.until((all) => all.get(of("up", "prod")) === 1);
    same(exporter.said, ["prod: server: does not answer within 4 s", "prod: server: is well again"]);
  });
  // Its clock goes on by the minute.
  await gate.checked("a node that is late is counted", () =>
    exporter.until((all) => all.get(of("late_nodes", "test")) === 1, 60),
  );
  await gate.checked("a server that is killed is down, what it was is told; begun anew it is read whole", async () => {
    exporter.said.length = 0;
    test.ask("--check_pt");
    const before = (await exporter.series()).get(of("read_timestamp_seconds", "test")) ?? 0;
    await test.end();
    const series = await exporter.until((all) => all.get(of("up", "test")) === 0);
    same(tasks(series, "test"), Object.fromEntries(states.map((state) => [state, undefined])));
    same(series.get(of("server_state", "test", { state: "RUNNING" })), 1);
    if ((series.get(of("read_timestamp_seconds", "test")) ?? 0) < before) throw new Error("it was read");
    await test.start();
    const again = await exporter.until((all) => all.get(of("server_state", "test", { state: "HALTED" })) === 1);
    same(tasks(again, "test"), { submitted: 2, queued: 2 });
    same(exporter.said.length, 2);
    same(/^test: server: .*Connection refused/.test(exporter.said[0] ?? ""), true);
  });
  await gate.checked("a certificate that has ended keeps it out, and is told as it is shown", async () => {
    exporter.said.length = 0;
    await prod.end();
    authority.issue(0);
    authority.shown(prod.folder);
    await sleep(1000);
    await prod.start();
    const name = of("certificate_expiry_timestamp_seconds", "prod");
    await exporter.until((all) => all.get(of("up", "prod")) === 0 && all.get(name) === authority.end);
    same(
      exporter.said.some((line) => line.includes("certificate verify failed")),
      true,
    );
  });
}
