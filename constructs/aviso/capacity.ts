import type { Event } from "../../model/site/aviso";
import { gib, type Size } from "../../model/words/quantity";

/** What an event may take in the store, in MiB: all that is kept of it. Of more, the oldest go first. */
export const roomOf = ({ kept, perDay, bytes }: Event): number =>
  Math.max(1, Math.ceil((perDay * (kept.seconds / 86400) * bytes) / 2 ** 20));

/** What JetStream may take of its volume, in MiB. */
export const storeOf = (events: Readonly<Record<string, Event>>): number =>
  Object.values(events).reduce((sum, event) => sum + roomOf(event), 0);

/** A volume with a quarter of it free: blocks are written anew before the old ones go. */
export const volumeOf = (events: Readonly<Record<string, Event>>): Size =>
  gib(Math.ceil((storeOf(events) * 1.25) / 1024));
