import { z } from "zod";
import { type Fields, text, word } from "../words/parse";

/**
 * What became of things that a stack had under another path, or has no more. A path is the one of a construct in its
 * stack, as `synthesized/` shows it: `host/vault-1/volume-raft`; what stands below it goes with it.
 */
export interface MovesFacts {
  /** The path that it had, by the one that it has: state follows, and nothing is destroyed. @default - nothing moved */
  readonly formerly?: Readonly<Record<string, string>>;
  /** What is described no more, by the path that it had. @default - nothing */
  readonly retired?: Readonly<Record<string, Retired>>;
  /** What exists already and becomes ours, its id in the cloud by the path of its resource. @default - nothing */
  readonly adopted?: Readonly<Record<string, string>>;
}

/** Gone for good, or left standing without us; and why. */
export interface Retired {
  readonly fate: "destroyed" | "released";
  readonly why: string;
}

/** The next apply destroys it, and what it holds. */
export const destroyed = (why: string): Retired => ({ fate: "destroyed", why });

/** It stays as it is, and Terraform forgets it: it goes to another stack, or somebody else takes it over. */
export const released = (why: string): Retired => ({ fate: "released", why });

const path = word(
  (v) => (typeof v === "string" && /^[A-Za-z][A-Za-z0-9-]*(\/[A-Za-z0-9-]+)*$/.test(v) ? v : undefined),
  "the path of a construct in its stack: host/vault-1/volume-raft",
  "take it from the comments of synthesized/",
);

const retiredSchema = z
  .strictObject({
    fate: z.enum(["destroyed", "released"]),
    why: text("why it goes"),
  } satisfies Fields<Retired>)
  .meta({ written: 'destroyed("why") or released("why")' });

/** The fields of a tenancy that say so. */
export const movesFields = {
  formerly: z.record(z.string(), path).default({}),
  retired: z.record(z.string(), retiredSchema).default({}),
  adopted: z.record(z.string(), text("its id in the cloud")).default({}),
} satisfies Fields<MovesFacts>;

/** What became of things, read. */
export interface Moves extends Required<MovesFacts> {}

/** Those of one of several stacks, told by the first part of each path. */
export function movesUnder({ formerly, retired, adopted }: Moves, isMine: (first: string) => boolean): Moves {
  const mine = <T>(of: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
    Object.fromEntries(Object.entries(of).filter(([path]) => isMine(path.split("/")[0] ?? "")));
  return { formerly: mine(formerly), retired: mine(retired), adopted: mine(adopted) };
}

export const noMoves: Moves = { formerly: {}, retired: {}, adopted: {} };
