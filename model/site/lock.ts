import { z } from "zod";
import { isPublic, readIpv4 } from "../words/address";
import { type Parsed, parse, text, word } from "../words/parse";
import type { Problem } from "../words/problem";
import { isRecord } from "../words/record";

/** The version of the file's form that this program reads and writes. */
const version = 1;

const publicAddress = word(
  (v) => {
    const address = readIpv4(v);
    return address && isPublic(address) ? address : undefined;
  },
  "a public IPv4 address",
  "write the one that others see",
);

/** Reads a public key as ssh-keygen prints it, with or without its comment. */
export const readPublicKey = (text: string): string | undefined =>
  /^((?:ssh-ed25519|ecdsa-sha2-nistp256|ssh-rsa) [A-Za-z0-9+/]+=*)(?: [^\n]*)?\n?$/.exec(text)?.[1];

const publicKey = (fix: string) =>
  word(
    (v) => (typeof v === "string" && readPublicKey(v) === v ? v : undefined),
    'a public key, "ssh-ed25519 AAAA…", without comment',
    fix,
  );

const learnedSchema = z.strictObject({
  /** What the far end of a connection from a host without public address sees. */
  router: publicAddress.optional(),
  /** Public addresses that the cloud allocated, by host. */
  public: z.record(z.string(), publicAddress).default({}),
  /** Public keys by which hosts prove who they are, by host; as their consoles showed them. */
  hostKeys: z.record(z.string(), publicKey("take it from the host's console")).optional(),
});

const lockedStackSchema = z.strictObject({
  /** Where its state is; see `stateUrl`. */
  state: text("where the state is", "databridge lock writes it"),
  /** What would be lost with each address that is kept: `volume`, `bucket`, … */
  stateful: z.record(z.string(), text("what it is", "databridge lock writes it")).default({}),
});

const lockSchema = z.strictObject({
  version: word(
    (v) => (v === version ? version : undefined),
    `${version}, the version that this program reads`,
    "use the program that wrote it, or write the version",
  ),
  /** Stacks and what they keep, by name. */
  stacks: z.record(z.string(), lockedStackSchema).default({}),
  /** Public values that only a server or an operator can give, by tenancy. */
  learned: z.record(z.string(), learnedSchema).default({}),
  /** What all sites trust; in the lock of home. */
  trust: z.strictObject({ sshUserCa: publicKey("take the .pub file of the CA").optional() }).default({}),
});

/** The lock of a site in one world: what must not be lost there, and what was learned. Public values only. */
export type Lock = z.output<typeof lockSchema>;
export type LockedStack = z.output<typeof lockedStackSchema>;

export const emptyLock: Lock = { version, stacks: {}, learned: {}, trust: {} };

/** What stands in for the lock of a file that is no JSON. */
export class Unreadable {
  /** @param why without a word of the file */
  constructor(
    readonly why: string,
    readonly fix: string,
  ) {}
}

/** Reads a lock as JSON gave it; a missing one is empty. */
export function readLock(written: unknown, site: string): Parsed<Lock> {
  const path = `${site}.lock`;
  if (written === undefined) return { value: emptyLock, problems: [] };
  if (written instanceof Unreadable)
    return { value: emptyLock, problems: [{ path, value: written.why, allowed: "JSON", fix: written.fix }] };
  const { value, problems } = parse(lockSchema, written, path, { ...emptyLock });
  return { value, problems: problems.map(unshown) };
}

/** What does not belong into a lock may be a private key: its value is not repeated. */
const unshown = (problem: Problem): Problem =>
  typeof problem.value === "number" || problem.value === undefined || readIpv4(problem.value)
    ? problem
    : { ...problem, value: isRecord(problem.value) ? "{…}" : `${typeof problem.value}, not shown` };

/** A lock as its file holds it: keys in order, one entry a line, so that branches merge. */
export const lockText = (lock: Lock): string => `${JSON.stringify(ordered(lock), undefined, 2)}\n`;

const ordered = (value: unknown): unknown =>
  isRecord(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([, item]) => item !== undefined)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, item]) => [key, ordered(item)]),
      )
    : value;
