import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { filesBelow, hostsFolder } from "../../engine/host-files";
import { lockFiles, lockFilesIn, parsedLocks } from "../../engine/world";
import { readLocksOf } from "../../model/locks";
import type { Registers } from "../../model/registers";
import { stepsOf } from "../../model/steps";
import { grouped } from "../../model/words/grouped";
import type { Problem } from "../../model/words/problem";
import { plannedIn, reviewedDigest } from "../../operate/deployment";
import { type Change, elementOf } from "../../review/change";
import { compare } from "../../review/compare";
import { withHostFiles } from "../../review/host-files";
import { looseEntries } from "../../review/locks";
import { packetMarkdown } from "../../review/markdown";
import { packetOf } from "../../review/packet";
import { foreignTo, readPlan } from "../../review/plan";
import { planPart } from "../../review/schema";
import { readStack, type Tree } from "../../review/stack";
import { linesText, packetText } from "../../review/text";
import { Misused } from "../misused";
import { colors } from "../print/colors";
import { tell, world } from "../project/description";
import { commitOf, filesAt, hunksOf, placeOf } from "../project/git";
import { providerFacts } from "../project/provider-facts";
import { type Stages, stagesSince } from "../project/stages";
import { today } from "../project/today";

interface Options {
  readonly base?: string;
  readonly head?: string;
  readonly plans?: string;
  readonly all?: boolean;
  readonly markdown?: boolean;
  readonly json?: boolean;
  readonly schema?: boolean;
}

/** `databridge review`. @returns the exit code: 1 if something is unexplained, newly unwise, or a plan not of the head */
export async function runReview({ schema = false, ...options }: Options): Promise<number> {
  if (!schema) return review(options);
  const { packetJsonSchema } = await import("../../review/schema.js");
  console.log(JSON.stringify(packetJsonSchema(), undefined, 2));
  return 0;
}

function review({ base, head, plans: folder, all = false, markdown = false, json = false }: Options): number {
  if (base === undefined && folder === undefined)
    throw new Misused("say what to compare with: --base <git ref>, or --plans <folder>");
  const plans = folder === undefined ? new Map<string, unknown>() : plansIn(folder);
  const sides = base === undefined ? alone : sidesOf(base, head);
  const planned = withPlans(
    compare(sides.before, sides.after, providerFacts()),
    plans,
    base === undefined ? undefined : sides.after,
  );
  const problems = [...sides.problems, ...planned.problems];
  if (problems.length > 0) {
    tell(problems, json);
    return 1;
  }
  const { before, after, parts, told, locks, notes } = sides;
  const packet = packetOf({
    base: { ref: base ?? "the state", tree: before, parts: parts.base },
    head: {
      ref: head ?? (base === undefined ? "the plans" : "the working tree"),
      tree: after,
      parts: { ...parts.head, ...digestsOf(plans) },
    },
    changes: planned.changes,
    locks,
    notes,
    ...(told && { stages: told.stages }),
    ...(told?.head && {
      described: { base: told.base, head: told.head, order: orderOf(told.head), today: today() },
    }),
  });
  if (json) console.log(JSON.stringify(packet, undefined, 2));
  else console.log(markdown ? packetMarkdown(packet) : packetText(packet, colors, all));
  return packet.verdict.unexplained + packet.verdict.unwise > 0 ? 1 : 0;
}

