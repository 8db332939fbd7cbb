import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { encryptionFile, encryptionText } from "../engine/encryption";
import { outdated, writeSynthesized } from "../engine/synthesized";
import { withoutTraces } from "../engine/traces";
import { main } from "../main";
import type { Registers } from "../model/registers";
import { listed, type Problem } from "../model/words/problem";
import { Deployment, type StackFiles } from "../operate/deployment";
import { keptIn, withoutAllBut } from "../operate/destruction";
import { type Outcome, run } from "../operate/run";
import { type Step, stepsOf } from "../operate/steps";
import { approval } from "./approval";
import { synthesizedAside } from "./aside";
import { claimed } from "./claim";
import { colors } from "./colors";
import { describe, isWanted, outdir, soundDescription, tell, world } from "./description";
import { engineOf } from "./engine";
import { recordLearned } from "./learn";
import { recordApplied } from "./lock";
import { Misused } from "./misused";
import { ProgressLines } from "./progress-lines";
import { root } from "./project";

export interface DeployOptions {
  readonly planOnly?: boolean;
  readonly plans?: boolean;
  readonly destroy?: boolean;
  readonly lose?: readonly string[];
  readonly yes?: boolean;
  readonly irreversible?: boolean;
  readonly engine?: string;
  readonly parallel?: string;
  readonly json?: boolean;
}

/** `databridge deploy <site…>`. @returns the exit code: 1 if a step failed, or was skipped */
export async function runDeploy(sites: readonly string[], options: DeployOptions): Promise<number> {
  const { json = false, planOnly = false, plans = false, destroy = false, lose = [] } = options;
  if (planOnly && (plans || destroy)) throw new Misused("--plan-only goes with neither --plans nor --destroy");
  if (plans && destroy) throw new Misused("--plans and --destroy exclude each other");
  if (lose.length > 0 && !destroy) throw new Misused("--lose goes with --destroy");
  const parallel = Number(options.parallel ?? 4);
  if (!Number.isInteger(parallel) || parallel < 1) throw new Misused("--parallel takes a number from 1");
  const engine = engineOf(options.engine);
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  return claimed(world.work, async () => {
    const description = Description.of(registers);
    if (!(description instanceof Description)) return refused(description, json);
    const steps = stepsFor(registers, sites, { isOnce: planOnly || plans || destroy });
    const before = peopleFirst(registers, steps);
    const reviewed = world.name === "production" && !destroy ? unreviewed(registers) : [];
    if (before.length + reviewed.length > 0) return refused([...before, ...reviewed], json);

    const lines = new ProgressLines(
      steps.map(({ id }) => id),
      json,
    );
    const deployment = new Deployment({
      engine: engine.program,
      env: engine.env,
      output: outdir,
      work: world.work,
      isApproved: approval({ ...options, head: description, pause: lines.pause }),
      onDone: (stack, done, of) => lines.count(stack, done, of),
    });
    const applied: string[] = [];
    const forgotten: string[] = [];
    const perform = async ({ kind, id, site = "" }: Step): Promise<string> => {
      if (kind === "learn") return learn(site, description);
      const stack = stackOf(id);
      if (destroy) {
        const { files, kept, gone } = remainder(stack, description.files(stack), lose);
        const told = await deployment.apply(stack, files);
        forgotten.push(...gone.map((address) => `${stack}.${address}`));
        return kept.length > 0 ? `${told}; ${kept.length} kept` : told;
      }
      if (planOnly) return deployment.plan(stack, description.files(stack));
      const told = await (plans ? deployment.applyKept : deployment.apply).call(
        deployment,
        stack,
        description.files(stack),
      );
      applied.push(stack);
      return told;
    };
    const { isStopped, release } = interruption();
    const begun = new Date();
    const outcomes = await run({
      steps,
      perform,
      parallel,
      isStopped,
      onProgress: (step, progress, outcome) => lines.show(labelOf(step), step.id, progress, outcome),
    });
    release();
    const problems = planOnly ? [] : await settled(description.registers, applied, forgotten, destroy);
    const report = join(world.work, "report.json");
    writeReport(report, { sites, begun, engine: engine.program, outcomes, logOf: (stack) => deployment.logOf(stack) });
    const failed = outcomes.filter(({ progress }) => progress !== "done");
    if (json)
      console.log(
        JSON.stringify(
          reportOf({ sites, begun, engine: engine.program, outcomes, logOf: (s) => deployment.logOf(s) }),
          undefined,
          2,
        ),
      );
    else console.log(endText({ outcomes, report, planOnly, destroy, plans: deployment.plans, sites }));
    if (problems.length > 0) return refused(problems, json);
    return failed.length > 0 ? 1 : 0;
  });
}

