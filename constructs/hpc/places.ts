/** Where everything of connections lies on a host. */
const folder = "/etc/platform/hpc";
export const files = {
  ssh: `${folder}/ssh_config`,
  /** Keys that the description holds in full. */
  known: `${folder}/known_hosts`,
  /** Keys that `platform-hpc pin` has fetched, since their fingerprints are published. */
  fetched: "/var/lib/platform-hpc/known_hosts",
  troika: `${folder}/troika.yml`,
  connections: `${folder}/connections.json`,
  suites: `${folder}/suites.json`,
  /** What suites include in their jobs. */
  include: `${folder}/include`,
} as const;

/** The folder in which ssh keeps a connection open for all who come by it: of each account its own. */
export const controlFolder = (as: string): string => `/run/hpc-${as}`;

/** What `platform-hpc` knows for an account between its runs. */
export const stateFolder = (as: string): string => `/var/lib/hpc-${as}`;

export const program = "/usr/local/sbin/platform-hpc";
