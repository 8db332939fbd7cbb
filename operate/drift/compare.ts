import { grouped } from "../../model/words/grouped";
import { kinds, type Thing } from "./thing";

/** What is otherwise in a cloud than it is described. */
export interface Drift {
  /**
   * `stranger`: nobody described it; `missing`: it is not there; `twice`: more than one has its name; `unknown`: it is as
   * described, and no state has it: it was made and answered to nobody.
   */
  readonly what: "stranger" | "missing" | "twice" | "unknown" | "different";
  readonly kind: Thing["kind"];
  readonly name: string;
  /** Ids in the cloud. */
  readonly ids: readonly string[];
  /** In words: `flavor: large, described as small`. */
  readonly details: readonly string[];
}

/**
 * What differs, by kind, what matters most first.
 * @param known ids that the state has @default - the state is not looked at
 */
export function driftOf(
  described: readonly Thing[],
  found: readonly Thing[],
  known?: ReadonlySet<string>,
): readonly Drift[] {
  const keyOf = ({ kind, name }: Thing): string => `${kind}\0${name}`;
  const wanted = grouped(described, keyOf);
  const there = grouped(found, keyOf);
  const drifts = [...new Set([...wanted.keys(), ...there.keys()])].flatMap((key): readonly Drift[] => {
    const [is] = wanted.get(key) ?? [];
    const all = there.get(key) ?? [];
    const [first] = all;
    const { kind, name } = is ?? first ?? { kind: "rule", name: "" };
    const ids = all.flatMap(({ id }) => id ?? []);
    const hints = all.flatMap(({ id, hint }) => (hint === undefined ? [] : [all.length > 1 ? `${id}: ${hint}` : hint]));
    if (!is) return [{ what: "stranger", kind, name, ids, details: hints }];
    if (!first) return [{ what: "missing", kind, name, ids, details: [] }];
    const strays = known ? ids.filter((id) => !known.has(id)) : [];
    if (all.length > 1) return [{ what: "twice", kind, name, ids, details: [...hints, ...strays.map(inNoState)] }];
    const [stray] = strays;
    if (stray !== undefined && is.path) {
      const details = [inNoState(stray), `delete it, or adopted: { "${is.path}": "${stray}" }`];
      return [{ what: "unknown", kind, name, ids, details }];
    }
    const details = Object.entries(is.facts)
      .filter(([fact, value]) => first.facts[fact] !== value)
      .map(([fact, value]) => `${fact}: ${first.facts[fact] || "none"}, described as ${value || "none"}`);
    return details.length > 0 ? [{ what: "different", kind, name, ids, details }] : [];
  });
  return drifts.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (a.name < b.name ? -1 : 1));
}

const inNoState = (id: string): string => `${id} is in no state`;
