import { type Change, elementOf } from "./change";
import { anybody, doorsIn, isDoor, isPrivate, shownDoor } from "./doors";
import { doesInterrupt, type Effect, effectOf, isRemark, isServer, type Level, levels, lossOf } from "./effects";
import { plain } from "./plain";
import { softwareChange } from "./software";

/** A change, and what it means. */
export interface Judged {
  readonly change: Change;
  readonly level: Level;
  /** In words, the worst first; nothing for what is safe. */
  readonly reasons: readonly string[];
  /** What of it restarts or cuts off something that runs, in words; the same in every environment. */
  readonly interrupts: readonly string[];
}

/**
 * What a change means, by what is done to which type of resource and argument, and where: what stops a service is an
 * outage in production, and elsewhere to be looked at.
 */
export function judge(change: Change, isProduction: boolean): Judged {
  const all = effectsOf(change);
  const effects = all.map((effect) => (isProduction ? effect : elsewhere(effect)));
  const level = levels[Math.min(...effects.map((effect) => levels.indexOf(effect.level)))] ?? "noise";
  const reasons = effects.filter((effect) => effect.level === level && effect.what !== "").map(({ what }) => what);
  const interrupts = all.filter(doesInterrupt).map(({ what }) => what);
  return { change, level, reasons: [...new Set(reasons)], interrupts: [...new Set(interrupts)] };
}

const elsewhere = (effect: Effect): Effect => (effect.level === "outage" ? { ...effect, level: "review" } : effect);

function effectsOf(change: Change): readonly Effect[] {
  const { kind } = elementOf(change);
  if (change.drift) return [{ level: "review", what: "somebody changed it outside of Terraform" }];
  if (kind === "backend") return backend(change);
  if (kind === "provider") return [provider(change)];
  if (kind === "setting")
    return [{ level: change.action === "create" ? "safe" : "review", what: `${change.address} is another` }];
  if (kind === "block") return [statement(change)];
  if (kind === "file") return [file(change)];
  if (kind !== "resource") return passive(change);
  if (change.action === "move") return [{ level: "moved", what: `was ${change.from}` }, ...differing(change)];
  if (change.action === "adopt") return [{ level: "review", what: "is taken over as it stands in the cloud" }];
  if (change.action === "forget") return [{ level: "review", what: "leaves the state and stays in the cloud" }];
  if (change.action === "none") return [{ level: "noise", what: "" }];
  return isDoor(change) ? doors(change) : resource(change);
}

function resource(change: Change): readonly Effect[] {
  const { type } = elementOf(change);
  const loss = lossOf(type) ?? (isKept(change) ? "what is marked as kept" : undefined);
  if (change.action === "create") return [{ level: "safe", what: "" }];
  if (change.action === "update") return differing(change);
  const done = change.action === "delete" ? "is destroyed" : `is made anew${reason(change)}`;
  if (isRemark(type)) return [{ level: "safe", what: done }];
  if (loss !== undefined) return [{ level: "irreversible", what: `${done}: ${loss} is lost` }];
  if (isServer(type)) return [{ level: "irreversible", what: `${done}: what is on its root disk is lost` }];
  return [{ level: "outage", what: done }];
}

function reason({ through, differences }: Change): string {
  const paths = differences.filter(({ effect }) => effect === "replaces").map(({ path }) => path);
  if (paths.length > 0) return `, since ${paths.join(", ")} cannot change`;
  return through === undefined ? "" : `, since ${through} is`;
}

const isKept = ({ before }: Change): boolean => before?.lifecycle.prevent_destroy === true;

/** Effects of arguments that differ, each; what differs in order alone, or is ignored, is noise. */
function differing(change: Change): readonly Effect[] {
  const { type } = elementOf(change);
  return change.differences.map(({ path, effect, before: was, after: is }): Effect => {
    if (effect === "order" || effect === "ignored") return { level: "noise", what: "" };
    const software = softwareChange(was, is);
    if (software !== undefined) return { level: "review", what: software };
    // Its next run reads them; nothing that runs is ended.
    if (type.includes("cron_job") && path.includes("databridge/files")) return { level: "safe", what: "" };
    const { level, what, ...more } = effectOf(type, path);
    if (type.includes("volume") && path === "size" && Number(is) < Number(was))
      return { level: "irreversible", what: `a volume of ${was} GiB cannot shrink to ${is}` };
    return { level, what: `${what}: ${shownChange(was, is)}`, ...more };
  });
}

