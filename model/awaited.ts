import type { PlaceEntry } from "./entries";
import { fetchedSourcesOf } from "./programs";
import type { Registers } from "./registers";
import { emptyLock, isOfTrust } from "./site/lock";
import { stacksOf } from "./stacks";

/** A value that a lock lacks, and how a person finds it. */
export interface AwaitedValue {
  /** As `databridge learn` takes it: `production.router`. */
  readonly key: string;
  readonly find: string;
}

/** The site in whose lock the trust of the platform is kept: where it is already, else where Vault stands, else the first. */
export const siteOfTrust = ({
  sites,
  places,
  locks,
}: Pick<Registers, "sites" | "places" | "locks">): string | undefined => {
  const kept = sites.find(({ name }) => isOfTrust(locks.get(name) ?? emptyLock));
  const vault = places.flatMap(stacksOf).find(({ kind }) => kind === "vault");
  return (kept ?? vault?.place.site ?? sites[0])?.name;
};

/** What the lock of a site lacks. */
export const awaitedIn = (registers: Registers, site: string): readonly AwaitedValue[] => {
  const keepsTrust = site === siteOfTrust(registers);
  return [
    ...(keepsTrust && ![...registers.locks.values()].some(({ trust }) => trust.sshUserCa !== undefined)
      ? [
          {
            key: "trust.sshUserCa",
            find: "the .pub file of the CA that signs SSH logins: ssh-keygen -t ed25519, made offline",
          },
        ]
      : []),
    ...(keepsTrust
      ? fetchedSourcesOf(registers.places).flatMap(({ key, url, sha256 }) =>
          sha256 === undefined ? [{ key, find: `sha256sum of ${url}, once somebody has looked at it` }] : [],
        )
      : []),
    ...registers.places.filter((place) => place.site.name === site).flatMap(awaitedAt),
  ];
};

/** Every key of a site that is learned, whether it is awaited or there. */
export const learnableIn = (registers: Registers, site: string): readonly string[] => [
  ...new Set([
    ...awaitedIn(registers, site).map(({ key }) => key),
    ...(site === siteOfTrust(registers) ? fetchedSourcesOf(registers.places).map(({ key }) => key) : []),
    // What nobody builds any more can be forgotten.
    ...Object.keys(registers.locks.get(site)?.sources ?? {}).map((name) => `sources.${name}`),
    ...registers.places
      .filter((place) => place.site.name === site)
      .flatMap((place) => learnedAt(place).map(({ key }) => key)),
  ]),
];

const awaitedAt = (place: PlaceEntry): readonly AwaitedValue[] =>
  learnedAt(place)
    .filter(({ isAwaited }) => isAwaited)
    .map(({ key, find }) => ({ key, find }));

/** What is learned of a tenancy; without the host keys, for which nothing waits. */
function learnedAt({ id, name, project, egress, hosts, clusters, clusterKey, reads }: PlaceEntry) {
  const openstack = `openstack --os-cloud ${project}`;
  return [
    {
      key: `${name}.router`,
      find: `${openstack} router show ${id} -c external_gateway_info`,
      isAwaited: "awaited" in egress,
    },
    ...hosts.flatMap((host) =>
      host.public?.how === "allocated"
        ? [
            {
              key: `${name}.public.${host.name}`,
              find: `${openstack} floating ip list --long, described as ${host.id}`,
              isAwaited: "awaited" in host.public.address,
            },
          ]
        : [],
    ),
    // Nobody waits for it while the cluster has not begun, and nobody can tell from here whether it has.
    ...clusters.flatMap(({ said }) =>
      said.product === "rke2"
        ? [{ key: `${name}.clusterCa`, find: "server-ca.crt of the cluster's first server", isAwaited: false }]
        : [],
    ),
    // Pods that read secrets cannot log in to Vault before.
    ...(reads.some(({ said }) => "workload" in said.by)
      ? [
          {
            key: `${name}.clusterKey`,
            find: "the key of tokens of pods: docs/runbooks/cluster.md",
            isAwaited: clusterKey === undefined,
          },
        ]
      : []),
  ];
}
