import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import type { Registers } from "../../model/registers";
import { agentOf } from "./agent";
import { serverOf } from "./server";
import { snapshotsOf } from "./snapshots";

/** What the servers of Vault have, and the hosts that read of it. */
export const filesOf = (host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] => [
  ...serverOf(host, place),
  ...snapshotsOf(host, place),
  ...agentOf(host, place, registers),
];
