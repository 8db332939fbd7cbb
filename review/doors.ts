import { isIP } from "node:net";
import { own } from "../model/words/record";
import { type Change, elementOf } from "./change";
import type { Element } from "./stack";

/** Something that may be connected to, and from where. */
export interface Door {
  readonly direction: "in" | "out";
  /** `tcp 22`, `udp 4789-4790`, `anything`. */
  readonly traffic: string;
  /** Whose: a role of hosts, or a balancer. */
  readonly at: string;
  /** A role, an address block, or `anybody`. */
  readonly peer: string;
  /** The other end is no role of the same tenancy. */
  readonly isOutside: boolean;
}

export const anybody = "anybody";

/** The types of resources that are doors, and how each is read. */
const doors: Readonly<Record<string, (element: Element) => readonly Door[]>> = {
  openstack_networking_secgroup_rule_v2: (element) => [ruleDoor(element)],
  openstack_lb_listener_v2: (element) => listenerDoors(element),
};

/** The doors that an element opens. */
const doorsOf = (element: Element | undefined): readonly Door[] =>
  (element && own(doors, element.type)?.(element)) ?? [];

/** Doors that a change opens and closes. */
export function doorsIn(change: Change): { readonly opens: readonly Door[]; readonly closes: readonly Door[] } {
  if (change.action === "move" || change.action === "forget" || change.action === "adopt")
    return { opens: [], closes: [] };
  const [before, after] = [doorsOf(change.before), doorsOf(change.after)];
  return { opens: without(after, before), closes: without(before, after) };
}

const without = (doors: readonly Door[], others: readonly Door[]): readonly Door[] => {
  const known = new Set(others.map((door) => JSON.stringify(door)));
  return doors.filter((door) => !known.has(JSON.stringify(door)));
};

function ruleDoor({ args, path }: Element): Door {
  const group = args.remote_group_id;
  const prefix = args.remote_ip_prefix;
  const isOutside = group === undefined;
  return {
    direction: args.direction === "egress" ? "out" : "in",
    traffic: traffic(args.protocol, args.port_range_min, args.port_range_max),
    at: named(args.security_group_id) ?? path,
    peer: isOutside ? block(prefix) : (named(group) ?? "a group"),
    isOutside,
  };
}

function listenerDoors({ args, path }: Element): readonly Door[] {
  const at = path.split("/").slice(0, 2).join("/");
  const from = Array.isArray(args.allowed_cidrs) ? args.allowed_cidrs : [undefined];
  const port = traffic(String(args.protocol).toLowerCase(), args.protocol_port, args.protocol_port);
  return from.map((cidr) => ({ direction: "in", traffic: port, at, peer: block(cidr), isOutside: true }));
}

/** `group/bastion` for `${openstack_networking_secgroup_v2.group_bastion.id}`. */
const named = (reference: unknown): string | undefined =>
  typeof reference === "string" ? /^\$\{\w+\.([\w-]+)\.\w+\}$/.exec(reference)?.[1]?.replace("_", "/") : undefined;

const block = (cidr: unknown): string =>
  cidr === undefined || cidr === "0.0.0.0/0" || cidr === "::/0" || cidr === "" ? anybody : String(cidr);

function traffic(protocol: unknown, min: unknown, max: unknown): string {
  if (protocol === undefined || protocol === "") return "anything";
  const ports = min === undefined ? "" : min === max ? ` ${min}` : ` ${min}-${max}`;
  return `${protocol}${ports}`;
}

/** In words: `tcp 22 of group/baseline from group/bastion`. */
export const shownDoor = ({ direction, traffic, at, peer }: Door): string =>
  `${traffic} of ${at} ${direction === "in" ? "from" : "to"} ${peer}`;

/** Whether an address block is one that nobody routes on the internet. */
export function isPrivate(cidr: string): boolean {
  const [address = "", length = "32"] = cidr.split("/");
  const least = /^10\./.test(address)
    ? 8
    : /^172\.(1[6-9]|2\d|3[01])\./.test(address)
      ? 12
      : /^192\.168\./.test(address)
        ? 16
        : 33;
  return isIP(address) === 4 && Number(length) >= least;
}

/** Whether a change is one of a door. */
export const isDoor = (change: Change): boolean => Object.hasOwn(doors, elementOf(change).type);
