import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { outdated, writeSynthesized } from "../../engine/synthesized";
import { withoutTraces } from "../../engine/traces";
import { main } from "../../main";
import { holdsOf, isOver, overText } from "../../model/holds";
import type { Registers } from "../../model/registers";
import { type Step, stepsOf, without } from "../../model/steps";
import { didYouMean, listed, type Problem } from "../../model/words/problem";
import { type Act, stepsOfAct } from "../../operate/acts";
import { Deployment } from "../../operate/deployment";
import { keptIn } from "../../operate/destruction";
import { interruptPrograms } from "../../operate/program";
import { run } from "../../operate/run";
import { plansRead, readPacket } from "../../review/schema";
import { Misused } from "../misused";
import { ProgressLines } from "../print/progress-lines";
import { endText, reportOf, writeReport } from "../print/report";
import { claimed } from "../project/claim";
import { toCommit } from "../project/closed-hours";
import { isWanted, outdir, soundDescription, tell, world } from "../project/description";
import { engineOf } from "../project/engine";
import { LiveDescription } from "../project/live-description";
import { commitHere } from "../project/reviewed";
import { today } from "../project/today";
import { approval } from "./approval";
import { type Changed, hasHosts, performer } from "./deploy-step";
import { recordApplied } from "./lock";

export interface DeployOptions {
  readonly planOnly?: boolean;
  readonly plans?: boolean;
  /** Only these. @default - all of the sites */
  readonly stacks?: readonly string[];
  /** Where plans are kept. @default - `plans` in the world's folder */
  readonly folder?: string;
  /** The packet that was read, of `databridge review --json`. @default - any plan that was kept is applied */
  readonly packet?: string;
  readonly destroy?: boolean;
  readonly lose?: readonly string[];
  readonly yes?: boolean;
  readonly irreversible?: boolean;
  /** Whether hosts are configured too. @default true */
  readonly configure?: boolean;
  /** What allows to interrupt something in closed hours. */
  readonly incident?: string;
  readonly engine?: string;
  readonly parallel?: string;
  readonly json?: boolean;
}

/** `databridge deploy <site…>`. @returns the exit code: 1 if a step failed, or was skipped; what is held is no failure */
export async function runDeploy(sites: readonly string[], options: DeployOptions): Promise<number> {
  const { json = false, lose = [] } = options;
  const act = actOf(options);
  const parallel = Number(options.parallel ?? 4);
  if (!Number.isInteger(parallel) || parallel < 1) throw new Misused("--parallel takes a number from 1");
  const engine = engineOf(options.engine);
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  return claimed(world.work, async () => {
    const description = LiveDescription.of(registers);
    if (!(description instanceof LiveDescription)) return refused(description, json);
    const all = stepsOfAct(registers, {
      act,
      isWanted: (site) => isWanted(site, sites),
      configures: (site) => options.configure !== false && hasHosts(registers, site),
    });
    const steps = onlyOf(all, options.stacks);
    const problems = [
      ...peopleFirst(registers, steps),
      ...(act === "destroy" ? unknownLosses(description, steps, lose) : unreviewed(registers)),
    ];
    if (problems.length > 0) return refused(problems, json);

    const { isStopped, stop, release } = interruption();
    const lines = new ProgressLines(
      steps.map(({ id }) => id),
      json,
    );
    const changed: Changed = { applied: [], forgotten: [], overrides: [] };
    const deployment = new Deployment({
      engine: engine.program,
      env: engine.env,
      output: outdir,
      work: world.work,
      ...(options.folder === undefined ? {} : { plans: resolve(options.folder) }),
      ...commitOfPlans(act),
      isApproved: approval({
        ...options,
        head: description,
        pause: lines.pause,
        stop,
        onOverride: (overrides) => changed.overrides.push(...overrides),
      }),
      isStopped,
      onDone: (stack, done, of) => lines.count(stack, done, of),
    });
    const reviewed = options.packet === undefined ? undefined : plansOf(options.packet);
    const performed = performer(
      act,
      deployment,
      description,
      { ...options, ...(reviewed && { reviewed }) },
      changed,
      lines.count,
    );
    const begun = new Date();
    const outcomes = await run({ steps, perform: performed, parallel, isStopped, onProgress: lines.show });
    release();
    const unsettled = act === "plan" ? [] : await settled(description.registers, changed, act);

    const report = reportOf({
      sites,
      engine: engine.program,
      begun,
      outcomes,
      logOf: (of) => deployment.logOf(of),
      problems: unsettled,
      ...(options.incident === undefined ? {} : { incident: options.incident }),
      overrides: changed.overrides,
    });
    const file = join(world.work, "report.json");
    writeReport(file, report);
    const isDone = outcomes.every(({ progress }) => progress === "done" || progress === "held");
    const besides = [
      ...toCommit(changed.overrides),
      ...holdsOf(registers)
        .filter((hold) => isWanted(hold.site, sites) && isOver(hold, today()))
        .map(overText),
    ];
    if (json) console.log(JSON.stringify(report, undefined, 2));
    else console.log(endText(report, file, [...besides, ...nextOf(act, isDone, sites, deployment.plans, options)]));
    if (unsettled.length > 0 && !json) tell(unsettled, json);
    return isDone && unsettled.length === 0 ? 0 : 1;
  });
}

