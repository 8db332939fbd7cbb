import { probeAccount, type StatedEcflow, type StatedUsers, serverAccount } from "../../model/site/ecflow";

/** The version that lists and password files begin with; servers of later versions read them. @see ecFlow 5.9.2, Debian 12 */
export const listVersion = "5.9.2";

/**
 * The white list, and so never an empty one, by which everybody could write: the server's own account may do everything, the probe may
 * read everything, and whoever is not named is told nothing.
 * @see ecFlow, ecflow_white_list_file
 */
export const whiteList = (header: string, users: StatedUsers): string =>
  [
    header.trimEnd(),
    listVersion,
    serverAccount,
    `-${probeAccount}`,
    ...Object.entries(users).map(([user, { rights, paths }]) =>
      [`${rights === "read" ? "-" : ""}${user}`, ...(paths.length > 0 ? [paths.join(",")] : [])].join(" "),
    ),
    "",
  ].join("\n");

/** Keys that the server reads of its file; for any other it aborts. @see ecFlow, server_environment.cfg */
type Key = "ECF_CHECKMODE" | "ECF_CHECKINTERVAL" | Command;
/** How it has jobs submitted, killed and asked for. */
export type Command = "ECF_JOB_CMD" | "ECF_KILL_CMD" | "ECF_STATUS_CMD";

/**
 * What the server reads where it begins. Quotes would be part of a value. Jobs are submitted once a minute: by another ECF_INTERVAL, at which
 * the clock of every suite goes on by a minute too, clocks would run fast.
 * @param commands @default - as ecFlow has them, on the machine of the server
 */
export const environmentCfg = (
  header: string,
  { checkPoints }: Pick<StatedEcflow, "checkPoints">,
  commands: Partial<Readonly<Record<Command, string>>>,
): string => {
  const values: Readonly<Partial<Record<Key, string>>> = {
    ECF_CHECKMODE: "CHECK_ON_TIME",
    ECF_CHECKINTERVAL: `${checkPoints.every.seconds}`,
    ...commands,
  };
  return [header.trimEnd(), ...Object.entries(values).map(([key, value]) => `${key} = ${value}`), ""].join("\n");
};

export interface EnvironmentProps {
  readonly port: number;
  /** The name by which jobs and clients meet it. */
  readonly host: string;
  readonly home: string;
  /** What is configured. */
  readonly folder: string;
  /** What is made at each start: its home folder, with certificate and passwords. */
  readonly run: string;
}

/** What the server reads of its environment, which goes before its file. Paths in full: names alone would change with the host's. */
export const environment = ({ port, host, home, folder, run }: EnvironmentProps): Readonly<Record<string, string>> => ({
  ECF_PORT: `${port}`,
  // Of clients that the server starts.
  ECF_HOST: host,
  ECF_HOME: home,
  ECF_LOG: `${home}/ecf.log`,
  ECF_CHECK: `${home}/ecf.check`,
  ECF_CHECKOLD: `${home}/ecf.check.b`,
  ECF_LISTS: `${folder}/lists`,
  ECF_PASSWD: `${run}/passwords`,
  ECF_CUSTOM_PASSWD: `${run}/passwords`,
  ECF_SSL: "1",
  HOME: run,
  // With one that is not there, the server ends.
  LANG: "C.UTF-8",
});
