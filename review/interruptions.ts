import { type Change, elementOf } from "./change";
import { judge } from "./judge";
import { constructOf } from "./packet";
import { plain } from "./plain";

/**
 * What changes restart, interrupt or cut off, in words: `host/ecflow-prod: the server stops and is resized`. Whatever the
 * environment: a tenancy that states hours means them.
 */
export const interruptionsOf = (changes: readonly Change[]): readonly string[] => [
  ...new Set(changes.flatMap((change) => wordsOf(change).map((what) => plain(`${constructOf(change)}: ${what}`)))),
];

function wordsOf(change: Change): readonly string[] {
  const { interrupts } = judge(change, true);
  const [, may] = consequences.find(([of]) => of.test(elementOf(change).type)) ?? [];
  return change.action === "update" && may !== undefined ? interrupts.map((what) => `${what}; ${may}`) : interrupts;
}

/** What an update brings about beside what it says of itself. */
const consequences: readonly (readonly [type: RegExp, may: string])[] = [
  // A chart renders at the cluster what it likes.
  [/^helm_release$/, "what it installs may restart"],
  [/^kubernetes_(deployment|stateful_set|daemon_?set|replication_controller|pod)(_v1)?$/, "its pods may be made anew"],
  [/^kubernetes_(network_policy|service|ingress)(_v1)?$/, "connections may be cut"],
  [/^vault_/, "who logs in, reads or is issued may be refused"],
];
