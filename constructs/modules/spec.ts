import { z } from "zod";
import { type Component, component } from "../../model/site/component";
import { tcp } from "../../model/site/need";
import { type Fields, names } from "../../model/words/parse";
import { didYouMean, listed } from "../../model/words/problem";

export interface ModulesOptions {
  /** Partitions of the site's supercomputer that software is installed for. */
  readonly on: readonly string[];
}

const schema = z.strictObject({
  on: names("a partition of the site's supercomputer"),
} satisfies Fields<ModulesOptions>);

/** Jobs on the site's cluster that install ECMWF's software on the supercomputer beside it. */
export const modules = (options: ModulesOptions): Component =>
  component("modules", "modules", { schema, input: options, fallback: { on: [] } }, (is, { supercomputer, site }) => {
    if (!supercomputer)
      return {
        problems: [{ path: "", value: site, allowed: "a site with a supercomputer", fix: "leave modules() out here" }],
      };
    const partitions = Object.keys(supercomputer.partitions);
    return {
      problems: is.on
        .filter((partition) => !partitions.includes(partition))
        .map((partition) => ({
          path: "on",
          value: partition,
          allowed: `partitions of ${supercomputer.name}: ${listed(partitions)}`,
          fix: didYouMean(partition, partitions, "name one of them"),
        })),
      needs: [
        {
          need: "flow",
          from: { role: "cluster-worker" },
          to: { supercomputer: supercomputer.name, nodes: "login" },
          traffic: tcp(22),
          why: "jobs of the cluster install software modules",
        },
      ],
    };
  });
