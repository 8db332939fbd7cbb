import type { PlaceEntry } from "./entries";
import type { Registers } from "./registers";

/** A value that a lock lacks, and how a person finds it. */
export interface AwaitedValue {
  /** As `databridge learn` takes it: `production.router`. */
  readonly key: string;
  readonly find: string;
}

/** What the lock of a site lacks. */
export const awaitedIn = ({ places, sites, locks }: Registers, site: string): readonly AwaitedValue[] => [
  ...(site === (sites.find(({ name }) => name === "home") ?? sites[0])?.name &&
  ![...locks.values()].some(({ trust }) => trust.sshUserCa !== undefined)
    ? [
        {
          key: "trust.sshUserCa",
          find: "the .pub file of the CA that signs SSH logins: ssh-keygen -t ed25519, made offline",
        },
      ]
    : []),
  ...places.filter((place) => place.site.name === site).flatMap(awaitedAt),
];

function awaitedAt({ id, name, project, egress, hosts }: PlaceEntry): readonly AwaitedValue[] {
  const openstack = `openstack --os-cloud ${project}`;
  const router = { key: `${name}.router`, find: `${openstack} router show ${id} -c external_gateway_info` };
  const allocated = hosts.filter(({ public: facing }) => facing?.how === "allocated" && "awaited" in facing.address);
  return [
    ...("awaited" in egress ? [router] : []),
    ...allocated.map((host) => ({
      key: `${name}.public.${host.name}`,
      find: `${openstack} floating ip list --long, described as ${host.id}`,
    })),
  ];
}
