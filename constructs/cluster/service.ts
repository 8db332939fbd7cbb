import type { ServiceV1Config } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { Service } from "../../model/site/need";

export interface PodServiceProps {
  readonly service: Service;
  /** Those of its pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** As others refer to it, so that it is there before. */
  readonly namespace: string;
}

/** Where others meet pods: in the cluster by name, and at a port of all nodes if one is said. */
export const serviceOf = ({ service: is, labels, namespace }: PodServiceProps): ServiceV1Config => {
  const { service, traffic, nodePort } = is;
  return {
    metadata: { name: service, namespace },
    spec: {
      selector: { ...labels },
      port: portsIn(traffic).map((port) => ({
        name: `port-${port}`,
        port,
        targetPort: `${port}`,
        protocol: traffic.proto.toUpperCase(),
        ...(nodePort === undefined ? {} : { nodePort }),
      })),
      // Nodes pass on as whoever connects, so that rules can tell who that is; a node without a pod answers nobody.
      ...(nodePort === undefined ? { type: "ClusterIP" } : { type: "NodePort", externalTrafficPolicy: "Local" }),
    },
    // A load balancer of the cloud is waited for otherwise.
    waitForLoadBalancer: false,
  };
};

const portsIn = ({ from, to }: Service["traffic"]): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
