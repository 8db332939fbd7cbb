import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readSchemas } from "../../engine/validate/schemas";
import { type Validated, validate } from "../../engine/validate/validate";
import { didYouMean, listed } from "../../model/words/problem";
import { Misused } from "../misused";
import { places } from "../project/schema-places";

interface Options {
  readonly dir?: string;
  readonly json?: boolean;
  readonly strict?: boolean;
}

/** `databridge validate [stack…]`. @returns the exit code */
export async function runValidate(
  wanted: readonly string[],
  { dir, strict = false, json = false }: Options,
): Promise<number> {
  const stacks = await stacksIn(dir, json);
  if (!stacks) return 1;
  const missing = wanted.find((name) => !stacks.has(name));
  if (missing !== undefined) throw new Misused(unknown(missing, [...stacks.keys()]));
  const begun = performance.now();
  const schemas = readSchemas(places());
  const results = [...stacks]
    .filter(([name]) => wanted.length === 0 || wanted.includes(name))
    .map(([name, stack]) => validate(name, stack, schemas));
  const summary = { ...summaryOf(results), seconds: Math.round(performance.now() - begun) / 1000 };
  if (json) console.log(JSON.stringify(summary, undefined, 2));
  else await print(summary);
  return summary.problems.length > 0 || (strict && summary.unchecked.length > 0) ? 1 : 0;
}

function unknown(name: string, stacks: readonly string[]): string {
  const mine = stacks.filter((stack) => stack.startsWith(`${name}-`));
  const otherwise = mine.length > 0 ? `there are ${listed(mine)}` : "databridge list shows them";
  return `there is no stack "${name}"; ${didYouMean(name, stacks, otherwise)}`;
}

/** Stacks by name: of a folder, or what the sites give now. Nothing once problems of the sites have been told. */
async function stacksIn(dir: string | undefined, json: boolean): Promise<ReadonlyMap<string, unknown> | undefined> {
  if (dir !== undefined) return read(dir);
  const { soundDescription, tell } = await import("../project/description.js");
  const registers = soundDescription([], json);
  if (!registers) return undefined;
  const { synthesizedAside } = await import("../project/aside.js");
  const result = synthesizedAside(registers);
  if ("problems" in result) {
    tell(result.problems, json);
    return undefined;
  }
  return new Map([...result.stacks].map(([name, text]) => [name, JSON.parse(text)]));
}

function read(dir: string): ReadonlyMap<string, unknown> {
  const folder = join(dir, "stacks");
  if (!existsSync(folder)) throw new Misused(`there are no stacks in ${dir}: name a folder that cdktf wrote`);
  const files = readdirSync(folder).map((name) => [name, join(folder, name, "cdk.tf.json")] as const);
  return new Map(
    files.filter(([, file]) => existsSync(file)).map(([name, file]) => [name, JSON.parse(readFileSync(file, "utf8"))]),
  );
}

function summaryOf(results: readonly Validated[]) {
  const unchecked = new Map<string, number>();
  for (const [source, count] of results.flatMap((each) => [...each.unchecked]))
    unchecked.set(source, (unchecked.get(source) ?? 0) + count);
  return {
    stacks: results.length,
    checked: results.reduce((sum, { checked }) => sum + checked, 0),
    unchecked: [...unchecked].map(([provider, blocks]) => ({ provider, blocks })),
    problems: results.flatMap(({ problems }) => problems),
  };
}

async function print({
  stacks,
  checked,
  unchecked,
  problems,
  seconds,
}: ReturnType<typeof summaryOf> & { seconds: number }): Promise<void> {
  if (problems.length > 0) {
    const { problemLines } = await import("../print/problems.js");
    console.error(problemLines(problems).join("\n"));
  }
  console.log(`validated ${checked} blocks of ${stacks} stacks · ${problems.length} problems · ${seconds} s`);
  for (const { provider, blocks } of unchecked)
    console.log(`not checked: ${blocks} blocks, no schema of ${provider} · databridge schemas`);
}