/** What is compared, and what is known of it. */
interface Sides {
  readonly before: Tree;
  readonly after: Tree;
  readonly parts: Readonly<Record<"base" | "head", Readonly<Record<string, string>>>>;
  /** Entries of locks that go or change. */
  readonly locks: readonly string[];
  /** What the descriptions of both sides tell. @default - they are not read */
  readonly told?: Pick<Stages, "stages" | "base" | "head">;
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

const nothing: Tree = new Map();
/** Plans alone, of whatever they are. */
const alone: Sides = {
  before: nothing,
  after: nothing,
  parts: { base: {}, head: {} },
  locks: [],
  notes: [],
  problems: [],
};

function sidesOf(base: string, head: string | undefined): Sides {
  const [from, to] = [commitOf(base), head === undefined ? undefined : commitOf(head)];
  const hunks = hunksOf(from, to, ["sites"]).filter(({ file }) => /\.[jt]s$/.test(file));
  const sites = sitesAt(from);
  const headLocks = to === undefined ? lockFiles(world) : lockFilesIn(sitesAt(to));
  const [was, is] = [lockFilesIn(sites), headLocks].map((files) => readLocksOf(parsedLocks(files)));
  const unread = (was?.problems ?? []).map(
    ({ path }) => `${path} of the base cannot be read: what left it is not told`,
  );
  const parts = (locks: ReadonlyMap<string, string>) => ({ locks: digest([...locks].sort()) });
  const common = {
    before: treeAt(from),
    parts: { base: parts(lockFilesIn(sites)), head: parts(headLocks) },
    locks: looseEntries(was?.locks ?? new Map(), is?.locks ?? new Map()),
  };
  if (to !== undefined)
    return {
      ...common,
      after: treeAt(to),
      notes: [
        ...unread,
        "causes, policy, calendars and grants are told of the working tree alone: check out the head",
        ...[...grouped(hunks, ({ file }) => file).values()].map(
          (of) => `changed: ${linesText(of.map(placeOf)).join()}`,
        ),
      ],
      problems: is?.problems ?? [],
    };
  const { notes, problems, ...told } = stagesSince(sites, hunks);
  return { ...common, after: treeHere(), told, notes: [...unread, ...notes], problems };
}

/** Texts of the files below the folder of sites, by their path there. */
const sitesAt = (commit: string): ReadonlyMap<string, string> =>
  new Map([...filesAt(commit, ["sites"])].map(([path, text]) => [path.replace(/^sites\//, ""), text]));

const digest = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);

const digestsOf = (plans: ReadonlyMap<string, unknown>): Readonly<Record<string, string>> =>
  Object.fromEntries([...plans].map(([name, plan]) => [planPart(name), reviewedDigest(plan)]));

function treeAt(commit: string): Tree {
  const stacks = [...filesAt(commit, ["synthesized/stacks"])].map(
    ([path, text]) => [basename(path, ".json"), text] as const,
  );
  const hosts = [...filesAt(commit, ["synthesized/hosts"])].map(
    ([path, text]) => [path.replace(/^synthesized\/hosts\//, ""), text] as const,
  );
  return withHostFiles(trees(stacks), new Map(hosts));
}

function treeHere(): Tree {
  const [stacks, hosts] = ["stacks", hostsFolder].map((name) => join(world.synthesized, name)) as [string, string];
  const text = (folder: string, file: string) => readFileSync(join(folder, file), "utf8");
  const files = filesBelow(stacks).filter((file) => file.endsWith(".json"));
  return withHostFiles(
    trees(files.map((file) => [basename(file, ".json"), text(stacks, file)])),
    new Map(filesBelow(hosts).map((file) => [file, text(hosts, file)])),
  );
}

const trees = (files: readonly (readonly [string, string])[]): Tree =>
  new Map(files.map(([name, text]) => [name, readStack(parsed(text, `synthesized/stacks/${name}.json`))]));

/** Plans of a folder, by the name of their stack: `<stack>.json`, as `terraform show -json` prints them. */
function plansIn(folder: string): ReadonlyMap<string, unknown> {
  if (!existsSync(folder)) throw new Misused(`there is no folder ${folder}`);
  // Beside plans that deploy keeps lies what it notes of them.
  const stacks = plannedIn(readdirSync(folder));
  if (stacks.length === 0)
    throw new Misused(`there are no plans in ${folder}: terraform show -json plan > ${join(folder, "<stack>.json")}`);
  return new Map(
    stacks.map((stack) => {
      const file = join(folder, `${stack}.json`);
      return [stack, parsed(readFileSync(file, "utf8"), file)];
    }),
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
    if (!plans.has(change.stack) || elementOf(change).kind !== "resource") return [change];
    // The plan does not do it: it is ignored, or there already.
    return known.has(`${change.stack} ${change.address}`) || change.through !== undefined
      ? []
      : [{ ...change, action: "none" }];
  });
  return { changes: [...planned, ...rest], problems };
}

/** Stacks in the order of the steps that apply them. */
const orderOf = (registers: Registers): readonly string[] => [
  ...new Set(stepsOf(registers).flatMap(({ stack }) => stack ?? [])),
];
