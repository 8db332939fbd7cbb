import type { Address, Flow, Group } from "./entries";
import { type Hop, route } from "./route";
import { shown, type Traffic } from "./site/need";
import { contains } from "./words/address";

/** One rule of a security group, or of what a load balancer listens to. */
export interface Rule {
  /** Made of what it says, so that no edit elsewhere renames it: `in-tcp-3141-from-proxy`. Unique in its group. */
  readonly id: string;
  readonly group: Group;
  readonly direction: "in" | "out";
  readonly traffic: Traffic;
  readonly peer: { readonly group: Group } | { readonly address: Address };
  /** Paths of the components that need it. */
  readonly because: readonly string[];
  readonly why: readonly string[];
}

/** Whether a rule can be written yet, or waits for an address. */
export const waits = (rule: Rule): boolean => "address" in rule.peer && "awaited" in rule.peer.address;

/** Rules of one group that bear one id though they say different things, as a role and a host that are named alike. */
export function namesakes(rules: readonly Rule[]): readonly (readonly [Rule, Rule])[] {
  const first = new Map<string, Rule>();
  return rules.flatMap((rule) => {
    const key = `${rule.group.balancer} ${rule.group.role} ${rule.id}`;
    const other = first.get(key);
    if (!other) first.set(key, rule);
    return other ? [[other, rule] as const] : [];
  });
}

/** The rules that let all flows through, by place: each once, and none that another already implies. */
export function rulesOf(flows: readonly Flow[]): ReadonlyMap<string, readonly Rule[]> {
  const places = new Map<string, Map<string, Rule>>();
  for (const flow of flows)
    for (const rule of route(flow).flatMap((hop) => ruled(hop, flow))) {
      const { place, role, balancer } = rule.group;
      const rules = places.get(place) ?? new Map<string, Rule>();
      const key = `${balancer} ${role} ${"group" in rule.peer} ${rule.id}`;
      const same = rules.get(key);
      rules.set(
        key,
        same ? { ...same, because: union(same.because, rule.because), why: union(same.why, rule.why) } : rule,
      );
      places.set(place, rules);
    }
  return new Map([...places].map(([place, rules]) => [place, withoutImplied([...rules.values()])]));
}

function ruled({ open, direction, peer, traffic }: Hop, { because, why }: Flow): readonly Rule[] {
  if (!("group" in open)) return [];
  const peers = "group" in peer ? [peer] : peer.addresses.map((address) => ({ address }));
  return peers.map((one) => ({
    id: `${direction}-${shown(traffic)}-${direction === "in" ? "from" : "to"}-${nameOf(one)}`,
    group: open.group,
    direction,
    traffic,
    peer: one,
    because: [because],
    why: [why],
  }));
}

/** Terraform takes neither dots nor slashes in an address. */
const nameOf = (peer: Rule["peer"]): string =>
  "group" in peer ? peer.group.role : peer.address.name.replace(/[./]/g, "-");

/** A rule that lets through no more than another of the same hosts is one more to read, and hides the other's loss. */
const withoutImplied = (rules: readonly Rule[]): readonly Rule[] =>
  rules.filter(
    (rule, i) => !rules.some((other, j) => i !== j && implies(other, rule) && (j < i || !implies(rule, other))),
  );

function implies(wide: Rule, narrow: Rule): boolean {
  return (
    wide.direction === narrow.direction &&
    coversGroup(wide.group, narrow.group) &&
    coversTraffic(wide.traffic, narrow.traffic) &&
    coversPeer(wide.peer, narrow.peer)
  );
}

const coversTraffic = (wide: Traffic, narrow: Traffic): boolean =>
  wide.proto === narrow.proto && wide.from <= narrow.from && narrow.to <= wide.to;

function coversPeer(wide: Rule["peer"], narrow: Rule["peer"]): boolean {
  if ("group" in wide) return "group" in narrow && coversGroup(wide.group, narrow.group);
  if (!("address" in narrow)) return false;
  const [outer, inner] = [wide.address, narrow.address];
  return outer.name === inner.name || ("known" in outer && "known" in inner && contains(outer.known, inner.known));
}

const coversGroup = (wide: Group, narrow: Group): boolean =>
  wide.place === narrow.place &&
  wide.balancer === narrow.balancer &&
  (wide.role === narrow.role || (wide.role === "baseline" && !wide.balancer));

const union = (a: readonly string[], b: readonly string[]): readonly string[] => [...new Set([...a, ...b])];
