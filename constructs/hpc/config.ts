import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import type { Registers } from "../../model/registers";
import { header } from "../hosts/header";
import { about } from "./about";
import { connectionsOf } from "./connections";
import { files } from "./places";
import { knownHosts, sshConfig } from "./ssh";
import { head, siteInclude, suites, tail } from "./suites";
import { troikaYml } from "./troika";
import { unitsOf } from "./units";

/** What hosts have that log in to supercomputers. */
export function filesOf(host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] {
  const connections = connectionsOf(host, place, registers);
  if (connections.length === 0) return [];
  const at = header(host, place);
  const file = (path: string, text: string): HostFile => ({ path, role: "hpc", text });
  return [
    file(files.ssh, sshConfig(at, connections)),
    file(files.known, knownHosts(at, connections)),
    file(files.troika, troikaYml(at, connections)),
    file(files.connections, about(connections)),
    file(files.suites, suites(connections)),
    file(`${files.include}/head.h`, head),
    file(`${files.include}/tail.h`, tail),
    ...connections.map((connection) => file(`${files.include}/site-${connection.name}.h`, siteInclude(connection))),
    ...unitsOf(at, host, connections),
  ];
}
