import { tlsFiles } from "../../model/site/certificate";
import { accountsOf, probeAccount, type StatedEcflow, serverAccount } from "../../model/site/ecflow";
import { passwordOf, stateOf } from "./places";
import { type environment, listVersion } from "./server";

export interface AboutProps {
  readonly said: StatedEcflow;
  /** Of systemd. @default - it is a pod */
  readonly unit?: string;
  readonly port: number;
  /** Names by which clients of its own account meet it, or it meets others: they look up their password by them. */
  readonly names: readonly string[];
  /** Of what is configured, and of its certificate. */
  readonly folder: string;
  readonly tls: string;
  readonly variables: ReturnType<typeof environment>;
  /** What is made at each start. */
  readonly run: string;
  /** Others of which only one may have jobs run. @default - none */
  readonly peers?: readonly string[];
  /** The one of them that it stands by for. @default - it is the server */
  readonly follows?: string;
  /** What it has done each hour beside the server, each a program with its words. @default - nothing */
  readonly beside?: readonly (readonly string[])[];
}

/** What `platform-ecflow` reads: where all is, and how the server begins. */
export const aboutText = ({
  said,
  unit,
  port,
  names,
  folder,
  tls,
  variables,
  run,
  peers = [],
  follows,
  beside,
}: AboutProps): string =>
  `${JSON.stringify(
    {
      server: said.server,
      ...(unit === undefined ? {} : { unit }),
      account: serverAccount,
      version: listVersion,
      port,
      names,
      passwords: Object.fromEntries(accountsOf(said.users).map((user) => [user, passwordOf(folder, user)])),
      needed: [serverAccount, probeAccount],
      certificate: tlsFiles(tls),
      lists: variables.ECF_LISTS,
      check: variables.ECF_CHECK,
      checkOld: variables.ECF_CHECKOLD,
      run,
      state: stateOf(said.home),
      starts: said.starts.toUpperCase(),
      kept: said.checkPoints.kept.seconds,
      peers,
      ...(follows === undefined ? {} : { follows }),
      ...(beside === undefined ? {} : { beside }),
    },
    undefined,
    2,
  )}\n`;
