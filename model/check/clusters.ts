import type { PlaceEntry } from "../entries";
import { podsIn } from "../pods";
import type { Problem } from "../words/problem";
import { didYouMean, listed } from "../words/problem";

/** What stands on the cluster of a tenancy and could not. */
export function clusterProblems(place: PlaceEntry): readonly Problem[] {
  const { clusters, namespaces, workloads, releases } = place;
  const all = [
    ...namespaces.map(({ because, namespace }) => ({ because, what: `namespaces.${namespace}` })),
    ...workloads.map(({ because, said }) => ({ because, what: `workloads.${said.workload}` })),
    ...releases.map(({ because, said }) => ({ because, what: `releases.${said.release}` })),
  ];
  const homeless = clusters.length > 0 || !place.whole ? [] : all;
  return [
    ...homeless.map(({ because, what }) => ({
      path: `${because}.${what}`,
      value: undefined,
      allowed: "a tenancy with a cluster",
      fix: "add cluster() or existingCluster(), or leave this out here",
    })),
    ...clusters.flatMap(({ said, because }, i) => [
      ...(i > 0
        ? [{ path: because, value: said.product, allowed: "one cluster in a tenancy", fix: "leave one of them out" }]
        : []),
      ...((said.nodes === undefined) === (said.outside === undefined)
        ? [
            {
              path: `${because}.clusters`,
              value: said.nodes ?? said.outside,
              allowed: "hosts of ours (nodes), or those of somebody else (outside)",
              fix: "state one of both",
            },
          ]
        : []),
    ]),
    ...twice(
      namespaces.map(({ namespace, because }) => ({ name: namespace, because, what: `namespaces.${namespace}` })),
      "namespace",
    ),
    ...twice(
      [
        ...workloads.map(({ said, because }) => ({ name: said.workload, because, what: `workloads.${said.workload}` })),
        ...releases.flatMap(({ said, because }) =>
          said.pods.map(({ workload }) => ({ name: workload, because, what: `releases.${said.release}.pods` })),
        ),
      ],
      "workload",
    ),
    ...twice(
      releases.map(({ said, because }) => ({ name: said.release, because, what: `releases.${said.release}` })),
      "release",
    ),
    ...reserved(place),
    ...unknownNames(place),
    ...quotas(place),
    ...nodePorts(place),
    ...alike(place),
  ];
}

/** Those that Kubernetes and RKE2 have for themselves. */
const isReserved = (namespace: string): boolean =>
  namespace === "default" || namespace.startsWith("kube-") || namespace.startsWith("cattle-");

const reserved = ({ namespaces }: PlaceEntry): readonly Problem[] =>
  namespaces
    .filter(({ namespace }) => isReserved(namespace))
    .map(({ namespace, because }) => ({
      path: `${because}.namespaces.${namespace}`,
      value: namespace,
      allowed: "a namespace of ours: not default, kube-… or cattle-…",
      fix: "name another",
    }));

interface Named {
  readonly name: string;
  readonly because: string;
  readonly what: string;
}

const twice = (names: readonly Named[], kind: string): readonly Problem[] =>
  names.flatMap(({ name, because, what }, i) => {
    const other = names.slice(0, i).find((one) => one.name === name);
    if (!other) return [];
    const allowed = `a ${kind} of its own; ${other.because} has this one`;
    return [{ path: `${because}.${what}`, value: name, allowed, fix: "rename one of them" }];
  });