/** What is described, and the files of its stacks, as they are at the moment: what is learned changes both. */
export class Description {
  static of(registers: Registers): Description | readonly Problem[] {
    const result = synthesizedAside(registers, world.name);
    return "problems" in result ? result.problems : new Description(registers, result.stacks);
  }

  private constructor(
    public registers: Registers,
    private texts: ReadonlyMap<string, string>,
  ) {}

  files(stack: string): StackFiles {
    const text = this.texts.get(stack);
    if (text === undefined) throw new Error(`there is no stack ${stack}`);
    return new Map([
      ["cdk.tf.json", text],
      [encryptionFile, encryptionText],
    ]);
  }

  /** Reads all once more. @throws with what is wrong now */
  refresh(): void {
    const { registers, problems } = describe();
    const next = problems.length > 0 ? problems : Description.of(registers);
    if (!(next instanceof Description))
      throw new Error(next.map(({ path, allowed }) => `${path}: ${allowed}`).join("\n"));
    this.registers = next.registers;
    this.texts = next.texts;
  }
}

const stackOf = (step: string): string => step.replace(/^apply | again$/g, "");

/** What is done for some sites. @param isOnce each stack once, and nothing is learned */
function stepsFor(
  registers: Registers,
  sites: readonly string[],
  { isOnce }: { readonly isOnce: boolean },
): readonly Step[] {
  const mine = stepsOf(registers).filter(
    ({ site, kind }) => site !== undefined && isWanted(site, sites) && kind !== "person",
  );
  return isOnce ? mine.filter(({ id, kind }) => kind === "stack" && !id.endsWith(" again")) : mine;
}

/** Steps of people without which none of these can be done. */
function peopleFirst(registers: Registers, steps: readonly Step[]): readonly Problem[] {
  const needed = new Set(steps.flatMap(({ needs }) => needs));
  return stepsOf(registers)
    .filter(({ kind, id }) => kind === "person" && needed.has(id))
    .map(({ id, what }) => ({
      path: "deploy",
      value: `${id} is not done`,
      allowed: "what people do first",
      fix: what,
    }));
}

/** What production gets is what reviewers have seen. */
function unreviewed(registers: Registers): readonly Problem[] {
  const changed = outdated(
    world,
    withoutTraces(() => main(registers, outdir, world.name)),
  );
  if (changed.length === 0) return [];
  const allowed = "what the sites give, so that what is applied was seen by reviewers";
  return [{ path: "synthesized", value: listed(changed), allowed, fix: "databridge synth, and have it reviewed" }];
}

async function learn(site: string, description: Description): Promise<string> {
  const { changes, missing } = await recordLearned(description.registers, site);
  if (changes.length > 0) description.refresh();
  const told =
    changes.length === 0 ? "nothing new" : `${changes.length} ${changes.length === 1 ? "value" : "values"} written`;
  return missing.length === 0 ? told : `${told}, ${missing.length} not there yet`;
}

