import type { Capacity } from "./capacity";
import type { CertificateEntry } from "./certificates";
import type { Flow, PlaceEntry } from "./entries";
import type { PodRule } from "./pod-rules";
import type { Rule } from "./rules";
import type { SecretEntry } from "./secrets";
import type { SignalEntry } from "./signal-entries";
import type { Lock } from "./site/lock";
import type { Site } from "./site/site";
import type { Telemetry } from "./telemetry";
import type { Assumption } from "./words/assumed";

/** All that the description says and implies, computed. What is built, drawn or asked for is a filter over this. */
export interface Registers {
  readonly sites: readonly Site[];
  readonly places: readonly PlaceEntry[];
  readonly flows: readonly Flow[];
  readonly secrets: readonly SecretEntry[];
  readonly certificates: readonly CertificateEntry[];
  /** What is measured and written, and what is made of it. */
  readonly telemetry: Telemetry;
  /** What rings somebody, and when. */
  readonly signals: readonly SignalEntry[];
  /** By place. */
  readonly rules: ReadonlyMap<string, readonly Rule[]>;
  /** Of NetworkPolicies, by place. */
  readonly podRules: ReadonlyMap<string, readonly PodRule[]>;
  /** By place. */
  readonly capacity: ReadonlyMap<string, Capacity>;
  readonly assumptions: readonly Assumption[];
  /** By site; of sites that are no more too. */
  readonly locks: ReadonlyMap<string, Lock>;
}

/** The rules of a tenancy's security groups. */
export const rulesIn = ({ rules }: Registers, place: PlaceEntry): readonly Rule[] => rules.get(place.id) ?? [];

/** The rules of all tenancies. */
export const allRules = ({ rules }: Registers): readonly Rule[] => [...rules.values()].flat();

/** Whether nobody has confirmed a fact, or something in it. @param path `lumi.production.quota` */
export const isAssumed = ({ assumptions }: Pick<Registers, "assumptions">, path: string): boolean =>
  assumptions.some((each) => isWithin(each.path, path) || isWithin(path, each.path));

const isWithin = (path: string, of: string): boolean => path === of || path.startsWith(`${of}.`);
