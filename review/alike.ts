import { grouped } from "../model/words/grouped";
import type { Tree } from "./stack";
import type { StackName } from "./stack-name";

/**
 * Writes text of a stack so that equal changes of two sites read the same: names of the site are blanked, and addresses
 * are told by their distance from the first of the tenancy's subnets.
 */
export function alikeIn(tree: Tree, stack: string, { site, tenancy }: StackName): (text: string) => string {
  const cidrs = [...(tree.get(stack)?.elements.values() ?? [])].flatMap(({ type, args }) =>
    type === "openstack_networking_subnet_v2" && typeof args.cidr === "string" ? [numberOf(args.cidr)] : [],
  );
  const first = Math.min(...cidrs);
  return (text) =>
    text
      .replaceAll(stack, "<stack>")
      .replaceAll(`${site}-${tenancy}`, "<place>")
      .replaceAll(site, "<site>")
      .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, (address) => {
        const distance = numberOf(address) - first;
        return distance >= 0 && distance < 2 ** 16 ? `<+${distance}>` : address;
      });
}

const numberOf = (cidr: string): number =>
  (cidr.split("/")[0] ?? "").split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);

/** Each text once, with the stacks where it holds. */
export const together = (pairs: readonly (readonly [stack: string, text: string])[]): readonly string[] =>
  [...grouped(pairs, ([, text]) => text)].map(
    ([text, where]) => `${text} · ${[...new Set(where.map(([stack]) => stack))].join(", ")}`,
  );
