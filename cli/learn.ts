import { writeLock } from "../engine/lock-file";
import { readLocks } from "../engine/world";
import { type AwaitedValue, awaitedIn, learnableIn } from "../model/awaited";
import { learn, lockChanges, readLocksOf } from "../model/locks";
import { emptyLock, readLock, readPublicKey } from "../model/site/lock";
import { didYouMean, listed, type Problem } from "../model/words/problem";
import { describe, soundDescription, tell, world } from "./description";
import { Misused } from "./misused";
import { changesText } from "./print-lock";
import { table } from "./table";

interface Options {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `databridge learn <site> [key=value…]`. @returns the exit code */
export function runLearn(site: string, values: readonly string[], { dryRun = false, json = false }: Options): number {
  if (values.length === 0) return listAwaited(site, json) ? 0 : 1;
  const given = parsed(values);
  const wrong = unknownKeys(site, Object.keys(given));
  const problems = wrong.length > 0 ? wrong : write(site, given, { dryRun, json });
  if (problems.length === 0) return 0;
  tell(problems, json);
  return 1;
}

/** @returns whether the description was sound enough to tell */
function listAwaited(site: string, json: boolean): boolean {
  const registers = soundDescription([site], json);
  if (!registers) return false;
  const values = awaitedIn(registers, site);
  if (json) console.log(JSON.stringify(values, undefined, 2));
  else console.log(values.length === 0 ? `nothing is awaited for ${site}` : awaitedText(site, values));
  return true;
}

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
      if (rest.length === 0 || !/^[\w-]+(\.[\w-]+)*$/.test(key))
        throw new Misused("write values as key=value, e.g. production.router=192.0.2.1");
      const value = rest.join("=").trim();
      return [key, key === "trust.sshUserCa" ? (readPublicKey(value) ?? value) : value];
    }),
  );
}

/** Keys that are of no tenancy: told before the lock's own words would puzzle. */
function unknownKeys(site: string, keys: readonly string[]): readonly Problem[] {
  const { registers } = describe();
  const places = registers.places.filter((place) => place.site.name === site);
  const known = learnableIn(registers, site);
  const first = new Set(["trust", ...places.map(({ name }) => name)]);
  return keys
    .filter((key) => places.length > 0 && !first.has(key.split(".")[0] ?? ""))
    .map((key) => {
      const meant = known.find((each) => each.endsWith(`.${key}`));
      const fix = meant === undefined ? didYouMean(key, known, "write one of them") : `did you mean "${meant}"?`;
      return { path: `${site}.lock.learned`, value: key, allowed: listed(known), fix };
    });
}

/** Writes them, unless something would be wrong then. */
function write(
  site: string,
  values: Readonly<Record<string, string>>,
  { dryRun, json }: Required<Options>,
): readonly Problem[] {
  const locks = readLocksOf(readLocks(world));
  if (locks.problems.length > 0) return locks.problems;
  const before = locks.locks.get(site);
  const { value: after, problems } = readLock(learn(before ?? emptyLock, values), site);
  if (problems.length > 0) return problems;
  const described = describe(Object.fromEntries([...locks.locks, [site, after]])).problems;
  if (described.length > 0) return described;
  const changes = lockChanges(site, before ?? emptyLock, after);
  if (!dryRun && changes.length > 0) writeLock(world, site, after);
  if (json) console.log(JSON.stringify({ changes, written: !dryRun }, undefined, 2));
  else console.log(changesText(changes, !dryRun));
  return [];
}
