import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { isPublic, readIpv4 } from "../words/address";
import { day } from "../words/calendar";
import { line, type Parsed, parse, text, word } from "../words/parse";
import type { Problem } from "../words/problem";
import { isRecord } from "../words/record";

/** The version of the file's form that is written, unless it holds what that did not know. All are read. */
const version = 1;
/** Knows more than one CA of logins, withdrawn keys, and the root of TLS. */
const trustVersion = 2;
/** Knows the CA of a cluster. */
const clusterVersion = 3;
/** Knows the CAs of host keys, and of logins elsewhere. */
const signedVersion = 4;
/** Knows what software is built from. */
const sourcesVersion = 5;
/** Knows stacks that nobody applies. */
const holdsVersion = 6;
/** Knows how data is laid out. */
const layoutsVersion = 7;
const versions: readonly unknown[] = [
  version,
  trustVersion,
  clusterVersion,
  signedVersion,
  sourcesVersion,
  holdsVersion,
  layoutsVersion,
];

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
  /^((?:ssh-ed25519|sk-ssh-ed25519@openssh\.com|ecdsa-sha2-nistp(?:256|384|521)|sk-ecdsa-sha2-nistp256@openssh\.com|ssh-rsa) [A-Za-z0-9+/]+=*)(?: [^\n]*)?\n?$/.exec(
    text,
  )?.[1];

const publicKey = (fix: string) =>
  word(
    (v) => (typeof v === "string" && readPublicKey(v) === v ? v : undefined),
    'a public key, "ssh-ed25519 AAAA…", without comment',
    fix,
  );

/** The second at which a certificate ends, counted from 1970; nothing if it is none. */
export function certificateEnds(pem: string): number | undefined {
  try {
    return Date.parse(new X509Certificate(pem).validTo) / 1000;
  } catch {
    return undefined;
  }
}

/** A schema for one thing as PEM that is no secret. @param label what its lines say @param isOne whether it can be read */
const pem = (label: string, what: string, fix: string, isOne: (text: string) => boolean = () => true) => {
  const pattern = new RegExp(`^-----BEGIN ${label}-----\\n(?:[A-Za-z0-9+/=]{1,76}\\n)+-----END ${label}-----$`);
  return word(
    (v) => (typeof v === "string" && pattern.test(v) && isOne(v) ? v : undefined),
    `one ${what} as PEM, and nothing beside it`,
    fix,
  );
};
const certificate = (fix: string) =>
  pem("CERTIFICATE", "certificate", fix, (text) => certificateEnds(text) !== undefined);
const publicPem = (fix: string) => pem("PUBLIC KEY", "public key", fix);

const sha256 = (fix: string) =>
  word((v) => (typeof v === "string" && /^[0-9a-f]{64}$/.test(v) ? v : undefined), "a SHA-256 in hex, 64 digits", fix);

const learnedSchema = z.strictObject({
  /** What the far end of a connection from a host without public address sees. */
  router: publicAddress.optional(),
  /** Public addresses that the cloud allocated, by host. */
  public: z.record(z.string(), publicAddress).default({}),
  /** Public keys by which hosts prove who they are, by host; as their consoles showed them. */
  hostKeys: z.record(z.string(), publicKey("take it from the host's console")).optional(),
  /** The CA of the tenancy's Kubernetes cluster, once its first server has made it. */
  clusterCa: certificate("take server-ca.crt of the cluster's first server").optional(),
  /** The public key of tokens that it gives to accounts of pods, as PEM. */
  clusterKey: publicPem("take it from the cluster's first server: docs/runbooks/cluster.md").optional(),
});

const lockedStackSchema = z.strictObject({
  /** Where its state is; see `stateUrl`. */
  state: text("where the state is", "databridge lock writes it"),
  /** What would be lost with each address that is kept: `volume`, `bucket`, … */
  stateful: z.record(z.string(), text("what it is", "databridge lock writes it")).default({}),
  /** Fingerprints of layouts by which data lies on what is kept, by FDB. */
  layouts: z.record(z.string(), sha256("databridge lock writes it")).optional(),
});

export const holdReason = line("why nobody applies it");

const holdSchema = z
  .strictObject({
    reason: holdReason,
    /** The last day; from then on somebody has to look again. */
    until: day,
    by: line("who said so"),
    since: day,
  })
  .refine(({ since, until }) => since <= until, {
    params: { allowed: "a hold that ends after it began", fix: "databridge hold writes it" },
  });

