import { type Ipv4, isPublic, readIpv4 } from "./address";
import { word } from "./parse";
import { isRecord } from "./record";

/**
 * How a host comes by its public address. The cloud allocates it, and it is learned into the lock; or somebody granted
 * one, which is found and associated, never created or destroyed; or it has been asked for and is not here yet.
 */
export type PublicAddress = "allocated" | { readonly granted: Ipv4 } | Pending;

/** Something asked of somebody else, or still to be asked. What needs it waits, listed and counted. */
export interface Pending {
  /** A ticket, or what has to be asked of whom. */
  readonly pending: string;
}

/** The cloud chooses the public address; it is learned into the lock. */
export const allocated = "allocated";
/** Somebody gave the address: it is found and used, never made or given back. @param address IPv4, `192.0.2.7` */
export const granted = (address: string): { readonly granted: string } => ({ granted: address });
/** Asked for, and not here yet: what needs it waits, listed and counted. @param ticket who was asked, for what */
export const pending = (ticket: string): Pending => ({ pending: ticket });

export const readPending = (value: unknown): Pending | undefined =>
  isRecord(value) && typeof value.pending === "string" && value.pending !== "" ? { pending: value.pending } : undefined;

/** Whether an address has been asked for and is not here yet. */
export const isPending = (how: PublicAddress): how is Pending => typeof how === "object" && "pending" in how;

/** The address that somebody granted. */
export const grantedIn = (how: PublicAddress | undefined): Ipv4 | undefined =>
  typeof how === "object" && "granted" in how ? how.granted : undefined;

export const publicAddress = word<PublicAddress>(
  (value) => {
    if (value === allocated) return allocated;
    const address = isRecord(value) ? readIpv4(value.granted) : undefined;
    return address && isPublic(address) ? { granted: address } : readPending(value);
  },
  'allocated, granted("a.b.c.d") with a public address, or pending("ticket")',
  "write one of them",
);
