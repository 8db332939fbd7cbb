import type { PlaceEntry, PodsEntry } from "./entries";

/** The label that pods of our own workloads bear; those of charts bear what the chart gives them. */
export const workloadLabel = "databridge/workload";

/** All pods of the cluster of a tenancy by the workload that they are: our own, those of charts, and those in which engines run. */
export const podsIn = ({ id, workloads, releases, gitops }: PlaceEntry): readonly PodsEntry[] => [
  ...workloads.map(({ said: { workload, namespace } }) => ({
    place: id,
    namespace,
    workload,
    labels: { [workloadLabel]: workload },
  })),
  ...gitops.map(({ said: { namespace, runner } }) => ({ place: id, namespace, ...runner })),
  ...releases.flatMap(({ said: { namespace, pods } }) => pods.map((each) => ({ place: id, namespace, ...each }))),
];
