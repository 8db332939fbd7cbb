import { serviceDns } from "../../model/certificates";
import type { PlaceEntry } from "../../model/entries";
import { enteredIn } from "../../model/ingress";
import { podsIn } from "../../model/pods";

/**
 * Where Traefik leads who asks by TLS for a name, without looking into it: names are those of certificates, addresses those of services
 * in the cluster.
 * @param workloads what listens as an ingress
 * @returns nothing where nothing is entered by these: Traefik takes no empty part
 * @see Traefik, dynamic configuration: tcp; Kubernetes, DNS for Services and Pods
 */
export function routesOf(
  workloads: readonly string[],
  place: PlaceEntry,
): Readonly<Record<string, unknown>> | undefined {
  const pods = podsIn(place);
  const routes = enteredIn(place).flatMap(({ said: { service, on, traffic, publicNames = [] }, by }) => {
    const namespace = pods.find(({ workload }) => "workload" in on && on.workload === workload)?.namespace;
    if (namespace === undefined || !("workload" in by.on && workloads.includes(by.on.workload))) return [];
    const address = `${service}.${namespace}.svc.cluster.local:${traffic.from}`;
    return [{ service, hosts: [serviceDns(place, service), ...publicNames], address }];
  });
  if (routes.length === 0) return undefined;
  return {
    routers: Object.fromEntries(
      routes.map(({ service, hosts }) => [
        service,
        {
          entryPoints: [entryPoint],
          rule: hosts.map((host) => `HostSNI(\`${host}\`)`).join(" || "),
          service,
          tls: { passthrough: true },
        },
      ]),
    ),
    services: Object.fromEntries(
      routes.map(({ service, address }) => [service, { loadBalancer: { servers: [{ address }] } }]),
    ),
  };
}

/** Where it listens for TLS; the chart's own word. */
export const entryPoint = "websecure";
