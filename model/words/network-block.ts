import type { z } from "zod";
import { type Cidr, only, readCidr, readIpv4 } from "./address";
import { isRecord, word } from "./parse";
import { type Pending, readPending } from "./public-address";

/** Public addresses of somebody else; what needs them waits while they are only asked for. */
export type BlockFact = Pending | { readonly networks: readonly string[]; readonly shared?: boolean };

/** Networks of one holder, `a.b.c.d/n` or `a.b.c.d`. */
export const network = (...networks: readonly string[]): BlockFact => ({ networks });

/** Networks that many people stand behind, so that an address proves nothing: a service that takes it must authenticate. */
export const shared = (...networks: readonly string[]): BlockFact => ({ networks, shared: true });

export type Block = Pending | { readonly networks: readonly Cidr[]; readonly shared: boolean };

const readNetwork = (value: unknown): Cidr | undefined => {
  const address = readIpv4(value);
  return address ? only(address) : readCidr(value);
};

const read = (value: unknown): Block | undefined => {
  const asked = readPending(value);
  if (asked) return asked;
  if (!isRecord(value) || !Array.isArray(value.networks) || value.networks.length === 0) return undefined;
  const networks = value.networks.map(readNetwork).filter((n) => n !== undefined);
  return networks.length === value.networks.length ? { networks, shared: value.shared === true } : undefined;
};

export const block: z.ZodType<Block> = word(
  read,
  'network("a.b.c.d/n", …), shared("a.b.c.d/n", …) or pending("ticket"), host bits zero',
  "write one of them",
);
