import { stringify } from "yaml";
import { bucketOf } from "../../model/site/copies";
import { header } from "../hosts/header";
import { type Node, portOf } from "./nodes";
import { agentTokenFile, folder } from "./secrets";

/** Files beside `config.yaml` to which it points. */
export const files = {
  config: `${folder}/config.yaml`,
  audit: `${folder}/audit-policy.yaml`,
  admission: `${folder}/pod-security.yaml`,
  people: `${folder}/authentication.yaml`,
  /** What a start makes of the token and the CA that was learned; see `units.ts`. */
  token: "/run/platform-rke2/token",
} as const;

/**
 * What `rke2 server` and `rke2 agent` are told; each key is the name of an option.
 * @see https://docs.rke2.io/reference/server_config; https://docs.rke2.io/reference/linux_agent_config
 */
export function rke2Config(node: Node, people: boolean): string {
  const { host, place, isServer, begins, front } = node;
  const told = {
    // Also of servers that run already: it is passed over by one that has etcd's data, and one that lost them joins the others.
    ...(begins ? {} : { server: `https://${front}:${portOf(node, "cluster-join")}` }),
    "token-file": files.token,
    // Of a server of OpenStack, as its cloud controller looks for it.
    "node-name": host.id,
    "node-ip": host.address,
    // Whoever is not RKE2 says then when a node is taken in.
    ...(node.said.cloud ? { "cloud-provider-name": "external" } : {}),
    "node-label": [
      `platform/site=${place.site.name}`,
      `platform/tenancy=${place.name}`,
      `platform/environment=${place.tenancy.environment}`,
      `platform/role=${host.roles[0]}`,
    ],
    ...(isServer ? serverConfig(node, people) : {}),
    profile: "cis",
    // Debian has AppArmor.
    selinux: false,
    "kubelet-arg": kubeletArgs,
  };
  return `${header(host, place)}\n${stringify(told, { lineWidth: 0 })}`;
}

const serverConfig = ({ said, names, servers, apart, place, proxy }: Node, people: boolean) => ({
  "agent-token-file": agentTokenFile,
  "tls-san": [...names, ...servers.map(({ dns }) => dns)],
  "cluster-cidr": said.pods,
  "service-cidr": said.services,
  cni: "canal",
  // Nobody comes in by one yet. The one that this version would bring is retired: its successor is named with the first service.
  "ingress-controller": "none",
  ...(said.cloud
    ? // Its own controller would take nodes in first. That of snapshots stays: Cinder's driver waits for the kinds that it brings.
      { "disable-cloud-controller": true }
    : // There is no storage driver whose volumes could be copied.
      { disable: ["rke2-snapshot-controller", "rke2-snapshot-controller-crd", "rke2-snapshot-validation-webhook"] }),
  ...(apart ? { "node-taint": ["CriticalAddonsOnly=true:NoExecute"] } : {}),
  "write-kubeconfig-mode": "0640",
  "audit-policy-file": files.audit,
  "pod-security-admission-config-file": files.admission,
  // RKE2 encrypts secrets in etcd always, and by this it also knows if somebody changed them there.
  "secrets-encryption-provider": "secretbox",
  ...(people ? { "kube-apiserver-arg": [`authentication-config=${files.people}`] } : {}),
  "etcd-expose-metrics": true,
  "etcd-snapshot-schedule-cron": "15 */6 * * *",
  "etcd-snapshot-retention": 20,
  "etcd-snapshot-compress": true,
  ...(said.snapshots === undefined
    ? {}
    : {
        "etcd-s3": true,
        "etcd-s3-endpoint": said.snapshots.endpoint,
        "etcd-s3-bucket": bucketOf(said.snapshots),
        "etcd-s3-region": said.snapshots.region,
        "etcd-s3-folder": place.id,
        "etcd-s3-retention": 60,
        ...(proxy === undefined ? {} : { "etcd-s3-proxy": proxy }),
      }),
});

/**
 * What the system and Kubernetes keep for themselves, so that pods that want all memory end, and not the node.
 * @see https://kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources
 */
const kubeletArgs = [
  "max-pods=110",
  "pod-max-pids=4096",
  "system-reserved=cpu=250m,memory=512Mi",
  "kube-reserved=cpu=250m,memory=1Gi",
  "eviction-hard=memory.available<512Mi,nodefs.available<10%,imagefs.available<10%",
];
