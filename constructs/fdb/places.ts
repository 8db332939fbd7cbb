/** The unit of a server: `fdb-store.service`. */
export const unitOf = (role: string): string => `${role}.service`;
/** What is configured of FDB on a host. */
export const folder = "/etc/platform/fdb";
export const files = {
  schema: `${folder}/schema`,
  server: `${folder}/server.yaml`,
  client: `${folder}/client.yaml`,
} as const;
/** What servers hold against each other before anything is deleted. */
export const wipeFile = `${folder}/wipe`;
/** What a server keeps, on its volume. */
export const rootOf = (volume: string): string => `/srv/${volume}/fdb`;
/** Where a server notes which of its ports it uses; FDB_HOME. */
export const home = "/var/lib/fdb";
/** Its programs, a link to those of one version. */
export const programs = "/opt/fdb/fdb5lib/bin";
/** What a gate reads. */
export const gateFiles = {
  sshd: `${folder}/gate/sshd_config`,
  authorized: `${folder}/gate/authorized_keys`,
} as const;
/** What a datamover reads, and does. */
export const archiveFile = `${folder}/archive.json`;
export const archiver = "/usr/local/sbin/platform-fdb-archive";
