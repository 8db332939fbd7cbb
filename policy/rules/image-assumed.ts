import { inProduction } from "../places";
import type { Rule } from "../rule";

export const imageAssumed: Rule = {
  name: "image-assumed",
  asks: "Servers of production are made of images that the operator has named.",
  why: "An id that somebody assumed is refused by the cloud at best; at worst it is another image.",
  fix: "take the id from openstack image list, and write it without assumed(…)",
  judge: (registers) => {
    const assumed = registers.assumptions.map(({ path }) => path);
    return [
      ...new Set(
        inProduction(registers).flatMap(({ site, hosts }) =>
          hosts.map(({ image }) => `${site.name}.cloud.images.${image}`),
        ),
      ),
    ].map((target) =>
      assumed.some((path) => target === path || target.startsWith(`${path}.`))
        ? { target, unwise: "its id is assumed" }
        : { target },
    );
  },
};
