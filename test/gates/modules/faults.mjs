// What breaks while a deployment runs: it ends as it should, or says why not, and the next run goes on where it has ended.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../../../cli/prepare.mjs";
import { same } from "../clouds.mjs";

/** @typedef {import("../gate.mjs").Gate} Gate */
/** @typedef {import("./world.mjs").World} World */

/** Everything of the internet, in sandbox/outside.ts. */
const internet = "198.51.100.80";
/** The node on which the partition `small` builds. */
const node = "n30001";

/** @param {Gate} gate @param {World} world */
export async function faults(gate, world) {
  const [, young = ""] = world.installations;
  const { lumi } = world;
  let seconds = 20;

  /** Another build, in which there is time for something to happen. @param {number} [pause] */
  const another = (pause = ++seconds) => world.change(/-DPAUSE=\d+/, `-DPAUSE=${pause}`);
  const jobs = () =>
    lumi
      .inside("login", "squeue -ho %i,%T")
      .trim()
      .split("\n")
      .filter((line) => line.endsWith(",RUNNING"));
  /** One that runs, once its job does. @param {readonly string[]} words */
  const running = async (...words) => {
    const deployment = world.begun("--only", young, ...words);
    for (let left = 240; left > 0 && jobs().length === 0; left--) await sleep(250);
    const [job = ""] = (jobs()[0] ?? "").split(",");
    if (job === "") throw new Error(`no job runs: ${deployment.said()}`);
    return { ...deployment, job };
  };
  /** @param {{ code: number | null, out: string }} ended @param {number} wanted @param {readonly RegExp[]} said */
  const ends = ({ code, out }, wanted, ...said) => {
    const silent = said.filter((each) => !each.test(out));
    if (code !== wanted || silent.length > 0) throw new Error(`${code}, without ${silent}: ${out.slice(-3000)}`);
  };
  const isWanted = () => {
    const row = world.status()[young];
    same([row?.current === row?.wanted, row?.lease], [true, null]);
  };

  await gate.checked(
    "a job that somebody cancels is told, what is current stays, and the next run builds it",
    async () => {
      const current = world.current(young);
      another();
      const { ended, job } = await running();
      lumi.inside("management", `scancel ${job}`);
      ends(await ended, 1, /cancelled/i);
      same(world.current(young), current);
      world.deployed("--only", young);
      isWanted();
    },
  );

  await gate.checked(
    "a second deployment meanwhile is told who has the lease, and the first is not disturbed",
    async () => {
      another();
      const { ended } = await running();
      ends(world.deploy("--only", young), 75, /is held by lumi-production/);
      ends(await ended, 0, /publish done/);
      isWanted();
    },
  );

  await gate.checked("a connection that is lost ends nothing", async () => {
    another();
    const { ended } = await running();
    // While something is asked there, so that the answer is lost.
    const cut =
      "for i in $(seq 3000); do pgrep -u ecmwf-dte -f '^bash -s' && pkill -KILL -u ecmwf-dte sshd && exit; sleep 0.02; done; exit 1";
    lumi.inside("login", cut);
    ends(await ended, 0, /(tried|asked) again in/, /publish done/);
    isWanted();
  });

  await gate.checked("login nodes that are booted anew end nothing", async () => {
    another(40);
    const { ended, said } = await running();
    lumi.must("stop", "login", "--kill");
    for (let left = 180; left > 0 && !/(tried|asked) again in/.test(said()); left--) await sleep(500);
    lumi.must("start", "login");
    ends(await ended, 0, /(tried|asked) again in/, /publish done/);
    isWanted();
  });

  await gate.checked(
    "a deployment that is killed leaves a lease that runs out, and a job that the next one waits for",
    async () => {
      another(41);
      const { child, ended, job } = await running();
      lumi.inside("login", "true");
      spawn("sh", ["-c", `pkill -KILL -f '[-]-order ${join(world.bridge.world, "modules")}'`]);
      child.kill("SIGKILL");
      await ended;
      ends(world.deploy("--only", young), 75, /is held by/);
      const lease = `${world.prefix}/${young}/lease`;
      lumi.inside(
        "login",
        `read -r token until who < ${lease}; echo "$token 1 $who" > ${lease}; chown ecmwf-dte ${lease}`,
      );
      ends(
        world.deploy("--only", young),
        0,
        /has run out, and is taken over/,
        new RegExp(`job ${job} is there already`),
        /publish done/,
      );
      isWanted();
    },
  );

  await gate.checked("a build that takes longer than it may is told", async () => {
    const current = world.current(young);
    another(300);
    world.change("minutes(60)", "minutes(1)");
    ends(world.deploy("--only", young), 1, /wall ?time/);
    same(world.current(young), current);
    world.change("minutes(1)", "minutes(60)");
  });

  await gate.checked("a disk that is full is told, and once there is room the next run goes on", async () => {
    const current = world.current(young);
    another(1);
    const releases = `${world.prefix}/${young}/releases`;
    lumi.inside(node, `mount -t tmpfs -o size=256k,uid=2000,gid=3000,mode=0770 tmpfs ${releases}`);
    ends(world.deploy("--only", young), 1, /No space left/);
    same(world.current(young), current);
    lumi.inside(node, `umount ${releases}`);
    world.deployed("--only", young);
    isWanted();
  });

  await gate.checked("a disk that is full where it is staged is told, and the lease is given back", async () => {
    const current = world.current(young);
    another(3);
    const work = `${world.prefix}/${young}/work`;
    lumi.inside("login", `mount -t tmpfs -o size=8k,uid=2000,gid=3000,mode=0770 tmpfs ${work}`);
    try {
      ends(world.deploy("--only", young), 1, /No space left/);
      same([world.current(young), world.status()[young]?.lease], [current, null]);
    } finally {
      lumi.inside("login", `umount ${work}`);
    }
    world.deployed("--only", young);
    isWanted();
  });

  await gate.checked("sources that a login node fetches are held against their checksum too", async () => {
    const program = join(root, "sandbox", "hpc", "hpc.py");
    const server = spawn(
      program,
      [
        "outside",
        lumi.state,
        "internet",
        "/usr/bin/python3",
        "-m",
        "http.server",
        "8000",
        "--directory",
        world.sources,
      ],
      { stdio: "ignore" },
    );
    try {
      lumi.inside(
        "login",
        `for i in $(seq 50); do curl -sfo /dev/null http://${internet}:8000/ && exit; sleep 0.2; done; exit 1`,
      );
      world.change(/https:\/\/example\.org\//g, `http://${internet}:8000/`);
      world.change('"sources": "brought"', '"sources": "login"');
      lumi.inside("login", `rm -rf ${world.prefix}/sources/*`);
      another(2);
      const { code, out } = world.modules("deploy", "--only", young);
      ends({ code, out }, 0, /tiles-1\.2\.tar\.gz fetched/, /publish done/);
      isWanted();
      lumi.inside("login", `rm -rf ${world.prefix}/sources/*`);
      world.look({ "tiles-1.2": "1".repeat(64) });
      ends(world.modules("deploy", "--only", young), 1, /has the checksum/);
    } finally {
      server.kill();
    }
  });
}
