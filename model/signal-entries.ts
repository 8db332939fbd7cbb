import type { HostEntry, PlaceEntry } from "./entries";
import type { ReadFile, Severity, Thresholds } from "./site/signal";
import type { Duration } from "./words/quantity";

/** Something that rings somebody: who exposes it, from where on it rings, and whom. */
export interface SignalEntry {
  /** Unique in the platform: `lumi-production/platform_certificate_expiry_timestamp_seconds/ecflow-prod`. */
  readonly id: string;
  /** The name of its series. */
  readonly signal: string;
  /** What tells its series from all others, but for the host: where it is, and what of there. */
  readonly labels: Readonly<Record<string, string>>;
  readonly by: ExposedBy;
  /** What its alerts are called. @default - as its series is */
  readonly alert?: string;
  /** Labels by which it is told which of several series it is: `mountpoint`. @default - none */
  readonly each?: readonly string[];
  readonly thresholds: Thresholds;
  readonly for: Duration;
  /** How loud a host rings that exposes none. @default - it does not */
  readonly silent?: Severity;
  /** Values of a label whose series it leaves to rules of their own. @default - none */
  readonly without?: Readonly<Record<string, readonly string[]>>;
  /** The team that is rung. */
  readonly owner: string;
  readonly what: string;
  readonly why: string;
  readonly runbook: string;
  /** Path of what it follows from. */
  readonly because: string;
}

/** Who tells a signal: hosts, the description itself, or pods. */
export type ExposedBy =
  | { readonly hosts: readonly Reading[] }
  /** The description knows it: the second at which something ends, counted from 1970. */
  | { readonly ends: number }
  /** Pods have it, which nothing asks yet; no rule is made of it. */
  | { readonly pods: string };

/** What a host exposes. */
export interface Reading {
  readonly host: HostEntry;
  /** What it is told from. @default - what runs there exposes it by itself */
  readonly from?: ReadFile | KeysRead;
}

/** A secret, of which each key has a time of its own. */
export interface KeysRead {
  readonly kind: "secret";
  /** In Vault, with its store. */
  readonly path: string;
  /** The file of each key that the host reads. */
  readonly files: Readonly<Record<string, string>>;
}

/** What tells signals of a tenancy from those of others. */
export const labelsAt = ({ site, name, tenancy }: PlaceEntry) => ({
  site: site.name,
  tenancy: name,
  environment: tenancy.environment,
});
