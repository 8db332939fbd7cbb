import type { Registers } from "../../model/registers";
import { runnersOf } from "../../model/runners";
import { grouped } from "../../model/words/grouped";
import { type Job, onDefaultBranch } from "./job";

/**
 * Hands the controller at home what it plans and applies: one artifact for each site's environment, as its sources fetch it. One in which
 * nothing differs is not pushed: another revision would have all of it planned anew. *Untried*: no registry was here.
 * @see constructs/gitops/README.md
 */
export function pushJobs({ places }: Registers, differs: (stack: string) => boolean): Readonly<Record<string, Job>> {
  const artifacts = grouped(runnersOf(places), ({ by, place: { site, tenancy } }) =>
    [by.artifacts, `${site.name}:${tenancy.environment}`].join("/"),
  );
  return Object.fromEntries(
    [...artifacts].flatMap(([artifact, runners]) => {
      const stacks = runners.flatMap((runner) => runner.stacks.map(({ name }) => name));
      const of = artifact.slice(artifact.lastIndexOf("/") + 1);
      const job: Job = {
        stage: "wave 1",
        needs: [],
        rules: [{ if: onDefaultBranch }],
        environment: { name: of.replace(":", "/artifact/") },
        resource_group: `${of.replace(":", "-")}-artifact`,
        script: [`.ci/push ${artifact} ${stacks.join(" ")}`],
      };
      return stacks.some(differs) ? [[`push ${artifact}`, job]] : [];
    }),
  );
}
