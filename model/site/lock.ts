import { z } from "zod";
import { readIpv4 } from "../words/address";
import { type Parsed, parse, word } from "../words/parse";

const ipv4 = word(readIpv4, "an IPv4 address", "databridge learn writes it");
const publicKey = word(
  (v) =>
    typeof v === "string" && /^(ssh-ed25519|ecdsa-sha2-nistp256|ssh-rsa) [A-Za-z0-9+/]+=*$/.test(v) ? v : undefined,
  'a public key, "ssh-ed25519 AAAA…", without comment',
  "databridge learn writes it",
);

const learnedSchema = z.strictObject({
  /** What the far end of a connection from a host without public address sees. */
  router: ipv4.optional(),
  /** Public addresses that the cloud allocated, by host. */
  public: z.record(z.string(), ipv4).default({}),
});

export const lockSchema = z.strictObject({
  version: z.literal(1),
  /** Public values that only a server or an operator can give, by tenancy. */
  learned: z.record(z.string(), learnedSchema).default({}),
  /** What all sites trust; in the lock of home. */
  trust: z.strictObject({ sshUserCa: publicKey.optional() }).default({}),
});

/** The lock of a site in one world: what was learned there. Public values only. */
export type Lock = z.output<typeof lockSchema>;

export const emptyLock: Lock = { version: 1, learned: {}, trust: {} };

/** Reads a lock as JSON gave it; a missing one is empty. */
export const readLock = (written: unknown, site: string): Parsed<Lock> =>
  written === undefined
    ? { value: emptyLock, problems: [] }
    : parse(lockSchema, written, `${site}.lock`, { ...emptyLock });
