import type { HostEntry, PlaceEntry } from "../model/entries";
import { hostKeyIn } from "./host-keys";
import type { Inventory } from "./openstack/inventory";
import { CloudError } from "./openstack/session";

/** A value for a lock, as `databridge learn` takes it, or why the cloud does not give it. */
export interface Given {
  /** `production.router`. */
  readonly key: string;
  readonly value?: string;
  readonly why?: string;
}

/** The keys of hosts that their consoles show. A key from the network would be whoever answers there. */
export async function keysOf(
  { servers }: { readonly servers: readonly { readonly id: string; readonly name: string }[] },
  place: PlaceEntry,
  consoleOf: (server: { readonly id: string }, host: HostEntry) => Promise<string>,
): Promise<readonly Given[]> {
  return Promise.all(
    place.hosts.map(async (host): Promise<Given> => {
      const key = `${place.name}.hostKeys.${host.name}`;
      const server = only(servers, ({ name }) => name === host.id, `a server ${host.id}`);
      if ("why" in server) return { key, why: server.why };
      try {
        return told(key, hostKeyIn(await consoleOf(server.found, host)), "its console shows no key");
      } catch (error) {
        // One that is shelved, or a cloud that shows no consoles, must not keep all else from being learned.
        if (error instanceof CloudError) return { key, why: error.message };
        throw error;
      }
    }),
  );
}

/** What a cloud gives to a tenancy: the address behind which its hosts stand, and its public addresses. */
export function givenBy(
  { routers, floatingIps }: Pick<Inventory, "routers" | "floatingIps">,
  place: PlaceEntry,
): readonly Given[] {
  const router = only(routers, ({ name }) => name === place.id, `a router ${place.id}`);
  const egress = "found" in router ? router.found.external_gateway_info?.external_fixed_ips[0]?.ip_address : undefined;
  return [
    told(`${place.name}.router`, egress, "why" in router ? router.why : `the router ${place.id} has no address yet`),
    ...place.hosts.flatMap((host) => (host.public?.how === "allocated" ? [publicOf(host, place, floatingIps)] : [])),
  ];
}

function publicOf(host: HostEntry, { name }: PlaceEntry, all: Inventory["floatingIps"]): Given {
  const found = only(all, ({ description }) => description === host.id, `a public address described as ${host.id}`);
  const key = `${name}.public.${host.name}`;
  return "why" in found ? { key, why: found.why } : { key, value: found.found.floating_ip_address };
}

const told = (key: string, value: string | undefined, why: string): Given =>
  value === undefined ? { key, why } : { key, value };

/** Of two that bear the name of one, nobody can say which is meant. */
function only<T>(all: readonly T[], is: (one: T) => boolean, what: string): { found: T } | { why: string } {
  const [found, ...others] = all.filter(is);
  if (found === undefined) return { why: `the cloud has not ${what}` };
  return others.length > 0 ? { why: `the cloud has ${others.length + 1} of ${what}` } : { found };
}
