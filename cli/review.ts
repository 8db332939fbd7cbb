import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Problem } from "../model/words/problem";
import { stepsOf } from "../operate/steps";
import type { Change } from "../review/change";
import { compare } from "../review/compare";
import { packetMarkdown } from "../review/markdown";
import { packetOf } from "../review/packet";
import { foreignTo, readPlan } from "../review/plan";
import { readStack, type Tree } from "../review/stack";
import { packetText } from "../review/text";
import { colors } from "./colors";
import { describe, tell, world } from "./description";
import { changedLines, commitOf, filesAt } from "./git";
import { Misused } from "./misused";
import { providerFacts } from "./provider-facts";
import { stagesSince } from "./stages";

interface Options {
  readonly base?: string;
  readonly head?: string;
  readonly plans?: string;
  readonly all?: boolean;
  readonly markdown?: boolean;
  readonly json?: boolean;
}

/** `databridge review`. @returns the exit code: 1 if something is unexplained, or a plan is not of the head */
export function runReview({ base, head, plans: folder, all = false, markdown = false, json = false }: Options): number {
  if (base === undefined && folder === undefined)
    throw new Misused("say what to compare with: --base <git ref>, or --plans <folder>");
  const facts = providerFacts();
  const before = base === undefined ? undefined : treeAt(commitOf(base));
  const after = base === undefined ? undefined : head === undefined ? treeHere() : treeAt(commitOf(head));
  const plans = folder === undefined ? new Map<string, unknown>() : plansIn(folder);
  const { changes, problems } = withPlans(compare(before ?? new Map(), after ?? new Map(), facts), plans, after);
  if (problems.length > 0) {
    tell(problems, json);
    return 1;
  }
  const sites = (files: ReadonlyMap<string, string>) =>
    new Map([...files].map(([path, text]) => [basename(path), text]));
  const told =
    base === undefined
      ? undefined
      : head === undefined
        ? stagesSince(sites(filesAt(commitOf(base), ["sites"])))
        : undefined;
  if (told && told.problems.length > 0) {
    tell(told.problems, json);
    return 1;
  }
  const where = base === undefined ? [] : linesOf(changedLines(base, head, ["sites"]));
  const packet = packetOf({
    base: { ref: base ?? "the state", tree: before ?? new Map() },
    head: {
      ref: head ?? (base === undefined ? "the plans" : "the working tree"),
      tree: after ?? new Map(),
      parts: partsOf(plans),
    },
    changes,
    ...(told && { stages: told.stages }),
    order: base !== undefined && head === undefined ? orderHere() : [],
    notes: [
      ...(told?.notes ?? []),
      ...(base !== undefined && head !== undefined
        ? ["causes are told of the working tree alone: check out the head"]
        : []),
      ...where,
    ],
  });
  if (json) console.log(JSON.stringify(packet, undefined, 2));
  else console.log(markdown ? packetMarkdown(packet) : packetText(packet, colors, all));
  return packet.verdict.unexplained > 0 ? 1 : 0;
}

const treeAt = (commit: string): Tree =>
  trees([...filesAt(commit, ["synthesized/stacks"])].map(([path, text]) => [basename(path, ".json"), text]));

function treeHere(): Tree {
  const folder = join(world.synthesized, "stacks");
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  return trees(files.map((file) => [basename(file, ".json"), readFileSync(join(folder, file), "utf8")]));
}

const trees = (files: readonly (readonly [string, string])[]): Tree =>
  new Map(files.map(([name, text]) => [name, readStack(parsed(text, `synthesized/stacks/${name}.json`))]));

/** Plans of a folder, by the name of their stack: `<stack>.json`, as `terraform show -json` prints them. */
function plansIn(folder: string): ReadonlyMap<string, unknown> {
  if (!existsSync(folder)) throw new Misused(`there is no folder ${folder}`);
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort();
  if (files.length === 0)
    throw new Misused(`there are no plans in ${folder}: terraform show -json plan > ${join(folder, "<stack>.json")}`);
  return new Map(
    files.map((file) => [
      basename(file, ".json"),
      parsed(readFileSync(join(folder, file), "utf8"), join(folder, file)),
    ]),
  );
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Misused(`${file} is no JSON`);
  }
}

/** Where there is a plan, it tells of resources; the trees of the rest. */
function withPlans(
  compared: readonly Change[],
  plans: ReadonlyMap<string, unknown>,
  head: Tree | undefined,
): { readonly changes: readonly Change[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const planned = [...plans].flatMap(([stack, json]) => {
    const plan = readPlan(stack, json, head?.get(stack));
    if (!plan)
      problems.push({
        path: `plans/${stack}.json`,
        value: "JSON",
        allowed: "a plan",
        fix: "terraform show -json plan",
      });
    else if (head) problems.push(...foreignTo(stack, plan, head.get(stack)));
    return plan?.changes ?? [];
  });
  const known = new Set(planned.map(({ stack, address }) => `${stack} ${address}`));
  const rest = compared.flatMap((change): readonly Change[] => {
    const element = change.after ?? change.before;
    if (!plans.has(change.stack) || element?.kind !== "resource") return [change];
    // The plan does not do it: it is ignored, or there already.
    return known.has(`${change.stack} ${change.address}`) || change.through !== undefined
      ? []
      : [{ ...change, action: "none" }];
  });
  return { changes: [...planned, ...rest], problems };
}

const partsOf = (plans: ReadonlyMap<string, unknown>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...plans].map(([name, plan]) => [
      `plan ${name}`,
      createHash("sha256").update(JSON.stringify(plan)).digest("hex").slice(0, 16),
    ]),
  );

const linesOf = (lines: ReadonlyMap<string, readonly number[]>): readonly string[] =>
  [...lines].filter(([file]) => file.endsWith(".ts")).map(([file, at]) => `changed: ${file}:${at.join(", ")}`);

/** Stacks in the order of the steps that apply them. */
function orderHere(): readonly string[] {
  const { registers, problems } = describe();
  return problems.length > 0
    ? []
    : stepsOf(registers)
        .filter(({ kind }) => kind === "stack")
        .map(({ id }) => id.replace(/^apply /, ""));
}
