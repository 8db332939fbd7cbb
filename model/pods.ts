import type { PlaceEntry, PodsEntry } from "./entries";

/** The label that pods of our own workloads bear; those of charts bear what the chart gives them. */
export const workloadLabel = "databridge/workload";

/** All pods of the cluster of a tenancy by the workload that they are: our own, and those of charts. */
export const podsIn = ({ id, workloads, releases }: PlaceEntry): readonly PodsEntry[] => [
  ...workloads.map(({ said: { workload, namespace } }) => ({
    place: id,
    namespace,
    workload,
    labels: { [workloadLabel]: workload },
  })),
  ...releases.flatMap(({ said: { namespace, pods } }) => pods.map((each) => ({ place: id, namespace, ...each }))),
];
