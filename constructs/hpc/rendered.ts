import { rootFile } from "../hosts/roots";
import { about } from "./about";
import type { Connection } from "./connections";
import { files } from "./places";
import { knownHosts, sshConfig } from "./ssh";
import { head, siteInclude, suites, tail } from "./suites";
import { troikaYml } from "./troika";

/**
 * Files, by their path, of whoever logs in to supercomputers: a host, or a pod.
 * @param at their first line
 * @param roots where the root of our own servers' certificates is
 */
export const rendered = (
  at: string,
  connections: readonly Connection[],
  roots = rootFile,
): Readonly<Record<string, string>> => ({
  [files.ssh]: sshConfig(at, connections),
  [files.known]: knownHosts(at, connections),
  [files.troika]: troikaYml(at, connections),
  [files.connections]: about(connections, roots),
  [files.suites]: suites(connections),
  [`${files.include}/head.h`]: head,
  [`${files.include}/tail.h`]: tail,
  ...Object.fromEntries(
    connections.map((connection) => [`${files.include}/site-${connection.name}.h`, siteInclude(connection)]),
  ),
});
