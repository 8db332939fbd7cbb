import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import type { Registers } from "../../model/registers";
import { header } from "../hosts/header";
import { connectionsOf, isSubmitting } from "./connections";
import { exporterOf } from "./exporter";
import { logins, rendered } from "./rendered";
import { unitsOf } from "./units";

/** What hosts have that log in to supercomputers. */
export function filesOf(host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] {
  const connections = connectionsOf(host, place, registers);
  if (connections.length === 0) return [];
  const at = header(host, place);
  const submitting = connections.filter(isSubmitting);
  const files = submitting.length > 0 ? rendered(at, connections, serverOf(host, place)) : logins(at, connections);
  return [
    ...Object.entries(files).map(([path, text]): HostFile => ({ path, role: "hpc", text })),
    ...unitsOf(at, host, connections),
    ...exporterOf(at, host, place, submitting),
  ];
}

/** The server of ecFlow that the host has. */
const serverOf = (host: HostEntry, { ecflow }: PlaceEntry) =>
  ecflow.find(({ said: { on } }) => "role" in on && host.roles.includes(on.role))?.said;
