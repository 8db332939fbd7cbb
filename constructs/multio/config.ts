import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import type { Registers } from "../../model/registers";
import { header } from "../hosts/header";
import { connectionsOf } from "../hpc/connections";
import { plansFor } from "./include";

/** What hosts have that submit jobs of models. */
export function filesOf(host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] {
  const stated = place.multio.map(({ said }) => said);
  if (stated.length === 0) return [];
  const files = plansFor(header(host, place), connectionsOf(host, place, registers), stated);
  return Object.entries(files).map(([path, text]): HostFile => ({ path, role: "hpc", text }));
}
