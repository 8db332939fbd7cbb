import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import { connectionsOf } from "./connections";
import { controlFolder } from "./places";

const troika = "/usr/local/bin/troika";
/** The suite says where a job runs, and where its output lies there. */
const job = "-o %ECF_JOBOUT% %SCHOST% %ECF_JOB%";

/** How a server has jobs submitted, killed and asked for. */
export type EcflowCommands = Readonly<Record<"ECF_JOB_CMD" | "ECF_KILL_CMD" | "ECF_STATUS_CMD", string>>;

/**
 * What an ecFlow server of a host is told, for `server_environment.cfg`, where quotes would be part of a value; nothing where it logs in
 * to no supercomputer.
 *
 * After a kill, Troika tells the server what the job itself could not: that one which waited, or did not end by itself, has ended.
 * @see Troika, hooks/ecflow.py
 */
export const ecflowCommands = (host: HostEntry, place: PlaceEntry, registers: Registers): Partial<EcflowCommands> =>
  connectionsOf(host, place, registers).length === 0 ? {} : submitting;

/** By Troika, and what the description says of supercomputers. */
export const submitting: EcflowCommands = {
  ECF_JOB_CMD: `${troika} submit ${job}`,
  // Of a job that the server has given up, it would be waited for twelve hours.
  ECF_KILL_CMD: `ECF_DENIED=1 ${troika} kill ${job}`,
  ECF_STATUS_CMD: `${troika} monitor ${job}`,
};

/** Folders to which its unit has to be able to write, since it logs in. */
export const writtenByLogins = (host: HostEntry, place: PlaceEntry, registers: Registers): readonly string[] => [
  ...new Set(connectionsOf(host, place, registers).map(({ as }) => controlFolder(as))),
];
