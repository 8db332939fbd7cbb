import type { Problem } from "../words/problem";

/** A name, and where it is said. */
export interface Named {
  readonly path: string;
  readonly name: string;
  /** Who has it, for whoever wants it too. */
  readonly owner: string;
}

/** A problem for every name that an earlier one has already. */
export function twice(names: readonly Named[], what: string, fix = "rename one of them"): readonly Problem[] {
  const owners = new Map<string, string>();
  return names.flatMap(({ path, name, owner }): readonly Problem[] => {
    const other = owners.get(name);
    if (other === undefined) owners.set(name, owner);
    return other === undefined
      ? []
      : [{ path, value: name, allowed: `a ${what} of its own; ${other} has this one`, fix }];
  });
}
