import { dirname } from "node:path/posix";
import type { VolumeClasses } from "../../model/site/cluster";
import type { Place } from "../../model/site/component";
import { type Need, tcp } from "../../model/site/need";
import type { ChartSpec, ReleaseSpec } from "../../model/site/release";
import type { Description } from "../../model/site/specs";
import { grouped } from "../../model/words/grouped";
import { listed, type Problem } from "../../model/words/problem";
import { mib } from "../../model/words/quantity";
import { namespace, priority, sized, toApi } from "../services/spec";
import { cloudFile } from "./secrets";

/**
 * One place for what is installed, of the Kubernetes of this version. No registry has these charts. *Untried.*
 * @see https://kubernetes.github.io/cloud-provider-openstack, index.yaml
 */
const charts: Readonly<Record<"controller" | "volumes", ChartSpec>> = {
  controller: {
    repository: "https://kubernetes.github.io/cloud-provider-openstack",
    name: "openstack-cloud-controller-manager",
    version: "2.34.2",
  },
  volumes: {
    repository: "https://kubernetes.github.io/cloud-provider-openstack",
    name: "openstack-cinder-csi",
    version: "2.34.3",
  },
};

/** Classes of volumes that Cinder gives, by what becomes of one whose claim is gone. */
export const classes: VolumeClasses = { keep: "cinder-keep", disposable: "cinder-disposable" };

const space = "openstack";
/** What asks the cloud. */
const [controller, volumes] = [charts.controller.name, "cinder-csi-controller"] as const;

/** Hosts of a role, and how many there are. */
interface Some {
  readonly role: string;
  readonly count: number;
}

export interface CloudProps {
  readonly servers: Some;
  /** Those that carry workloads. */
  readonly nodes: Some;
}

/** What the cloud gives a cluster: its controller takes nodes in, and pods get volumes. */
export function cloudOf(at: Place, props: CloudProps): Description {
  const { servers, nodes } = props;
  const replicas = Math.min(servers.count, 2);
  const pods = [
    { ...sizes.controller, count: servers.count },
    // One more while another takes its place.
    { ...withBeside(5), count: replicas + 1 },
    { ...withBeside(2), count: nodes.count },
  ];
  const all = (of: (pod: (typeof pods)[number]) => number) => pods.reduce((sum, pod) => sum + pod.count * of(pod), 0);
  return {
    problems: lacking(at),
    namespaces: [
      {
        ...namespace(space, "the cloud: which nodes there are, and volumes for pods", at),
        // They have folders and devices of their nodes, and one its network.
        security: "privileged",
        quota: {
          milliCpu: all(({ milliCpu }) => milliCpu),
          memory: mib(2 * all((pod) => pod.mib)),
          pods: all(() => 1),
        },
      },
    ],
    releases: [controllerOf(at, props), volumesOf(at, props, replicas)],
    needs: [controller, volumes].flatMap((workload) => [toApi(workload), ...toCloud(workload, at)]),
  };
}

/** What one container is sure to have, and half of what it may take of memory. */
const sizes = {
  controller: { milliCpu: 50, mib: 64 },
  plugin: { milliCpu: 25, mib: 64 },
  beside: { milliCpu: 10, mib: 32 },
};
/** A pod of the plugin, and of containers that speak for it to Kubernetes. */
const withBeside = (count: number) => ({
  milliCpu: sizes.plugin.milliCpu + count * sizes.beside.milliCpu,
  mib: sizes.plugin.mib + count * sizes.beside.mib,
});
const sizeOf = (which: keyof typeof sizes) => ({ resources: sized(sizes[which].milliCpu, sizes[which].mib) });

/** Root's, since nobody else reads the file of the host; and nothing beyond that. */
const rootAlone = {
  podSecurityContext: { runAsUser: 0, seccompProfile: { type: "RuntimeDefault" } },
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
};

/** Where both look for what they know of the cloud; of hosts that have no such file, they get an empty folder. */
const volume = {
  name: "cloud-config",
  hostPath: { path: dirname(cloudFile), type: "DirectoryOrCreate" },
};
const mount = { name: volume.name, mountPath: "/etc/config", readOnly: true };

const idOf = ({ site, tenancy }: Place): string => `${site}-${tenancy}`;

/** Of servers, which RKE2 labels so; and which carry nothing else. */
const onServers = {
  nodeSelector: { "node-role.kubernetes.io/control-plane": "true" },
  tolerations: [
    { key: "CriticalAddonsOnly", operator: "Exists" },
    { key: "node.cloudprovider.kubernetes.io/uninitialized", operator: "Exists" },
  ],
};

