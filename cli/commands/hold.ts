import type { LockChange } from "../../model/locks";
import { holdReason } from "../../model/site/lock";
import { stacksOf } from "../../model/stacks";
import { type Day, readDay } from "../../model/words/calendar";
import { read } from "../../model/words/parse";
import { didYouMean, listed, type Problem } from "../../model/words/problem";
import { Misused } from "../misused";
import { changesText } from "../print/lock";
import { soundDescription, tell, world } from "../project/description";
import { type Held, heldStacks, recordHold } from "../project/holding";
import { today } from "../project/today";
import { who } from "../project/who";

interface HoldOptions {
  readonly reason: string;
  readonly until: string;
  readonly json?: boolean;
}

/** `databridge hold <stack>`. @returns the exit code: 1 if it was not written */
export function runHold(stack: string, { reason, until: written, json = false }: HoldOptions): number {
  const until = readDay(written);
  if (!until) throw new Misused(`--until is "${written}": write a day, 2027-06-30`);
  if (until < today()) throw new Misused(`--until is ${until}, which is past`);
  const furthest = aYearAfter(today());
  if (until > furthest)
    throw new Misused(
      `--until is ${until}: write a day until ${furthest}; what is to be held for longer is looked at again, and held once more`,
    );
  const why = read(holdReason, reason.trim(), "--reason");
  if ("problems" in why) throw new Misused(`--reason takes ${why.problems.map(({ allowed }) => allowed).join("; ")}`);
  const registers = soundDescription([], json);
  if (!registers) return 1;
  const stacks = registers.places.flatMap(stacksOf);
  const found = stacks.find(({ name }) => name === stack);
  if (!found)
    throw new Misused(
      unknown(
        stack,
        "stack",
        stacks.map(({ name }) => name),
      ),
    );
  const site = found.place.site.name;
  return told(site, recordHold(site, stack, { reason: why.value, until, by: who(), since: today() }), json);
}

/** `databridge release <stack>`; of one that is described no more too. @returns the exit code: 1 if it was not written */
export function runRelease(stack: string, { json = false }: { readonly json?: boolean }): number {
  const { held, problems } = heldStacks();
  if (problems.length > 0) return refused(problems, json);
  const site = held.get(stack);
  if (site === undefined)
    throw new Misused(held.size === 0 ? "nothing is held" : unknown(stack, "stack that is held", [...held.keys()]));
  return told(site, recordHold(site, stack, undefined), json);
}

/** What nobody has looked at for a year, nobody knows any more. */
const aYearAfter = (day: Day): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 366 * 86_400_000).toISOString().slice(0, 10) as Day;

const unknown = (stack: string, what: string, names: readonly string[]): string =>
  `there is no ${what} "${stack}"; ${didYouMean(stack, names, `there are ${listed(names)}`)}`;

function told(site: string, result: Held, json: boolean): number {
  if ("problems" in result) return refused(result.problems, json);
  if (json) console.log(JSON.stringify({ changes: result.changes, written: true }, undefined, 2));
  else console.log([changesText(result.changes, true), ...nextOf(site, result.changes)].join("\n"));
  return 0;
}

function refused(problems: readonly Problem[], json: boolean): number {
  tell(problems, json);
  return 1;
}

/** In production others learn of it by a commit; here it holds at once. */
const nextOf = (site: string, changes: readonly LockChange[]): readonly string[] =>
  changes.length === 0 || world.name === "sandbox"
    ? []
    : [
        "",
        ` next      databridge synth; commit sites/${site}.lock.json and synthesized/: elsewhere it is so from then on`,
      ];
