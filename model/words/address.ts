import { Address4 } from "ip-address";

/** An IPv4 address, `193.167.209.163`. */
export type Ipv4 = string & { readonly form: "ipv4" };
/** An IPv4 network, `10.20.0.0/20`, its host bits zero. One address is a `/32`. */
export type Cidr = string & { readonly form: "cidr" };

const dotted = /^\d{1,3}(\.\d{1,3}){3}$/;

/** The address, or `undefined` if the text is not exactly four decimal numbers. */
export function readIpv4(text: unknown): Ipv4 | undefined {
  return typeof text === "string" && dotted.test(text) && Address4.isValid(text) ? (text as Ipv4) : undefined;
}

/** The network, or `undefined` if the text is not `a.b.c.d/n` with host bits zero. */
export function readCidr(text: unknown): Cidr | undefined {
  if (typeof text !== "string") return undefined;
  const [address, length, ...rest] = text.split("/");
  if (rest.length > 0 || !readIpv4(address) || !/^(\d|[12]\d|3[0-2])$/.test(length ?? "")) return undefined;
  return startOf(text) === text ? startOf(text) : undefined;
}

/** The network in which `a.b.c.d/n` lies, its host bits zero. */
export const startOf = (text: string): Cidr =>
  `${new Address4(text).startAddress().address}/${text.slice(text.indexOf("/") + 1)}` as Cidr;

/** The network of one address. */
export const only = (address: Ipv4): Cidr => `${address}/32` as Cidr;

/** Everywhere. */
export const internet = "0.0.0.0/0" as Cidr;

const first = (network: Cidr): bigint => new Address4(network).startAddress().bigInt();
const length = (network: Cidr): number => Number(network.slice(network.indexOf("/") + 1));

/** How many addresses a network holds, its first and last included. */
export const sizeOf = (network: Cidr): number => 2 ** (32 - length(network));

/** The address at a distance from the start of a network; it may lie outside, see {@link contains}. */
export const at = (network: Cidr, offset: number): Ipv4 =>
  Address4.fromBigInt(first(network) + BigInt(offset)).correctForm() as Ipv4;

/** The distance of an address from the start of a network; negative or too large if it lies outside. */
export const offsetIn = (network: Cidr, address: Ipv4): number => Number(first(only(address)) - first(network));

export const contains = (outer: Cidr, inner: Cidr | Ipv4): boolean =>
  new Address4(inner).isInSubnet(new Address4(outer));

export const overlap = (a: Cidr, b: Cidr): boolean => contains(a, b) || contains(b, a);

/** A network cut into `2^bits` equal ones, in order. */
export function cut(network: Cidr, bits: number): readonly Cidr[] {
  const part = sizeOf(network) / 2 ** bits;
  return Array.from({ length: 2 ** bits }, (_, i) => `${at(network, i * part)}/${length(network) + bits}` as Cidr);
}

const privateBlocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] as readonly string[] as readonly Cidr[];

/** Whether a network is private by RFC 1918. */
export const isPrivate = (network: Cidr | Ipv4): boolean => privateBlocks.some((block) => contains(block, network));

/** This network, carrier NAT, loopback, link-local, multicast and reserved. @see RFC 6890 */
const specialBlocks = [
  "0.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "224.0.0.0/4",
  "240.0.0.0/4",
] as readonly string[] as readonly Cidr[];

/** Whether an address can be met on the internet. Those for documentation pass: examples use them. */
export const isPublic = (address: Ipv4): boolean =>
  !isPrivate(address) && !specialBlocks.some((block) => contains(block, address));
