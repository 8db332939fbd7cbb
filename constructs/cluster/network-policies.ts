import {
  NetworkPolicyV1,
  type NetworkPolicyV1SpecEgress,
  type NetworkPolicyV1SpecIngress,
} from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { Construct } from "constructs";
import { literal } from "../../engine/literal";
import type { PodsEntry } from "../../model/entries";
import type { PodPeer, PodRule } from "../../model/pod-rules";
import type { Traffic } from "../../model/site/need";
import { grouped } from "../../model/words/grouped";

/** The label that Kubernetes itself gives every namespace. */
const namespaceLabel = "kubernetes.io/metadata.name";

/** Where pods ask for names: the chart that RKE2 brings labels it so, as CoreDNS everywhere. */
const names = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } };

/** What every pod of a namespace may do: ask for names, and nothing else. */
export class DefaultDeny extends Construct {
  readonly resource: NetworkPolicyV1;

  constructor(scope: Construct, id: string, { namespace }: { readonly namespace: string }) {
    super(scope, id);
    this.resource = new NetworkPolicyV1(this, "Resource", {
      metadata: { name: "deny", namespace },
      spec: {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        egress: [
          {
            ports: ["UDP", "TCP"].map((protocol) => ({ protocol, port: "53" })),
            to: [
              {
                namespaceSelector: { matchLabels: { [namespaceLabel]: names.namespace } },
                podSelector: { matchLabels: names.labels },
              },
            ],
          },
        ],
      },
    });
  }
}

export interface FlowPolicyProps {
  /** As others refer to it, so that it is there before. */
  readonly namespace: string;
  readonly pods: PodsEntry;
  /** Those of these pods. Rules that wait for an address are left out. */
  readonly rules: readonly PodRule[];
}

/** Opens the pods of a workload for their flows, both ways. */
export class FlowPolicy extends Construct {
  readonly resource: NetworkPolicyV1;

  constructor(scope: Construct, id: string, { namespace, pods, rules }: FlowPolicyProps) {
    super(scope, id);
    const ingress = opened(rules, "in", (ports, from): NetworkPolicyV1SpecIngress => ({ ports, from }));
    const egress = opened(rules, "out", (ports, to): NetworkPolicyV1SpecEgress => ({ ports, to }));
    this.resource = new NetworkPolicyV1(this, "Resource", {
      metadata: {
        name: pods.workload,
        namespace,
        annotations: { "databridge/why": [...new Set(rules.flatMap(({ why }) => why))].sort().map(literal).join("; ") },
      },
      spec: {
        podSelector: { matchLabels: { ...pods.labels } },
        policyTypes: [...(ingress.length > 0 ? ["Ingress"] : []), ...(egress.length > 0 ? ["Egress"] : [])],
        ...(ingress.length > 0 ? { ingress } : {}),
        ...(egress.length > 0 ? { egress } : {}),
      },
    });
  }
}

interface Port {
  readonly protocol: string;
  readonly port: string;
  readonly endPort?: number;
}
type Peer = NonNullable<Exclude<NetworkPolicyV1SpecIngress["from"], { resolve: unknown }>>[number];

/** One entry for each kind of traffic, with all who may, in an order that no edit elsewhere changes. */
function opened<T>(
  rules: readonly PodRule[],
  direction: PodRule["direction"],
  entry: (ports: Port[], peers: Peer[]) => T,
): T[] {
  const known = rules.filter((rule) => rule.direction === direction && !waits(rule.peer));
  const byTraffic = [
    ...grouped(known, ({ traffic: { proto, from, to } }) => `${proto} ${`${from}`.padStart(5, "0")} ${to}`),
  ];
  return byTraffic
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...others]]) =>
      first
        ? [
            entry(
              [portOf(first.traffic)],
              [...[first, ...others]].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ peer }) => peerOf(peer)),
            ),
          ]
        : [],
    );
}

const portOf = ({ proto, from, to }: Traffic): Port => ({
  protocol: proto.toUpperCase(),
  port: `${from}`,
  ...(from === to ? {} : { endPort: to }),
});

/** A rule whose address is not known yet is left out: nobody is let in for whom nobody could say who it is. */
export const waits = (peer: PodPeer): boolean => "address" in peer && "awaited" in peer.address;

function peerOf(peer: PodPeer): Peer {
  if ("pods" in peer)
    return {
      namespaceSelector: { matchLabels: { [namespaceLabel]: peer.pods.namespace } },
      podSelector: { matchLabels: { ...peer.pods.labels } },
    };
  return { ipBlock: { cidr: "known" in peer.address ? peer.address.known : "" } };
}
