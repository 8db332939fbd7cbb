import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import type { Registers } from "../../model/registers";
import { metricsOf } from "./metrics";
import { rulesOf } from "./rules";

/** What every host tells of itself, and at home what rings. */
export const filesOf = (host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] => [
  ...metricsOf(host, place, registers),
  ...(host.roles.includes("monitoring") ? rulesOf(host, place, registers) : []),
];