function doors(change: Change): readonly Effect[] {
  const { opens, closes } = doorsIn(change);
  if (opens.length === 0 && closes.length === 0)
    return change.action === "update"
      ? differing(change)
      : [{ level: "safe", what: "a rule is written anew", interrupts: change.action === "replace" }];
  return [
    ...opens.map((door): Effect => {
      const isNew = door.isOutside && !isPrivate(door.peer);
      if (door.peer === anybody && door.direction === "in")
        return { level: "review", what: `opens to the internet: ${shownDoor(door)}` };
      return { level: isNew ? "review" : "safe", what: `opens ${shownDoor(door)}` };
    }),
    ...closes.map((door): Effect => ({ level: "review", what: `closes ${shownDoor(door)}`, interrupts: true })),
    ...(change.action === "update" ? differing(change).filter(doesInterrupt) : []),
  ];
}

function backend({ action, differences }: Change): readonly Effect[] {
  if (action === "create") return [{ level: "safe", what: "" }];
  if (action === "delete") return [{ level: "irreversible", what: "the stack is gone: nothing manages what it made" }];
  // A path without a dot is a whole backend: its kind is another.
  const elsewhere = /^[^.]+$|\.(bucket|key|endpoints\b.*|address|path|schema_name|prefix|region|conn_str)$/;
  const moved = differences.filter(({ path }) => elsewhere.test(path));
  return moved.length > 0
    ? [
        {
          level: "irreversible",
          what: `another state (${moved.map(({ path }) => path).join(", ")}): everything would be made a second time, beside what is there`,
        },
      ]
    : [{ level: "review", what: "the way to the state" }];
}

const provider = ({ action, differences }: Change): Effect =>
  action === "update" &&
  differences.some(({ path }) => /^(cloud|auth_url|region|tenant_\w+|project_\w+|address|host|namespace)$/.test(path))
    ? { level: "irreversible", what: "another cloud: everything would be made a second time, beside what is there" }
    : {
        level: action === "update" ? "review" : "safe",
        what: `the provider is configured ${action === "update" ? "otherwise" : "so"}`,
      };

/** What is on a host decides who comes in and what it does; a service that has to restart for it stands still meanwhile. */
function file({ action, address, before, after }: Change): Effect {
  const name = address.slice(address.indexOf(":") + 1);
  if (action === "create" || !before) return { level: "safe", what: "" };
  if (action === "delete" || !after) return { level: "review", what: `${name} goes from the host` };
  const { restarts, reloads } = after.args;
  if (restarts !== undefined) return { level: "outage", what: `${shown(restarts)} restarts: ${name} changes` };
  return { level: "review", what: `${name} changes${reloads === undefined ? "" : `, ${shown(reloads)} reloads`}` };
}

/** What is said to have become of things is seen at the things; words that go have done their work, or were too early. */
const statement = ({ action, address }: Change): Effect =>
  action === "delete" && address.startsWith("import.")
    ? { level: "review", what: "is adopted no more: Terraform makes a second one, unless that was applied" }
    : { level: "noise", what: "" };

/** Data sources, locals and outputs do nothing by themselves; who takes their value may. */
function passive(change: Change): readonly Effect[] {
  const { kind } = elementOf(change);
  const real =
    change.action !== "update" ||
    change.differences.some(({ effect }) => effect === "changes" || effect === "replaces");
  if (!real || change.action === "none") return [{ level: "noise", what: "" }];
  if (kind === "output") return [{ level: "safe", what: "" }];
  if (change.action === "create") return [{ level: "safe", what: "" }];
  return [
    {
      level: "review",
      what: kind === "data" ? "something else is looked up in the cloud" : "another value, for whoever takes it",
    },
  ];
}

/** A value on one line, cut. */
const shown = (value: unknown): string => plain(textOf(value), longest);

/** Two values, each on one line and cut; long ones from shortly before where they begin to differ. */
function shownChange(was: unknown, is: unknown): string {
  const texts = [was, is].map((value) => plain(textOf(value), Number.POSITIVE_INFINITY));
  const [one = "", other = ""] = texts;
  const begin = texts.some(({ length }) => length > longest) ? wordBefore(one, differsAt(one, other)) : 0;
  return texts.map((text) => plain(`${begin > 0 ? "…" : ""}${text.slice(begin)}`, longest)).join(" → ");
}

function differsAt(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}

/** Shortly before a place, where a word begins if one does. */
function wordBefore(text: string, at: number): number {
  const before = text.slice(0, at);
  const word = before.search(/(?<!\S).{0,24}$/u);
  return word < 0 ? before.search(/.{0,24}$/u) : word;
}

const textOf = (value: unknown): string =>
  value === undefined || value === null ? "none" : typeof value === "string" ? value : (JSON.stringify(value) ?? "");

/** Characters of a value that are shown. */
const longest = 60;