/** What is left of a stack, what of it stays, and what is lost by name. */
function remainder(stack: string, files: StackFiles, lose: readonly string[]) {
  const whole: unknown = JSON.parse(files.get("cdk.tf.json") ?? "{}");
  const kept = keptIn(whole);
  const gone = kept.filter((address) => lose.includes("all") || lose.includes(`${stack}.${address}`));
  const left = withoutAllBut(whole, gone);
  const text = `${JSON.stringify(left, undefined, 2)}\n`;
  return { files: new Map([...files, ["cdk.tf.json", text]]), kept: kept.filter((each) => !gone.includes(each)), gone };
}

/** Locks and output as they are after all. */
async function settled(
  registers: Registers,
  applied: readonly string[],
  forgotten: readonly string[],
  destroy: boolean,
): Promise<readonly Problem[]> {
  // In production people commit locks: the end of the run tells what to do.
  const result = world.name === "sandbox" ? await recordApplied(applied, forgotten) : { changes: [] };
  if (!destroy) {
    const outputs = withoutTraces(() => main(registers, outdir, world.name));
    writeSynthesized(world, outputs);
  }
  return "problems" in result ? result.problems : [];
}

/** On the first interrupt nothing begins any more; engines, which hear it too, end what they are at. */
function interruption() {
  const stop = { asked: false };
  const onInterrupt = () => {
    stop.asked = true;
    console.error("stopping: what runs is ended in order, nothing else begins");
  };
  process.on("SIGINT", onInterrupt);
  return { isStopped: () => stop.asked, release: () => process.off("SIGINT", onInterrupt) };
}

interface Reported {
  readonly sites: readonly string[];
  readonly begun: Date;
  readonly engine: string;
  readonly outcomes: readonly Outcome[];
  readonly logOf: (stack: string) => string;
}

const reportOf = ({ sites, begun, engine, outcomes, logOf }: Reported) => ({
  version: 1,
  world: world.name,
  sites,
  engine,
  begun: begun.toISOString(),
  ended: new Date().toISOString(),
  steps: outcomes.map(({ step, progress, seconds, what }) => ({
    id: step.id,
    kind: step.kind,
    progress,
    seconds: Math.round(seconds * 10) / 10,
    what,
    ...(step.kind === "stack" ? { log: relative(root, logOf(stackOf(step.id))) } : {}),
  })),
});

function writeReport(file: string, reported: Reported): void {
  mkdirSync(world.work, { recursive: true });
  writeFileSync(file, `${JSON.stringify(reportOf(reported), undefined, 2)}\n`);
}

const labelOf = ({ id }: Step): string => id.replace(/^apply /, "");

function endText({
  outcomes,
  report,
  planOnly,
  destroy,
  plans,
  sites,
}: {
  readonly outcomes: readonly Outcome[];
  readonly report: string;
  readonly planOnly: boolean;
  readonly destroy: boolean;
  readonly plans: string;
  readonly sites: readonly string[];
}): string {
  const done = outcomes.filter(({ progress }) => progress === "done").length;
  const path = (of: string) => relative(process.cwd(), of) || ".";
  const names = sites.length > 0 ? sites.join(" ") : "all";
  const inWorld = world.name === "sandbox" ? " --world sandbox" : "";
  const next = planOnly
    ? [`databridge review --plans ${path(plans)}`, `databridge deploy ${sites.join(" ")}${inWorld} --plans`]
    : done < outcomes.length
      ? [`databridge deploy ${sites.join(" ")}${inWorld}, once it is mended: what is done is not done again`]
      : world.name === "production" && !destroy
        ? ["databridge lock, and commit sites/*.lock.json and synthesized/"]
        : [];
  return [
    `\n ${names}: ${done} of ${outcomes.length} steps · report ${path(report)}`,
    ...next.map((each) => ` ${colors.yellow("next     ")} ${each}`),
  ].join("\n");
}

function refused(problems: readonly Problem[], json: boolean): number {
  tell(problems, json);
  return 1;
}
