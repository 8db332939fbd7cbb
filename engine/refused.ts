import type { Problem } from "../model/words/problem";

/** Thrown instead of writing output that would lose, reveal or drop something; nothing has been written. */
export class Refused extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ path, allowed, fix }) => `${path}: allowed: ${allowed}; fix: ${fix}`).join("\n"));
  }
}
