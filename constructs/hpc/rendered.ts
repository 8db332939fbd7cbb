import { rootFile } from "../hosts/roots";
import { about } from "./about";
import type { Connection } from "./connections";
import { files, type Places } from "./places";
import { knownHosts, sshConfig } from "./ssh";
import { head, ownInclude, siteInclude, suites, tail } from "./suites";
import { ownHost, ownSite, type Sites, sitesOf, troikaYml } from "./troika";

/**
 * Files, by their path, of whoever logs in to supercomputers and has jobs run there.
 * @param at their first line
 * @param roots where the root of our own servers' certificates is
 * @param beside where else Troika has something run
 */
export const logins = (
  at: string,
  connections: readonly Connection[],
  places: Places = files,
  roots = rootFile,
  beside: Sites = {},
): Readonly<Record<string, string>> => ({
  [places.ssh]: sshConfig(at, connections, places),
  [places.known]: knownHosts(at, connections),
  [places.troika]: troikaYml(at, { ...sitesOf(connections, places), ...beside }),
  [places.connections]: about(connections, roots, places),
});

/**
 * The same, and what suites of an ecFlow server include: of a host, or a pod.
 * @param home ECF_HOME of a server beside which tasks run too. In pods none do: they would end with it
 */
export const rendered = (
  at: string,
  connections: readonly Connection[],
  { roots = rootFile, home }: { readonly roots?: string; readonly home?: string } = {},
): Readonly<Record<string, string>> => ({
  ...logins(at, connections, files, roots, home === undefined ? {} : ownSite),
  [files.suites]: suites(connections, home),
  [`${files.include}/head.h`]: head,
  [`${files.include}/tail.h`]: tail,
  ...(home === undefined ? {} : { [`${files.include}/site-${ownHost}.h`]: ownInclude(home) }),
  ...Object.fromEntries(
    connections.map((connection) => [`${files.include}/site-${connection.name}.h`, siteInclude(connection)]),
  ),
});
