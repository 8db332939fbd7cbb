import type { NamespaceQuota } from "../../model/site/namespace";
import type { WorkloadSpec } from "../../model/site/workload";
import { gib } from "../../model/words/quantity";

/** What workloads ask for, and one pod more of each that is replaced: the quota of a namespace that holds nothing else. */
export function quotaOf(workloads: readonly WorkloadSpec[]): NamespaceQuota {
  const sum = (of: (workload: WorkloadSpec) => number): number => workloads.reduce((all, each) => all + of(each), 0);
  const each = (of: (container: WorkloadSpec["containers"][number]) => number): number =>
    sum((workload) => podsOf(workload) * workload.containers.reduce((all, container) => all + of(container), 0));
  const storage = sum(({ runs }) => (runs.kind === "StatefulSet" ? runs.replicas * runs.volume.size.gib : 0));
  return {
    milliCpu: each(({ milliCpu }) => milliCpu),
    memory: gib(each(({ memory }) => memory.gib)),
    pods: sum(podsOf),
    ...(storage > 0 ? { storage: gib(storage) } : {}),
  };
}

const podsOf = ({ runs }: WorkloadSpec): number =>
  runs.kind === "Deployment" ? runs.replicas + 1 : runs.kind === "StatefulSet" ? runs.replicas : 1;