const trustSchema = z.strictObject({
  /** The CA that signs SSH logins. */
  sshUserCa: publicKey("take the .pub file of the CA").optional(),
  /** One that signs them too: the next while it takes over, or the last until its certificates have run out. */
  sshUserCaToo: publicKey("take the .pub file of the CA").optional(),
  /** The CA that signs host keys, and one that does too, as above. */
  sshHostCa: publicKey("bao read -field=public_key ssh-hosts/config/ca tells it").optional(),
  sshHostCaToo: publicKey("bao read -field=public_key ssh-hosts/config/ca tells it").optional(),
  /** The CA that signs logins to supercomputers whose operators trust it, and one that does too. */
  sshOutwardCa: publicKey("bao read -field=public_key ssh-outward/config/ca tells it").optional(),
  sshOutwardCaToo: publicKey("bao read -field=public_key ssh-outward/config/ca tells it").optional(),
  /**
   * Keys that let nobody in any more, and are taken of no host, whatever certificate they have, by a name for people; of a CA, all that
   * it signed.
   */
  revoked: z.record(z.string(), publicKey("take the .pub file of the key")).optional(),
  /** The root of certificates of our own servers. */
  tlsRoot: certificate("take tls-root.crt of databridge bootstrap-ca").optional(),
  /** One that is trusted beside it: the next while servers are signed anew, or the last until none of its own is left. */
  tlsRootToo: certificate("take tls-root.crt of databridge bootstrap-ca").optional(),
});

const lockSchema = z
  .strictObject({
    version: word(
      (v) => (versions.includes(v) ? v : undefined),
      `${version} to ${layoutsVersion}, the versions that this program reads`,
      "use the program that wrote it, or write the version",
    ),
    /** Stacks and what they keep, by name. */
    stacks: z.record(z.string(), lockedStackSchema).default({}),
    /** Public values that only a server or an operator can give, by tenancy. */
    learned: z.record(z.string(), learnedSchema).default({}),
    /** What all sites trust; in the lock of home. */
    trust: trustSchema.default({}),
    /** SHA-256 of sources of software, by package and version, `eckit-1.32.4`; in the lock of home. */
    sources: z.record(z.string(), sha256("sha256sum tells it")).optional(),
    /** Stacks that nobody applies, by name. */
    holds: z.record(z.string(), holdSchema).optional(),
  })
  .transform((lock) => withVersion(lock));

/**
 * An older program would leave out what it does not know: hosts would trust what was withdrawn, the first server of a cluster might
 * begin another, hosts would have no key signed any more, software could be built from anything, what is held would be applied, and data
 * would be laid out anew. It has to refuse.
 */
function versionOf({ stacks, trust, learned, sources = {}, holds = {} }: LockParts): 1 | 2 | 3 | 4 | 5 | 6 | 7 {
  if (Object.values(stacks).some(({ layouts = {} }) => Object.keys(layouts).length > 0)) return layoutsVersion;
  if (Object.keys(holds).length > 0) return holdsVersion;
  if (Object.keys(sources).length > 0) return sourcesVersion;
  const { sshUserCaToo, revoked, tlsRoot, tlsRootToo } = trust;
  const signed = [trust.sshHostCa, trust.sshHostCaToo, trust.sshOutwardCa, trust.sshOutwardCaToo];
  if (signed.some((each) => each !== undefined)) return signedVersion;
  if (Object.values(learned).some(({ clusterCa, clusterKey }) => clusterCa !== undefined || clusterKey !== undefined))
    return clusterVersion;
  return [sshUserCaToo, revoked, tlsRoot, tlsRootToo].every((each) => each === undefined) ? version : trustVersion;
}

/** The same with the version that what it holds asks for. */
export const withVersion = <L extends LockParts>(lock: L) => ({ ...lock, version: versionOf(lock) });

interface LockParts {
  readonly stacks: Readonly<Record<string, z.output<typeof lockedStackSchema>>>;
  readonly trust: z.output<typeof trustSchema>;
  readonly learned: Readonly<Record<string, z.output<typeof learnedSchema>>>;
  readonly sources?: Readonly<Record<string, string>> | undefined;
  readonly holds?: Readonly<Record<string, unknown>> | undefined;
}

/** The lock of a site in one world: what must not be lost there, and what was learned. Public values only. */
export type Lock = z.output<typeof lockSchema>;
export type LockedStack = z.output<typeof lockedStackSchema>;
export type LockedHold = z.output<typeof holdSchema>;

export const emptyLock: Lock = { version, stacks: {}, learned: {}, trust: {} };

/** Whether a lock speaks of what the platform trusts; one does. */
export const isOfTrust = ({ trust, sources = {} }: Lock): boolean =>
  [...Object.values(trust), ...Object.values(sources)].some((value) => value !== undefined);

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