/** Names of namespaces, and of releases that have to be there before. */
function unknownNames({ namespaces, workloads, releases, whole }: PlaceEntry): readonly Problem[] {
  if (!whole) return [];
  const spaces = namespaces.map(({ namespace }) => namespace);
  const unknown = (path: string, name: string, known: readonly string[], what: string): readonly Problem[] =>
    known.includes(name)
      ? []
      : [
          {
            path,
            value: name,
            allowed: known.length > 0 ? `${what}: ${listed(known)}` : what,
            fix: didYouMean(name, known, "state it"),
          },
        ];
  return [
    ...workloads.flatMap(({ said, because }) =>
      unknown(`${because}.workloads.${said.workload}.namespace`, said.namespace, spaces, "a namespace of the cluster"),
    ),
    ...releases.flatMap(({ said, because }, i) => [
      ...unknown(`${because}.releases.${said.release}.namespace`, said.namespace, spaces, "a namespace of the cluster"),
      ...said.after.flatMap((name) =>
        unknown(
          `${because}.releases.${said.release}.after`,
          name,
          releases.slice(0, i).map((each) => each.said.release),
          "a release that is stated before it",
        ),
      ),
    ]),
  ];
}

/** What all pods of a namespace are sure to have is within its quota, one pod more for each that is being replaced. */
function quotas({ namespaces, workloads }: PlaceEntry): readonly Problem[] {
  return namespaces.flatMap(({ namespace, quota, because }): readonly Problem[] => {
    const mine = workloads.filter(({ said }) => said.namespace === namespace);
    const sum = (of: (pod: { milliCpu: number; memory: number; pods: number }) => number): number =>
      mine.reduce((total, { said }) => {
        const { runs, containers } = said;
        const count = runs.kind === "Deployment" ? runs.replicas + 1 : runs.kind === "StatefulSet" ? runs.replicas : 1;
        const pod = {
          milliCpu: containers.reduce((n, each) => n + each.milliCpu, 0),
          memory: containers.reduce((n, each) => n + each.memory.mib, 0),
          pods: 1,
        };
        return total + count * of(pod);
      }, 0);
    const over = (key: string, is: number, most: number, value: unknown, fix: string): readonly Problem[] =>
      is <= most
        ? []
        : [
            {
              path: `${because}.namespaces.${namespace}.quota.${key}`,
              value,
              allowed: `what its workloads ask for, and one more pod while one is replaced: ${fix}`,
              fix: `write ${fix}`,
            },
          ];
    const [cpu, memory, pods] = [sum((p) => p.milliCpu), sum((p) => p.memory), sum((p) => p.pods)];
    return [
      ...over("milliCpu", cpu, quota.milliCpu, quota.milliCpu, `${cpu}`),
      ...over("memory", memory, quota.memory.mib, quota.memory, `mib(${memory})`),
      ...over("pods", pods, quota.pods, quota.pods, `${pods}`),
    ];
  });
}

/** A port of the nodes leads to one service. */
function nodePorts({ services }: PlaceEntry): readonly Problem[] {
  const ports = services.filter(({ said }) => said.nodePort !== undefined);
  return ports.flatMap(({ said, because }, i): readonly Problem[] => {
    const path = `${because}.services.${said.service}.nodePort`;
    if (!("workload" in said.on))
      return [{ path, value: said.nodePort, allowed: "a service on pods", fix: "leave nodePort out" }];
    const other = ports.slice(0, i).find((one) => one.said.nodePort === said.nodePort);
    if (!other) return [];
    const allowed = `a port of its own on nodes; ${other.said.service} has this one`;
    return [{ path, value: said.nodePort, allowed, fix: "choose another" }];
  });
}

/** Pods that bear the labels of others would get their doors too. */
function alike(place: PlaceEntry): readonly Problem[] {
  const labels = podsIn(place).flatMap(({ workload, namespace, labels }) => [
    {
      workload,
      key: `${namespace} ${JSON.stringify(Object.entries(labels).sort())}`,
      empty: Object.keys(labels).length === 0,
    },
  ]);
  return labels.flatMap(({ workload, key, empty }, i): readonly Problem[] => {
    const path = place.releases.find(({ said }) => said.pods.some((pods) => pods.workload === workload))?.because ?? "";
    const fix = "state the labels that the chart gives them";
    if (empty) return [{ path, value: workload, allowed: "labels by which these pods are told from others", fix }];
    const other = labels.slice(0, i).find((one) => one.key === key);
    return other ? [{ path, value: workload, allowed: `other labels than those of ${other.workload}`, fix }] : [];
  });
}
