import type { Ipv4 } from "../model/words/address";
import { network } from "../model/words/network-block";
import { readPending } from "../model/words/public-address";
import { isRecord, own } from "../model/words/record";

/** Whom somebody was asked for, and the address that stands in for the answer. */
export interface Answer {
  /** `home.outside.operators`. */
  readonly path: string;
  readonly address: Ipv4;
}

/** The first 254 of a block for documentation, which nobody routes. @see RFC 5737 */
const standIn = (index: number): Ipv4 => {
  if (index > 253) throw new Error("the sandbox has stand-ins for 254 addresses that are asked for");
  return `192.0.2.${index + 1}` as Ipv4;
};

/** The fingerprint of no key. */
const noKey = `SHA256:${"A".repeat(43)}`;

/** Fingerprints of the host keys that supercomputers of the sandbox show, by the supercomputer's name. */
export type ShownKeys = Readonly<Record<string, string>>;

/**
 * Site files as their sandbox has them: whom nobody has named yet, as `pending(…)` says, gets an address of the sandbox, so
 * that no rule waits for an answer that only people can give; agreements are given. Addresses of ours that are asked for stay asked for.
 * A supercomputer that is played has the host key that it shows here, not the one that is published; of others, keys that are asked for
 * are of nobody.
 * @param sites what site files export
 */
export function answered(
  sites: readonly unknown[],
  shown: ShownKeys = {},
): {
  readonly sites: readonly unknown[];
  readonly answers: readonly Answer[];
} {
  const answers: Answer[] = [];
  const answer = (path: string, value: unknown): unknown => {
    if (!readPending(value)) return value;
    if (path.endsWith(".supercomputer.agreement")) return "given in the sandbox";
    if (path.endsWith(".supercomputer.hostKeys")) return [noKey];
    const address = standIn(answers.length);
    answers.push({ path, address });
    return network(address);
  };
  return {
    sites: sites.map((site) => {
      if (!isRecord(site)) return site;
      const { outside, supercomputer } = site;
      return {
        ...site,
        ...(isRecord(outside) ? { outside: each(outside, `${site.name}.outside`, answer) } : {}),
        ...(isRecord(supercomputer) && isRecord(supercomputer.facts)
          ? {
              supercomputer: {
                ...supercomputer,
                facts: {
                  ...each(supercomputer.facts, `${site.name}.supercomputer`, answer),
                  ...keysOf(supercomputer, shown),
                },
              },
            }
          : {}),
      };
    }),
    answers,
  };
}

function keysOf({ name }: Readonly<Record<string, unknown>>, shown: ShownKeys) {
  const key = typeof name === "string" ? own(shown, name) : undefined;
  return key === undefined ? {} : { hostKeys: [key] };
}

const each = (
  record: Readonly<Record<string, unknown>>,
  path: string,
  answer: (path: string, value: unknown) => unknown,
) => Object.fromEntries(Object.entries(record).map(([key, value]) => [key, answer(`${path}.${key}`, value)]));