function actOf({ planOnly = false, plans = false, destroy = false, lose = [], ...only }: DeployOptions): Act {
  if ([planOnly, plans, destroy].filter(Boolean).length > 1)
    throw new Misused("--plan-only, --plans and --destroy exclude each other");
  if (lose.length > 0 && !destroy) throw new Misused("--lose goes with --destroy");
  if (only.stacks !== undefined && !planOnly && !plans) throw new Misused("--stacks goes with --plan-only or --plans");
  if (only.folder !== undefined && !planOnly && !plans) throw new Misused("--folder goes with --plan-only or --plans");
  if (only.packet !== undefined && !plans) throw new Misused("--packet goes with --plans");
  return planOnly ? "plan" : plans ? "apply plans" : destroy ? "destroy" : "apply";
}

/** @throws Misused for a stack that is none of these */
function onlyOf(steps: readonly Step[], wanted: readonly string[] | undefined): readonly Step[] {
  if (wanted === undefined) return steps;
  const stacks = steps.flatMap(({ stack }) => stack ?? []);
  const unknown = wanted.find((stack) => !stacks.includes(stack));
  if (unknown !== undefined)
    throw new Misused(
      `there is no stack "${unknown}" of these sites; ${didYouMean(unknown, stacks, `there are ${listed(stacks)}`)}`,
    );
  return without(steps, ({ stack = "" }) => !wanted.includes(stack));
}

/** Plans are of a commit, which whoever applies them has to be at. */
function commitOfPlans(act: Act): { readonly commit?: string } {
  const commit = act === "plan" || act === "apply plans" ? commitHere() : undefined;
  return commit === undefined ? {} : { commit };
}

/** Digests of the plans that a packet tells of, by stack. @throws Misused if it is no packet */
function plansOf(file: string): ReadonlyMap<string, string> {
  const text = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  if (text === undefined)
    throw new Misused(`there is no file ${file}: databridge review --plans <folder> --json > ${file}`);
  const packet = readPacket(text);
  if (!packet) throw new Misused(`${file} is no packet of databridge review --json`);
  return plansRead(packet);
}

/** Steps of people without which none of these can be done. */
function peopleFirst(registers: Registers, steps: readonly Step[]): readonly Problem[] {
  const all = stepsOf(registers);
  const ids = new Set(steps.map(({ id }) => id));
  const needed = new Set(all.flatMap(({ id, needs }) => (ids.has(id) ? needs : [])));
  return (
    all
      // What comes after steps of the run itself is for people when it is reached.
      .filter(({ kind, id, needs }) => kind === "person" && needed.has(id) && needs.length === 0)
      .map(({ id, what }) => ({
        path: "deploy",
        value: `${id} is not done`,
        allowed: "what people do first",
        fix: what,
      }))
  );
}

/** What is to be lost by name has to be kept, and here: a slip must not pass for a decision. */
function unknownLosses(
  description: LiveDescription,
  steps: readonly Step[],
  lose: readonly string[],
): readonly Problem[] {
  const kept = steps.flatMap(({ stack }) =>
    stack === undefined
      ? []
      : keptIn(JSON.parse(description.files(stack).get("cdk.tf.json") ?? "{}")).map((address) => `${stack}.${address}`),
  );
  return lose
    .filter((each) => each !== "all" && !kept.includes(each))
    .map((value) => ({
      path: "--lose",
      value,
      allowed: `all, or what is kept: ${listed(kept)}`,
      fix: didYouMean(value, kept, "take the name from databridge synth's lock"),
    }));
}

/** What production gets is what reviewers have seen. */
function unreviewed(registers: Registers): readonly Problem[] {
  if (world.name === "sandbox") return [];
  const changed = outdated(
    world,
    withoutTraces(() => main(registers, outdir, world.name)),
  );
  if (changed.length === 0) return [];
  const allowed = "what the sites give, so that what is applied was seen by reviewers";
  return [{ path: "synthesized", value: listed(changed), allowed, fix: "databridge synth, and have it reviewed" }];
}

/** Puts output in place, and in the sandbox the locks; in production people commit these. */
async function settled(registers: Registers, { applied, forgotten }: Changed, act: Act): Promise<readonly Problem[]> {
  if (act !== "destroy")
    writeSynthesized(
      world,
      withoutTraces(() => main(registers, outdir, world.name)),
    );
  if (world.name === "production") return [];
  return recordApplied(applied, forgotten);
}

/**
 * On the first interrupt nothing begins any more, and engines end what they are at: a terminal's Ctrl-C they hear themselves,
 * what is sent to us alone is passed on.
 */
function interruption() {
  const is = { stopped: false };
  const stop = (signal: NodeJS.Signals) => {
    if (!is.stopped) console.error("stopping: what runs is ended in order, nothing else begins");
    is.stopped = true;
    if (signal !== "SIGINT" || !process.stdin.isTTY) interruptPrograms();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  const release = () => {
    for (const signal of signals) process.off(signal, stop);
  };
  return { isStopped: () => is.stopped, stop: () => stop("SIGTERM"), release };
}

function nextOf(
  act: Act,
  isDone: boolean,
  sites: readonly string[],
  plans: string,
  { folder }: DeployOptions,
): readonly string[] {
  const inWorld = world.name === "sandbox" ? " --world sandbox" : "";
  const again = `databridge deploy ${sites.join(" ")}${inWorld}`;
  if (!isDone)
    return [
      `${again}, once it is mended: what is done is not done again`,
      `databridge drift ${sites.join(" ")}${inWorld} --state, if the engine was killed: what it made and told nobody`,
    ];
  if (act === "plan")
    return [
      `databridge review --plans ${relative(process.cwd(), plans)}`,
      `${again} --plans${folder === undefined ? "" : ` --folder ${folder}`}`,
    ];
  if (act === "destroy" || world.name === "sandbox") return [];
  return ["databridge lock, and commit sites/*.lock.json and synthesized/"];
}

function refused(problems: readonly Problem[], json: boolean): number {
  tell(problems, json);
  return 1;
}
