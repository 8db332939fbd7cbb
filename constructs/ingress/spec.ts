import { z } from "zod";
import { type Component, component } from "../../model/site/component";
import { serviceSchema, tcp } from "../../model/site/need";
import type { ChartSpec } from "../../model/site/release";
import { type Fields, whole } from "../../model/words/parse";
import { mib } from "../../model/words/quantity";
import { classOf } from "../cluster/priority";
import { namespace, sized } from "../services/spec";
import { entryPoint } from "./routes";

/** One port of the relay for many services on a cluster. */
export interface IngressOptions {
  /** Where the relay of the tenancy listens for it. @default 443 */
  readonly port?: number;
  /** Where all nodes do, 30000 to 32767. @default 30443 */
  readonly nodePort?: number;
}

const schema = z.strictObject({
  port: whole(1, 65535, "a port, 1 to 65535", "correct the port").default(443),
  nodePort: serviceSchema.shape.nodePort.unwrap().default(30443),
} satisfies Fields<IngressOptions>);

/** Its digest was not asked for yet: `crane digest` tells it. *Untried.* @see https://github.com/traefik/traefik-helm-chart/releases */
const chart: ChartSpec = { repository: "oci://ghcr.io/traefik/helm", name: "traefik", version: "41.3.0" };

/** Where it listens for clients. */
const listens = 8443;

const name = "ingress";

/**
 * One port for many services on pods, which say `entrance: { ingress: "ingress" }`: Traefik leads who asks for a name to the service that has
 * it, and passes TLS on as it is. It knows what the description says, from a file: it asks the API nothing, and holds no key.
 */
export const ingress = (options: IngressOptions = {}): Component =>
  component(name, name, { schema, input: options }, ({ port, nodePort }, here) => ({
    unobserved: "that its pods are there is seen with those of the whole cluster; what they measure nobody asks",
    namespaces: [
      {
        ...namespace(name, "services on pods, entered by one port", here),
        // Two, and one more while one is replaced.
        quota: { milliCpu: 300, memory: mib(3 * 256), pods: 3 },
      },
    ],
    releases: [
      {
        release: name,
        namespace: name,
        chart,
        images: ["docker.io"],
        // Kinds of its own, by which others would tell it where to lead.
        definitions: false,
        values: {
          fullnameOverride: name,
          deployment: { replicas: 2 },
          podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "kubernetes.io/hostname",
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels: labels },
            },
          ],
          priorityClassName: classOf(here.environment),
          resources: sized(100, 128),
          global: { checkNewVersion: false, sendAnonymousUsage: false },
          api: { dashboard: false },
          metrics: { prometheus: null },
          rbac: { enabled: false },
          ingressClass: { enabled: false },
          providers: {
            kubernetesCRD: { enabled: false },
            kubernetesIngress: { enabled: false },
            // Who asks for a name that nobody has is told so, and is shown no certificate.
            file: { enabled: true, content: { tls: { options: { default: { sniStrict: true } } } } },
          },
          ports: { web: null, metrics: null, [entryPoint]: { port: listens } },
          // Ours is at the port that the description says.
          service: { enabled: false },
        },
        routes: "providers.file.content.tcp",
        pods: [{ workload: name, labels }],
        why: "leads to services on pods, by name",
      },
    ],
    services: [
      {
        service: name,
        on: { workload: name },
        traffic: tcp(listens),
        // Whoever is behind it asks.
        auth: "none",
        nodePort,
        entrance: { relay: "proxy", port, option: "port" },
      },
    ],
  }));

/** As the chart labels its pods. */
const labels = { "app.kubernetes.io/name": "traefik", "app.kubernetes.io/instance": `${name}-${name}` };
