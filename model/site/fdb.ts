import { z } from "zod";
import { type Fields, flag, text, word } from "../words/parse";
import { isRecord } from "../words/record";
import { type FdbSpace, fdbSpaceSchema } from "./fdb-space";
import { type Layout, layoutSchema } from "./layout";
import type { Pods } from "./need";

/** The account of its servers. */
export const fdbAccount = "fdb";

/** An FDB: a catalogue and stores, each on hosts of a role and met by a service. */
export interface FdbSpec {
  /** Unique in its tenancy: `fdb`. */
  readonly fdb: string;
  /** How its fields are laid out. It stays while there is data: the lock keeps its fingerprint. */
  readonly layout: Layout;
  readonly catalogue: FdbServer;
  readonly store: FdbServer;
  /** Who reads and writes; nobody else is let in. */
  readonly clients: readonly FdbClient[];
  /** Whether clients may have data deleted. */
  readonly wipe: boolean;
  /** By which jobs of a supercomputer come in, each known by a key. @default - they do not */
  readonly gate?: FdbGate;
  /** Who fetches what a supercomputer leaves, and archives it. @default - nobody does */
  readonly datamover?: FdbDatamover;
}

/** Hosts of a role, or pods of a workload, of its own tenancy. */
export type FdbClient = { readonly role: string } | Pods;

/** Where jobs open a connection to catalogue and stores: an SSH server that does nothing else. */
export interface FdbGate {
  readonly role: string;
  /** What it answers at. */
  readonly service: string;
  /** Public keys of those whom it lets in. */
  readonly authorized: readonly string[];
  /** The private key, at the supercomputer: `$HOME/.ssh/databridge-fdb`. */
  readonly key: string;
}

/** A host that logs in to a supercomputer, and brings whole files from there. */
export interface FdbDatamover {
  readonly role: string;
  /** The account of it that logs in, and archives. */
  readonly as: string;
  readonly supercomputer: string;
  /** The folder there into which files are moved once they are whole. */
  readonly outbox: string;
  /** The volume that has what is not archived yet. */
  readonly staging: string;
}

/** A catalogue or a store: which hosts, what they answer at, and where they keep what they have. */
export interface FdbServer {
  readonly role: string;
  /** What it answers at. */
  readonly service: string;
  /** What it answers at for data alone. @default - one connection carries all */
  readonly data?: string;
  /** Where what comes is kept; the last takes what no other does. */
  readonly spaces: readonly FdbSpace[];
}

const serverSchema = z.strictObject({
  role: text("a role of hosts"),
  service: text("a service"),
  data: text("a service").exactOptional(),
  spaces: z.array(fdbSpaceSchema).min(1),
} satisfies Fields<FdbServer>);

/** A schema for a {@link FdbClient}. */
export const fdbClient = word(
  (v): FdbClient | undefined => {
    if (!isRecord(v) || Object.keys(v).length !== 1) return undefined;
    if (typeof v.role === "string") return { role: v.role };
    return typeof v.workload === "string" ? { workload: v.workload } : undefined;
  },
  '{ role: "…" } or { workload: "…" }, of the tenancy',
  (v) => (typeof v === "string" ? `write { role: "${v}" }, or { workload: "${v}" } of pods` : "write one of them"),
);

export const fdbSchema = z.strictObject({
  fdb: text("a name"),
  layout: layoutSchema,
  catalogue: serverSchema,
  store: serverSchema,
  clients: z.array(fdbClient),
  wipe: flag,
  gate: z
    .strictObject({
      role: text("a role of hosts"),
      service: text("a service"),
      authorized: z.array(text("a public key")),
      key: text("a path"),
    } satisfies Fields<FdbGate>)
    .exactOptional(),
  datamover: z
    .strictObject({
      role: text("a role of hosts"),
      as: text("an account"),
      supercomputer: text("a supercomputer"),
      outbox: text("a folder there"),
      staging: text("a volume of the host"),
    } satisfies Fields<FdbDatamover>)
    .exactOptional(),
} satisfies Fields<FdbSpec>);
export type StatedFdb = z.output<typeof fdbSchema>;
