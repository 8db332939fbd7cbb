import { at, type Cidr, sizeOf } from "../model/words/address";

/** Somebody outside, as the programs of the sandbox read it. */
export interface SandboxOutside {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly names?: Readonly<Record<string, string>>;
  readonly serves?: "apt" | "dns" | "ntp";
}

/** Where everything of the internet answers, and somebody of whom nobody speaks; blocks for documentation. @see RFC 5737 */
export const [internet, stranger] = ["198.51.100.80", "198.51.100.200"] as const;

/** An address in a network: its only one, or the first after its own that nobody else has. */
export const hostIn = (network: Cidr, taken: readonly string[] = []): string => {
  if (sizeOf(network) === 1) return at(network, 0);
  for (let offset = 1; offset < sizeOf(network); offset += 1)
    if (!taken.includes(at(network, offset))) return at(network, offset);
  throw new Error(`every address of ${network} is taken`);
};
