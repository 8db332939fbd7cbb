import type { PlaceEntry } from "../../model/entries";

/** The forward proxy of a tenancy, `http://10.20.0.11:3128`; none without a host for it, or the service. */
export function forwardProxyOf({ hosts, services }: PlaceEntry): string | undefined {
  const host = hosts.find(({ roles }) => roles.includes("proxy"));
  const port = services.find(({ said }) => said.service === "forward-proxy")?.said.traffic.from;
  return host && port !== undefined ? `http://${host.address}:${port}` : undefined;
}
