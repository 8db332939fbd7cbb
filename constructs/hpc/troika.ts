import { stringify } from "yaml";
import type { Connection } from "./connections";
import { files, type Places } from "./places";

/**
 * A site of Troika 0.2.7, whose keys these are: it reads others as if they were not there.
 * @see Troika, docs/reference/config.rst, and src/troika/connections/ssh.py
 */
interface TroikaSite {
  readonly type: "slurm";
  readonly connection: "ssh";
  readonly host: string;
  readonly user: string;
  /** One program each: what it is called with stands in the options. */
  readonly ssh_command: string;
  readonly scp_command: string;
  readonly ssh_options: readonly string[];
  readonly scp_options: readonly string[];
  /** Without it, Troika tells ssh to take any key. */
  readonly ssh_strict_host_key_checking: true;
  readonly ssh_connect_timeout: number;
  /** Whether the script is copied beside the output, where others could read the password in it; otherwise it is piped. */
  readonly copy_script: false;
  /** The number of the job lies beside its output, for whoever takes over from this host. */
  readonly copy_jid: true;
  readonly pmkdir_command: readonly string[];
  readonly at_startup: readonly ["check_connection"];
  readonly pre_submit: readonly ["create_output_dir"];
  readonly post_kill: readonly ["abort_on_ecflow"];
  /** Seconds to wait, and a signal. */
  readonly kill_sequence: readonly (readonly [number, "TERM" | "KILL"])[];
  readonly unknown_directive: "fail";
  /** Directives that are none of Slurm's: for `abort_on_ecflow` alone. */
  readonly directive_translate: Readonly<Record<string, null>>;
}

/**
 * The host itself, where tasks of a suite run beside their server. Only the script is killed, not what it waits for.
 * @see Troika, src/troika/sites/direct.py
 */
interface LocalSite extends Pick<TroikaSite, "pre_submit" | "post_kill" | "kill_sequence"> {
  readonly type: "direct";
  readonly connection: "local";
}

export type Sites = Readonly<Record<string, TroikaSite | LocalSite>>;

export const troikaYml = (header: string, sites: Sites): string =>
  // Troika adds to lists: two sites must not share one.
  `${header}\n${stringify({ sites }, { aliasDuplicateObjects: false, lineWidth: 0 })}`;

/** A site for each connection. */
export const sitesOf = (connections: readonly Connection[], at: Places = files): Sites =>
  Object.fromEntries(connections.map((connection) => [connection.name, siteOf(connection, at)]));

/** What every site does around a task. */
const around = {
  pre_submit: ["create_output_dir"],
  post_kill: ["abort_on_ecflow"],
  kill_sequence: [
    [0, "TERM"],
    [10, "KILL"],
  ],
} as const satisfies Partial<TroikaSite>;

/** What a suite says for a task of the server's own host. */
export const ownHost = "localhost";
export const ownSite: Sites = { [ownHost]: { type: "direct", connection: "local", ...around } };

const siteOf = ({ name, user }: Connection, { ssh }: Places): TroikaSite => ({
  type: "slurm",
  connection: "ssh",
  host: name,
  user: user.account.user,
  ssh_command: "/usr/bin/ssh",
  scp_command: "/usr/bin/scp",
  ssh_options: ["-F", ssh],
  scp_options: ["-F", ssh],
  ssh_strict_host_key_checking: true,
  ssh_connect_timeout: 15,
  copy_script: false,
  copy_jid: true,
  // Output may show what a job was told.
  pmkdir_command: ["mkdir", "-p", "-m", "0750"],
  at_startup: ["check_connection"],
  ...around,
  unknown_directive: "fail",
  directive_translate: { ecflow_name: null, ecflow_pass: null },
});
