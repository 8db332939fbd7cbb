import { createHash } from "node:crypto";

/** Where everything of connections lies. */
export interface Places {
  readonly ssh: string;
  /** Keys that the description holds in full. */
  readonly known: string;
  /** Keys that `platform-hpc pin` has fetched, since their fingerprints are published. */
  readonly fetched: string;
  readonly troika: string;
  readonly connections: string;
  /** The socket of a connection that is kept open, in the words of ssh_config(5). */
  readonly control: string;
}

const folder = "/etc/platform/hpc";
/** On a host, and in a pod. */
export const files = {
  ssh: `${folder}/ssh_config`,
  known: `${folder}/known_hosts`,
  fetched: "/var/lib/platform-hpc/known_hosts",
  troika: `${folder}/troika.yml`,
  connections: `${folder}/connections.json`,
  exporter: `${folder}/exporter.json`,
  control: "/run/hpc-%u/%C",
  suites: `${folder}/suites.json`,
  /** What suites include in their jobs. */
  include: `${folder}/include`,
} as const satisfies Places & Record<string, string>;

/**
 * In a folder of whoever works at a workstation. Paths of sockets are short: that is beside their keys, and each folder has its own, since
 * sandboxes have the same machines at the same addresses.
 */
export const placesIn = (folder: string): Places => ({
  ssh: `${folder}/ssh_config`,
  known: `${folder}/known_hosts`,
  fetched: `${folder}/fetched_hosts`,
  troika: `${folder}/troika.yml`,
  connections: `${folder}/connections.json`,
  control: `%d/.ssh/databridge-${createHash("sha256").update(folder).digest("hex").slice(0, 8)}-%C`,
});

/** The folder in which ssh keeps a connection open for all who come by it: of each account its own. */
export const controlFolder = (as: string): string => `/run/hpc-${as}`;

/** What `platform-hpc` knows for an account between its runs. */
export const stateFolder = (as: string): string => `/var/lib/hpc-${as}`;

export const program = "/usr/local/sbin/platform-hpc";
