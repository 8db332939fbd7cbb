import { stringify } from "yaml";
import { type Node, portOf } from "./nodes";

/** @see https://github.com/kube-vip/kube-vip/releases/tag/v1.0.4 */
const image = "ghcr.io/kube-vip/kube-vip:v1.0.4";

/**
 * Moves the address that servers share to one that answers: kube-vip, by a lease of the API, and ARP. keepalived would need VRRP,
 * IP protocol 112, between the servers, which is neither TCP nor UDP: no flow could open it. kube-vip needs what every node has.
 * RKE2 deploys what lies in this folder of each server, the same of all. *Untried.*
 * @see https://kube-vip.io/docs/installation/daemonset; https://docs.rke2.io/advanced, "Auto-deploying manifests"
 */
export function sharedAddress(node: Node): string {
  const name = "kube-vip";
  const metadata = { name, namespace: "kube-system" };
  const rbac = "rbac.authorization.k8s.io";
  const role = (kind: string, meta: object, rules: readonly object[]) => [
    { apiVersion: `${rbac}/v1`, kind, metadata: meta, rules },
    {
      apiVersion: `${rbac}/v1`,
      kind: `${kind}Binding`,
      metadata: meta,
      roleRef: { apiGroup: rbac, kind, name },
      subjects: [{ kind: "ServiceAccount", ...metadata }],
    },
  ];
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    ...role("Role", metadata, [
      {
        apiGroups: ["coordination.k8s.io"],
        resources: ["leases"],
        verbs: ["get", "list", "watch", "create", "update"],
      },
    ]),
    ...role("ClusterRole", { name }, [{ apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] }]),
    daemonSet(node, metadata),
  ]
    .map((each) => stringify(each, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join("---\n");
}

const daemonSet = (node: Node, metadata: { readonly name: string; readonly namespace: string }) => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata,
  spec: {
    selector: { matchLabels: { app: metadata.name } },
    // The one that holds the address goes last, and one at a time.
    updateStrategy: { rollingUpdate: { maxUnavailable: 1 } },
    template: {
      metadata: { labels: { app: metadata.name } },
      spec: {
        serviceAccountName: metadata.name,
        hostNetwork: true,
        priorityClassName: "system-node-critical",
        nodeSelector: { "node-role.kubernetes.io/control-plane": "true" },
        tolerations: [{ operator: "Exists" }],
        containers: [
          {
            name: metadata.name,
            image,
            args: ["manager"],
            env: Object.entries({
              address: node.front,
              port: String(portOf(node, "cluster-api")),
              vip_arp: "true",
              vip_subnet: "32",
              cp_enable: "true",
              cp_namespace: metadata.namespace,
              vip_leaderelection: "true",
              vip_leaseduration: "15",
              vip_renewdeadline: "10",
              vip_retryperiod: "2",
              svc_enable: "false",
            }).map(([key, value]) => ({ name: key, value })),
            resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ["ALL"], add: ["NET_ADMIN", "NET_RAW"] },
            },
          },
        ],
      },
    },
  },
});
