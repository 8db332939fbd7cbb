import type { PlaceEntry } from "../entries";
import { podsIn } from "../pods";
import { keeperOf, type StatedWorkload } from "../site/workload";
import { didYouMean, listed, type Problem } from "../words/problem";
import { type Named, twice } from "./twice";

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
      namespaces.map(({ namespace, because }) => named(namespace, because, `namespaces.${namespace}`)),
      "namespace",
    ),
    ...twice(
      [
        ...workloads.map(({ said, because }) => named(said.workload, because, `workloads.${said.workload}`)),
        ...releases.flatMap(({ said, because }) =>
          said.pods.map(({ workload }) => named(workload, because, `releases.${said.release}.pods`)),
        ),
      ],
      "workload",
    ),
    ...twice(
      releases.map(({ said, because }) => named(said.release, because, `releases.${said.release}`)),
      "release",
    ),
    ...reserved(place),
    ...unknownNames(place),
    ...quotas(place),
    ...volumes(place),
    ...nodePorts(place),
    ...alike(place),
    ...folders(place),
    ...parts(place),
    ...unproxied(place),
  ];
}

const named = (name: string, because: string, what: string): Named => ({
  name,
  path: `${because}.${what}`,
  owner: because,
});

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
              allowed: `what its workloads ask for, and one pod more of each that is replaced: ${fix}`,
              fix: `write ${fix}`,
            },
          ];
    const [cpu, memory, pods] = [sum((p) => p.milliCpu), sum((p) => p.memory), sum((p) => p.pods)];
    const storage = mine.reduce(
      (total, { said: { runs } }) => total + (runs.kind === "StatefulSet" ? runs.replicas * runs.volume.size.gib : 0),
      0,
    );
    return [
      ...over("milliCpu", cpu, quota.milliCpu, quota.milliCpu, `${cpu}`),
      ...over("memory", memory, quota.memory.mib, quota.memory, `mib(${memory})`),
      ...over("pods", pods, quota.pods, quota.pods, `${pods}`),
      ...over("storage", storage, quota.storage?.gib ?? 0, quota.storage, `gib(${storage})`),
    ];
  });
}

/** A claim that nobody answers waits for ever, and its pod with it. */
const volumes = ({ clusters, workloads }: PlaceEntry): readonly Problem[] =>
  clusters.flatMap(({ said: { product, volumes: classes } }) =>
    workloads
      .filter(({ said }) => said.runs.kind === "StatefulSet" && classes === undefined)
      .map(({ said, because }) => ({
        path: `${because}.workloads.${said.workload}.runs`,
        value: said.runs.kind,
        allowed: "a cluster that gives volumes to pods",
        fix:
          product === "rke2"
            ? "say cloud: true of cluster(), or keep its data elsewhere"
            : "say volumes of existingCluster(), or keep its data elsewhere",
      })),
  );

/** A port of the nodes leads to one service. */
function nodePorts(place: PlaceEntry): readonly Problem[] {
  const { services } = place;
  const pods = podsIn(place);
  const ports = services.filter(({ said }) => said.nodePort !== undefined);
  return ports.flatMap(({ said, because }, i): readonly Problem[] => {
    const path = `${because}.services.${said.service}.nodePort`;
    const { on, traffic } = said;
    if (!("workload" in on) || !pods.some(({ workload }) => workload === on.workload))
      return [{ path, value: said.nodePort, allowed: "a service on pods", fix: "leave nodePort out" }];
    if (traffic.from !== traffic.to)
      return [{ path, value: said.nodePort, allowed: "a service of one port", fix: "state a service for each" }];
    const other = ports.slice(0, i).find((one) => one.said.nodePort === said.nodePort);
    if (!other) return [];
    const allowed = `a port of its own on nodes; ${other.said.service} has this one`;
    return [{ path, value: said.nodePort, allowed, fix: "choose another" }];
  });
}

/** Pods that bear all labels of others would get their doors too. */
function alike(place: PlaceEntry): readonly Problem[] {
  const all = podsIn(place);
  return all.flatMap(({ workload, namespace, labels }, i): readonly Problem[] => {
    const path = place.releases.find(({ said }) => said.pods.some((pods) => pods.workload === workload))?.because ?? "";
    const fix = "state the labels that the chart gives them";
    if (Object.keys(labels).length === 0)
      return [{ path, value: workload, allowed: "labels by which these pods are told from others", fix }];
    const other = all
      .slice(0, i)
      .find((one) => one.namespace === namespace && (isWithin(one.labels, labels) || isWithin(labels, one.labels)));
    const allowed = `labels of which those of ${other?.workload} are no part, nor they of those`;
    return other ? [{ path, value: workload, allowed, fix }] : [];
  });
}

