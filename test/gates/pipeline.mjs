#!/usr/bin/env node
// The pipelines that GitLab would run, run: their scripts, job by job, in production's own way, on a cloud of the sandbox and states that
// are kept by HTTP. What was read is applied; another plan, a plan of another commit, and one that is stale are not.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../cli/prepare.mjs";
import { Clouds, counted, same } from "./clouds.mjs";
import { Gate, run, Skipped } from "./gate.mjs";
import { jobsIn, Runner } from "./pipeline/runner.mjs";
import { States } from "./pipeline/states.mjs";

const gate = new Gate();
const clouds = new Clouds(gate.folder);
const states = new States();
const { project, world } = clouds;
const stack = "north-production-tenancy";
const plans = "plan north-production";
const applies = `apply ${stack}`;
const git = (/** @type {string[]} */ ...args) => run("git", args, { cwd: project });
const commit = (/** @type {string} */ what) => {
  git("add", "--all");
  git("-c", "user.name=gate", "-c", "user.email=gate@example.org", "commit", "--quiet", "--allow-empty", "-m", what);
};

/** The site of the README, without what it runs but what all others are reached by. @param {string} address of states */
function north(address) {
  const [, text = ""] = /```ts\n(import [\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
  const issuer = '{ issuer: "https://git.example.org", audience: "platform"';
  const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  const because = `{ reason: "no collector is tried here", owner: "production-services", until: "${until}" }`;
  return text
    .replace(/state: s3\(\{.*?\}\)/, `state: http({ address: "${address}" })`)
    .replace("{ allocated,", "{ acknowledge, allocated,")
    .replace("network, openstack, s3, site", "http, network, openstack, site")
    .replace(
      'owner: "production-services",',
      'owner: "production-services",\n      calendar: { forecast: "02:00-03:00" },',
    )
    .replace(
      "  tenancies:",
      `  acknowledged: [acknowledge("unobserved-tenancy", ["production.runs"], ${because})],\n  tenancies:`,
    )
    .replace(/, ecflow\(.*?\)\]/, "]")
    .replace("bastion, ecflow, proxy", "bastion, proxy")
    .replace(
      'country: "FI",',
      `country: "FI",\n  identity: { people: ${issuer} }, pipelines: ${issuer}, projects: ["a/b"] } },`,
    );
}

let isUp = false;
/** @param {string} name @param {() => unknown} what */
const check = (name, what) =>
  gate.checked(name, async () => {
    if (!isUp) throw new Skipped("the cloud did not come up");
    await what();
  });
/** @type {Runner} */
let runner;
/** Runs the jobs of the pipeline that plans, as for a push to the default branch. @returns the jobs that apply */
async function planned() {
  const render = jobsIn(readFileSync(join(project, ".gitlab-ci.yml"), "utf8")).render;
  if (!render) throw new Error("nothing renders the pipeline");
  await runner.must("render", render);
  const jobs = jobsIn(readFileSync(runner.artifact("render", "plan.yml"), "utf8"));
  for (const [name, job] of Object.entries(jobs)) if (job.script) await runner.must(name, job);
  return jobsIn(readFileSync(runner.artifact("review", "apply.yml"), "utf8"));
}
/** @param {Record<string, import("./pipeline/runner.mjs").Job>} jobs */
const apply = ({ [applies]: job }) => {
  if (!job) throw new Error(`no job applies ${stack}`);
  return job;
};
/** @param {import("./pipeline/runner.mjs").Job} job @param {RegExp} why @param {() => void} [before] */
async function refused(job, why, before) {
  const { code, out } = await runner.run(applies, job, before && { before });
  if (code !== 1 || !why.test(out)) throw new Error(`${code}: ${out.slice(-2000)}`);
}
const servers = async () => counted(await clouds.inventory("north-production")).servers ?? 0;

try {
  await gate.checked("a platform of one site, in a repository; its cloud comes up", async () => {
    if (process.getuid?.() !== 0) throw new Skipped("Debian's packages are installed by root");
    for (const name of readdirSync(join(project, "sites"))) rmSync(join(project, "sites", name), { recursive: true });
    rmSync(join(project, "synthesized"), { recursive: true });
    writeFileSync(join(project, "sites", "north.ts"), north(`${await states.start()}/states`));
    clouds.must("sandbox", "up", "north");
    isUp = true;
    git("init", "--quiet", "--initial-branch=main");
    const key = readFileSync(join(world, "ca.pub"), "utf8").trim();
    clouds.must("learn", "north", `trust.sshUserCa=${key}`);
    commit("a site, of which nothing is synthesized");
    for (const command of ["synth", "lock"]) clouds.must(command);
    commit("what it gives");
    // Production refuses what lies in the folder of a sandbox.
    cpSync(join(world, "clouds.yaml"), join(gate.folder, "clouds.yaml"));
    const { engine, cliConfig } = clouds.read("sandbox.json");
    const { PATH = "", HOME = "" } = process.env;
    const env = { PATH, HOME, TERRAFORM_BINARY_NAME: engine, TF_CLI_CONFIG_FILE: cliConfig, CI: "true" };
    // As GitLab has it of the first push.
    const first = { CI_COMMIT_BEFORE_SHA: "0".repeat(40) };
    runner = new Runner(
      project,
      join(gate.folder, "artifacts"),
      { ...env, ...first },
      {
        OS_CLIENT_CONFIG_FILE: join(gate.folder, "clouds.yaml"),
        CLOUDS_production: join(gate.folder, "clouds.yaml"),
        TF_HTTP_USERNAME: states.user,
        TF_HTTP_PASSWORD: states.password,
        TF_VAR_state_passphrase: "sixteen letters of a passphrase",
      },
    );
  });
  /** @type {Record<string, import("./pipeline/runner.mjs").Job>} */
  let jobs = {};
  await check("every change is checked, planned, and its plans read as one packet", async () => {
    jobs = await planned();
    const packet = JSON.parse(readFileSync(runner.artifact("review", "packet.json"), "utf8"));
    same([packet.verdict.unexplained, packet.verdict.unwise, packet.verdict.irreversible], [0, 0, 0]);
    same(Object.keys(packet.head.parts), ["locks", `plan ${stack}`]);
    // Plans that are looked at keep nobody from applying.
    same([await servers(), states.locked], [0, 0]);
  });
  await check("a plan of another commit is refused", async () => {
    commit("another");
    await refused(apply(jobs), /its plan is of \w{40}, and here is \w{40}/);
    git("reset", "--quiet", "--hard", "HEAD^");
  });
  await check("a plan that was exchanged is refused: its file, or all that was noted of it", async () => {
    const place = join(project, "plans");
    await refused(apply(jobs), /is not the plan that was kept/, () =>
      writeFileSync(join(place, `${stack}.plan`), "another"),
    );
    // Somebody plans something else of the same, and puts all of it in the place of what people have read.
    const plan = jobsIn(readFileSync(runner.artifact("render", "plan.yml"), "utf8"))[plans];
    if (!plan) throw new Error("nothing plans");
    const other = new Runner(project, join(gate.folder, "others"), runner.env, runner.secrets);
    await other.must(plans, { ...plan, needs: [] });
    const made = other.artifact(plans, "plans");
    const [{ address }] = JSON.parse(readFileSync(join(made, `${stack}.json`), "utf8")).resource_changes;
    const file = join(made, `${stack}.plan`);
    const noted = join(made, `${stack}.manifest.json`);
    const words = ["plan", "-input=false", `-target=${address}`, `-out=${file}`];
    const env = { ...runner.env, ...runner.secrets };
    // Not waited for in place: the states are kept by this program.
    await promisify(execFile)(runner.env.TERRAFORM_BINARY_NAME ?? "tofu", words, {
      cwd: join(project, "cdktf.out", "stacks", stack),
      env,
    });
    const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
    writeFileSync(noted, JSON.stringify({ ...JSON.parse(readFileSync(noted, "utf8")), digest }));
    await refused(apply(jobs), /not the one that was read/, () =>
      cpSync(made, place, { recursive: true, force: true }),
    );
    same(await servers(), 0);
  });
  await check("what was read is applied, and says so; the clouds' answers are the next change", async () => {
    await runner.must(applies, apply(jobs));
    same(await servers(), 2);
    const noted = runner.artifact(applies, `plans/${stack}.applied.json`);
    same(JSON.parse(readFileSync(noted, "utf8")).stack, stack);
    const report = JSON.parse(readFileSync(runner.artifact(applies, ".databridge/report.json"), "utf8"));
    same(
      report.steps.map((/** @type {any} */ { id, progress }) => [id, progress]),
      [[applies, "done"]],
    );
    const { "learn north": learn } = jobs;
    if (!learn) throw new Error("nothing is learned");
    await runner.must("learn north", learn);
    const patch = readFileSync(runner.artifact("learn north", "learned.patch"), "utf8");
    same(/^\+ .*"router"/m.test(patch), true);
  });
  await check("the same plan a second time is stale, and refused by the engine", () =>
    refused(apply(jobs), /stale[\s\S]*have that plan read/),
  );
  await check("what has nothing to do has no job, and what was learned is the next change", async () => {
    git("apply", runner.artifact("learn north", "learned.patch"));
    for (const command of ["synth", "lock"]) clouds.must(command);
    const before = run("git", ["rev-parse", "HEAD"], { cwd: project }).trim();
    commit("learned");
    commit("and another commit of the same push");
    runner.env.CI_COMMIT_BEFORE_SHA = before;
    const next = await planned();
    // What was learned reaches hosts by Ansible.
    same(Object.keys(next), ["configure north"]);
    const packet = JSON.parse(readFileSync(runner.artifact("review", "packet.json"), "utf8"));
    same(packet.base.ref, before);
  });
} finally {
  await check("down leaves nothing", () => {
    clouds.must("sandbox", "down");
    same(clouds.processes, []);
  });
  if (isUp) clouds.databridge("sandbox", "down");
  states.stop();
}
gate.done();