/**
 * It takes nodes in, and does nothing else: it would delete the node of a server that is being rebuilt, and with that RKE2 its member
 * of etcd; it would give services load balancers that nobody described.
 * @see cloud-provider-openstack, charts/openstack-cloud-controller-manager, values.yaml
 */
const controllerOf = (at: Place, { servers }: CloudProps): ReleaseSpec => ({
  release: "cloud-controller",
  namespace: space,
  chart: charts.controller,
  images: ["registry.k8s.io"],
  values: {
    enabledControllers: ["cloud-node"],
    cluster: { name: idOf(at) },
    secret: { enabled: false, create: false },
    extraVolumes: [volume],
    extraVolumeMounts: [mount],
    priorityClassName: priority,
    ...onServers,
    ...rootAlone,
    ...sizeOf("controller"),
  },
  pods: [
    {
      workload: controller,
      labels: { app: controller, component: "controllermanager", release: "cloud-controller" },
      on: servers.role,
    },
  ],
  proxyEnv: ["extraEnv"],
  why: "takes nodes in as the cloud knows them",
});

/**
 * Volumes of Cinder: what asks the cloud is on servers; what mounts is where workloads are, and knows no credential.
 * @see cloud-provider-openstack, charts/cinder-csi-plugin, values.yaml
 */
const volumesOf = (at: Place, { servers, nodes }: CloudProps, replicas: number): ReleaseSpec => ({
  release: "cinder-csi",
  namespace: space,
  chart: charts.volumes,
  images: ["registry.k8s.io"],
  values: {
    secret: { enabled: false, hostMount: false, create: false },
    csi: {
      ...Object.fromEntries(
        ["attacher", "provisioner", "snapshotter", "resizer", "livenessprobe", "nodeDriverRegistrar"].map((name) => [
          name,
          sizeOf("beside"),
        ]),
      ),
      plugin: {
        volumes: [volume],
        volumeMounts: [mount],
        controllerPlugin: { replicas, ...onServers, ...rootAlone },
        nodePlugin: { nodeSelector: { "platform/role": nodes.role } },
        ...sizeOf("plugin"),
      },
    },
    // Volumes bear it, so that people see whose they are.
    clusterID: idOf(at),
    // Ours say what becomes of a volume.
    storageClass: { enabled: false },
    priorityClassName: priority,
  },
  resources: [
    classOf(classes.keep, "Retain", at.cloud.volumeType),
    classOf(classes.disposable, "Delete", at.cloud.volumeType),
  ],
  after: ["cloud-controller"],
  pods: [
    { workload: volumes, labels: labelsOf("controllerplugin"), on: servers.role },
    { workload: "cinder-csi-node", labels: labelsOf("nodeplugin") },
  ],
  proxyEnv: ["csi.plugin.extraEnv"],
  why: "volumes of the cloud for pods",
});

const labelsOf = (component: string) => ({ app: charts.volumes.name, component, release: "cinder-csi" });

/** A volume is where its pod is: it is made once that is known. */
const classOf = (name: string, reclaimPolicy: "Retain" | "Delete", type: string | undefined) => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name },
  provisioner: "cinder.csi.openstack.org",
  reclaimPolicy,
  volumeBindingMode: "WaitForFirstConsumer",
  allowVolumeExpansion: true,
  ...(type === undefined ? {} : { parameters: { type } }),
});

/** The API of the cloud, by its names; one need for each of its ports. */
const toCloud = (workload: string, { cloud }: Place): readonly Need[] => {
  const met = cloud.api.map((each) => new URL(each));
  return [...grouped(met, ({ port }) => port || "443")].map(([port, all]) => ({
    need: "flow",
    from: { workload },
    to: { outside: "internet" },
    through: "forward-proxy",
    traffic: tcp(Number(port)),
    names: [...new Set(all.map(({ hostname }) => hostname))],
    why: `${workload} asks the cloud`,
    option: "cloud",
  }));
};

/** What the facts of the cloud do not say that is needed. */
const lacking = ({ site, cloud: { has, api } }: Place): readonly Problem[] => [
  ...(has.includes("cinder")
    ? []
    : [
        {
          path: "cloud",
          value: true,
          allowed: `what ${site}.cloud.has: ${listed(has)}; volumes are of cinder`,
          fix: 'leave it out at this site, or add "cinder" if the cloud has it',
        },
      ]),
  ...(api.length > 0
    ? []
    : [
        {
          path: "cloud",
          value: true,
          allowed: `a cloud that says where it answers: ${site}.cloud.api`,
          fix: "add it, by openstack catalog list: identity, compute, network and volumes",
        },
      ]),
];
