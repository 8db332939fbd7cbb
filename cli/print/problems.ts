import { inspect } from "node:util";
import { grouped } from "../../model/words/grouped";
import { counted, listed, type Problem } from "../../model/words/problem";
import { Duration, Rate, Size } from "../../model/words/quantity";
import { own } from "../../model/words/record";
import { errors } from "./colors";

/** All problems, by the file that has them. */
export function problemsText(problems: readonly Problem[]): string {
  return [...grouped(problems, ({ path }) => fileOf(path))]
    .map(([file, of]) => {
      const count = counted(of.length, "problem");
      return [`${errors.red(file)}: ${count}, nothing was written`, "", ...problemLines(of)].join("\n");
    })
    .join("\n\n");
}

/** Problems of one thing, as lines. */
export const problemLines = (problems: readonly Problem[]): readonly string[] => alike(problems).map(problemText);

/** Problems that differ in nothing but their path, together. */
const alike = (problems: readonly Problem[]): readonly (readonly Problem[])[] => [
  ...grouped(problems, ({ value, allowed, fix }) => JSON.stringify([shown(value), allowed, fix])).values(),
];

function problemText([first, ...others]: readonly Problem[]): string {
  if (!first) return "";
  const { path, value, allowed, fix } = first;
  return [
    ` ${errors.bold(path)}`,
    ...(others.length === 0 ? [] : [`   and ${others.length} more: ${listed(others.map((other) => other.path))}`]),
    `   ${shown(value)} · allowed: ${allowed} · fix: ${fix}`,
  ].join("\n");
}

/**
 * `lumi.production.…` stands in `sites/lumi.ts`, `lumi.lock.…` in its lock; a word alone may be one of {@link elsewhere}; other paths are
 * those of constructs.
 */
function fileOf(path: string): string {
  if (path.startsWith("-")) return "databridge";
  const [site = "", next] = path.split(".");
  const other = next === undefined ? own(elsewhere, site) : undefined;
  if (other !== undefined) return other;
  if (site.includes("/")) return "stacks";
  return next === "lock" ? `sites/${site}.lock.json` : `sites/${site}.ts`;
}

/** What has a problem and is no site. */
const elsewhere: Readonly<Record<string, string>> = {
  deploy: "databridge deploy",
  configure: "databridge configure",
  identity: "sites",
  sites: "sites",
  synthesized: "synthesized",
};

/** A value as a site file writes it, on one line. What looks like a private key is not repeated. */
function shown(value: unknown): string {
  if (value === undefined) return "missing";
  const text = isQuantity(value)
    ? String(value)
    : (jsonOf(value) ?? inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY }));
  if (text.includes("PRIVATE KEY")) return "a private key, not shown";
  const line = text.replace(/\s+/g, " ");
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

const width = 80;
const isQuantity = (value: unknown): boolean => [Size, Duration, Rate].some((of) => value instanceof of);

/** Problems as JSON; values that JSON cannot hold are shown as text. */
export const problemsJson = (problems: readonly Problem[]): string =>
  JSON.stringify(
    {
      problems: problems.map((problem) => ({
        ...problem,
        value: jsonOf(problem.value) === undefined ? shown(problem.value) : problem.value,
      })),
    },
    undefined,
    2,
  );

/** Nothing for what JSON cannot hold: a function, a circle, a number that is none. */
function jsonOf(value: unknown): string | undefined {
  try {
    return typeof value === "number" && !Number.isFinite(value) ? undefined : JSON.stringify(value);
  } catch {
    return undefined;
  }
}