const isWithin = (some: Readonly<Record<string, string>>, all: Readonly<Record<string, string>>): boolean =>
  Object.entries(some).every(([key, value]) => all[key] === value);

/** Files of secrets and certificates take a whole folder of the container: what else is in it would not be seen. */
function folders(place: PlaceEntry): readonly Problem[] {
  const { workloads, whole, releases } = place;
  const mine = filesOfPods(place);
  return mine.flatMap(({ path, workload, file, bringer }, i): readonly Problem[] => {
    if (whole && !releases.some((release) => release.said.release === bringer))
      return [{ path, value: workload, allowed: `a cluster on which ${bringer} stands`, fix: "add sharedServices()" }];
    const found = workloads.find((each) => each.said.workload === workload)?.said;
    const folder = file.slice(0, file.lastIndexOf("/"));
    const keeper = found && keeperOf(found, folder);
    const claim = found?.runs.kind === "StatefulSet" ? [found.runs.volume.path] : [];
    const others = [...(keeper?.scratch ?? []), ...Object.keys(keeper?.files ?? {}), ...claim];
    const inTheWay = others.find((other) => meets(folder, other) || meets(other, folder));
    const twice = mine.slice(0, i).find((other) => other.workload === workload && other.file === file);
    if (folder.split("/").length > 2 && inTheWay === undefined && !twice) return [];
    const allowed = twice
      ? `a file of its own; ${twice.path} has this one`
      : inTheWay === undefined
        ? "a file in a folder of its own, below another: /run/it/token"
        : `a folder apart from ${inTheWay}, since files of secrets take it whole`;
    return [{ path, value: file, allowed, fix: "write it elsewhere" }];
  });
}

/** What containers say to have of their workload: its volume, and folders of what comes from Vault. */
function parts(place: PlaceEntry): readonly Problem[] {
  const files = filesOfPods(place);
  return place.workloads.flatMap(({ said, because }) =>
    said.containers.flatMap(({ name, volume, kept }): readonly Problem[] => {
      const path = `${because}.workloads.${said.workload}.containers.${name}`;
      const folders = foldersOf(said, files);
      return [
        ...(volume && said.runs.kind !== "StatefulSet"
          ? [
              {
                path: `${path}.volume`,
                value: volume,
                allowed: "a StatefulSet, which has a volume",
                fix: "leave it out",
              },
            ]
          : []),
        ...kept
          .filter((folder) => place.whole && !folders.includes(folder))
          .map((folder) => ({
            path: `${path}.kept`,
            value: folder,
            allowed: `a folder of what ${said.workload} has of Vault: ${listed(folders)}`,
            fix: didYouMean(folder, folders, "state the secret or certificate that is to be there"),
          })),
      ];
    }),
  );
}

const foldersOf = ({ workload }: StatedWorkload, files: ReturnType<typeof filesOfPods>): readonly string[] => [
  ...new Set(
    files.flatMap(({ workload: of, file }) => (of === workload ? [file.slice(0, file.lastIndexOf("/"))] : [])),
  ),
];

/** Files that something on the cluster brings to pods, and what does. */
const filesOfPods = ({ reads, certificates }: PlaceEntry) => [
  ...reads.flatMap(({ said: { by, secret, file }, because }) =>
    "workload" in by
      ? [{ path: `${because}.needs.${secret}`, workload: by.workload, file, bringer: "external-secrets" }]
      : [],
  ),
  ...certificates.flatMap(({ said: { by, service, files }, because }) =>
    "workload" in by
      ? Object.values(files).map((file: string) => ({
          path: `${because}.needs.certificate.${service}`,
          workload: by.workload,
          file,
          bringer: "cert-manager",
        }))
      : [],
  ),
];

const meets = (outer: string, inner: string): boolean => outer === inner || inner.startsWith(`${outer}/`);

/** Of pods that go out by the forward proxy, the chart has to be told so. */
const unproxied = ({ releases, needs }: PlaceEntry): readonly Problem[] =>
  releases.flatMap(({ said, because }) => {
    const out = needs.find(
      (need) =>
        need.said.through !== undefined &&
        "workload" in need.said.from &&
        said.pods.some(({ workload }) => "workload" in need.said.from && workload === need.said.from.workload),
    );
    return out && said.proxyEnv.length === 0
      ? [
          {
            path: `${because}.releases.${said.release}.proxyEnv`,
            value: undefined,
            allowed: "where its values take variables, since its pods go out through the forward proxy",
            fix: "add it: controller.extraEnv",
          },
        ]
      : [];
  });
