/** The roles of Ansible that put files of ours on hosts; each has a folder in `ansible/roles`. */
export type FileRole =
  | "base"
  | "metrics"
  | "time"
  | "dns"
  | "packages"
  | "users"
  | "volumes"
  | "bastion"
  | "proxy"
  | "vault"
  | "vault_agent"
  | "cluster"
  | "copies"
  | "ecflow"
  | "fdb"
  | "hpc"
  | "monitoring"
  | "telemetry";

/** A file of a host, as it lies there, and what has to hear of a change. */
export interface HostFile {
  /** From the root of the host: `/etc/squid/squid.conf`. */
  readonly path: string;
  readonly text: string;
  readonly role: FileRole;
  /** The unit that takes a change while it runs. @default - none has to */
  readonly reloads?: string;
  /** The unit that a change interrupts. @default - none has to */
  readonly restarts?: string;
}

/** Where the manifest of a host's files is, among them. No host has it. */
export const manifestName = "restarts.json";

/** What a change of each file of a host does there, for reviewers. */
export const manifestOf = (files: readonly HostFile[]): string =>
  `${JSON.stringify(
    Object.fromEntries(
      [...files]
        .sort((a, b) => (a.path < b.path ? -1 : 1))
        .map(({ path, role, reloads, restarts }) => [
          path,
          { role, ...(reloads === undefined ? {} : { reloads }), ...(restarts === undefined ? {} : { restarts }) },
        ]),
    ),
    undefined,
    2,
  )}\n`;
