import { type AwaitedValue, awaitedIn, learnableIn } from "../../model/awaited";
import type { Registers } from "../../model/registers";
import { readPublicKey } from "../../model/site/lock";
import { didYouMean, listed, type Problem } from "../../model/words/problem";
import { Misused } from "../misused";
import { changesText } from "../print/lock";
import { table } from "../print/table";
import { isOfCloud } from "../project/cloud";
import { describe, soundDescription, tell } from "../project/description";
import { recordLearned, recordValues } from "../project/learned";

interface Options {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `databridge learn <site> [key=value…]`. @returns the exit code */
export async function runLearn(
  site: string,
  values: readonly string[],
  { dryRun = false, json = false }: Options,
): Promise<number> {
  if (values.length === 0) return (await learnFromCloud(site, { dryRun, json })) ? 0 : 1;
  const given = parsed(values);
  const wrong = unknownKeys(site, Object.keys(given));
  const result = wrong.length > 0 ? { problems: wrong } : recordValues(site, given, dryRun);
  if ("problems" in result) {
    tell(result.problems, json);
    return 1;
  }
  if (json) console.log(JSON.stringify({ changes: result.changes, written: !dryRun }, undefined, 2));
  else console.log(changesText(result.changes, !dryRun));
  return 0;
}

/** @returns whether the description was sound enough to tell */
async function learnFromCloud(site: string, { dryRun, json }: Required<Options>): Promise<boolean> {
  const registers = soundDescription([site], json);
  if (!registers) return false;
  try {
    const { changes, missing } = await recordLearned(registers, site, { dryRun });
    if (json) console.log(JSON.stringify({ changes, missing, written: !dryRun }, undefined, 2));
    else
      console.log(
        [changesText(changes, !dryRun), ...(missing.length > 0 ? ["", missingText(missing)] : [])].join("\n"),
      );
    return true;
  } catch (error) {
    if (!isOfCloud(error)) throw error;
    return listAwaited(registers, site, error.message, json);
  }
}

/** Where nobody can ask the clouds, people look. @returns that nothing was learned */
function listAwaited(registers: Registers, site: string, why: string, json: boolean): boolean {
  const values = awaitedIn(registers, site);
  if (json) console.log(JSON.stringify({ changes: [], missing: values, unseen: why, written: false }, undefined, 2));
  else console.log(values.length === 0 ? `nothing is awaited for ${site}` : awaitedText(site, values));
  console.error(`the clouds of ${site} were not asked: ${why}`);
  return false;
}

const missingText = (missing: readonly AwaitedValue[]): string =>
  table(
    ["not learned", "why"],
    missing.map(({ key, find }) => [key, find]),
  );

const awaitedText = (site: string, values: readonly AwaitedValue[]): string =>
  [
    table(
      ["awaited", "where it is found"],
      values.map(({ key, find }) => [key, find]),
    ),
    `\n next      databridge learn ${site} ${values[0]?.key}=…`,
  ].join("\n");

/** Values as typed. @throws Misused for what is none */
function parsed(values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    values.map((text) => {
      const [key = "", ...rest] = text.split("=");
      if (rest.length === 0 || !/^[\w+-]+(\.[\w+-]+)*$/.test(key))
        throw new Misused("write values as key=value, e.g. production.router=192.0.2.1");
      const value = rest.join("=").trim();
      return [key, /^trust\.|\.hostKeys\./.test(key) ? (readPublicKey(value) ?? value) : value];
    }),
  );
}

/** Keys that are of no tenancy: told before the lock's own words would puzzle. */
function unknownKeys(site: string, keys: readonly string[]): readonly Problem[] {
  const { registers } = describe();
  const places = registers.places.filter((place) => place.site.name === site);
  const known = learnableIn(registers, site);
  const first = new Set(["trust", ...places.map(({ name }) => name)]);
  if (places.length === 0) return [];
  return keys
    .filter((key) => (key.startsWith("sources.") ? !known.includes(key) : !first.has(key.split(".")[0] ?? "")))
    .map((key) => {
      const meant = known.find((each) => each.endsWith(`.${key}`));
      const fix = meant === undefined ? didYouMean(key, known, "write one of them") : `did you mean "${meant}"?`;
      return { path: `${site}.lock.learned`, value: key, allowed: listed(known), fix };
    });
}
