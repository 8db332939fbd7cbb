import type { z } from "zod";
import { type Cidr, only, readCidr, readIpv4, sizeOf } from "./address";
import { word } from "./parse";
import { listed } from "./problem";
import { type Pending, readPending } from "./public-address";
import { isRecord } from "./record";

/** Public addresses of somebody else; what needs them waits while they are only asked for. */
export type BlockFact = Pending | { readonly networks: readonly string[]; readonly shared?: boolean };

/** Networks of one holder, `a.b.c.d/n` or `a.b.c.d`. */
export const network = (...networks: readonly string[]): BlockFact => ({ networks });

/** Networks that many people stand behind, so that an address proves nothing: a service that takes it must authenticate. */
export const shared = (...networks: readonly string[]): BlockFact => ({ networks, shared: true });

/** A {@link BlockFact}, read. */
export type Block = Pending | { readonly networks: readonly Cidr[]; readonly shared: boolean };

/** Nobody holds more than a /8; what is meant to be everywhere is the outside `internet`. */
const readNetwork = (value: unknown): Cidr | undefined => {
  const address = readIpv4(value);
  const network = address ? only(address) : readCidr(value);
  return network && sizeOf(network) <= 2 ** 24 ? network : undefined;
};

const read = (value: unknown): Block | undefined => {
  const asked = readPending(value);
  if (asked) return asked;
  if (!isRecord(value)) return undefined;
  const { networks: list, shared = false, ...rest } = value;
  if (!Array.isArray(list) || list.length === 0 || typeof shared !== "boolean" || Object.keys(rest).length > 0)
    return undefined;
  const networks = list.map(readNetwork).filter((n) => n !== undefined);
  return networks.length === list.length ? { networks, shared } : undefined;
};

/** Names what is wrong of several addresses, so that nobody has to look for it. */
const fix = (value: unknown): string => {
  const networks = isRecord(value) && Array.isArray(value.networks) ? value.networks : [];
  const wrong = networks.filter((each) => readNetwork(each) === undefined).map((each) => JSON.stringify(each));
  return wrong.length > 0 ? `correct ${listed(wrong)}` : 'write one of them; everywhere is the outside "internet"';
};

/** Reads a {@link BlockFact}. */
export const block: z.ZodType<Block> = word(
  read,
  'network("a.b.c.d/n", …), shared("a.b.c.d/n", …) or pending("ticket"), host bits zero, /8 to /32',
  fix,
);
