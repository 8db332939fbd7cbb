import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import { lines } from "../hosts/lines";
import { prefixOf } from "../modules/prefix";
import type { Connection } from "./connections";
import { files } from "./places";
import { metricsPort } from "./signals";
import { confined } from "./units";

/** Role `hpc` brings it, out of `exporters/hpc`. */
const program = "/usr/local/lib/platform-hpc/platform-hpc-exporter";

/**
 * What tells Prometheus of supercomputers, as their environment has them: one on each host that has jobs run there and does not wait, by
 * the account of its first connection. What people compute there is their own.
 */
export function exporterOf(
  at: string,
  host: HostEntry,
  place: PlaceEntry,
  connections: readonly Connection[],
): readonly HostFile[] {
  const all = connections.filter(({ user }) => user.person === undefined);
  const [first] = all;
  if (host.waits || !first) return [];
  const { as } = first;
  const restarts = `hpc-exporter-${as}.service`;
  const told = about(
    host,
    place,
    all.filter((each) => each.as === as),
  );
  return [
    { path: files.exporter, role: "hpc", restarts, text: told },
    { path: `/etc/systemd/system/${restarts}`, role: "hpc", restarts, text: service(at, as) },
  ];
}

/** What the program reads; `every` in seconds, which it holds to be 60 at least. */
const about = ({ address }: HostEntry, place: PlaceEntry, connections: readonly Connection[]): string =>
  `${JSON.stringify(
    {
      listen: `${address}:${metricsPort}`,
      ssh: files.ssh,
      every: 300,
      supercomputers: connections.map((connection) => supercomputerOf(connection, place)),
    },
    undefined,
    2,
  )}\n`;

function supercomputerOf({ name, supercomputer, user }: Connection, place: PlaceEntry) {
  const { partitions, budget, software } = supercomputer;
  // Software is installed at the supercomputer of the site alone.
  const isInstalled = place.modules.length > 0 && place.site.supercomputer === supercomputer;
  return {
    name: supercomputer.name,
    connection: name,
    user: user.account.user,
    partitions: Object.keys(partitions),
    accounts: user.account.projects,
    budget: { kind: budget ?? "none" },
    ...(isInstalled && software ? { modules: prefixOf({ place, software }) } : {}),
  };
}

/** It ends with 2 where it is told what it cannot do: another start would change nothing. */
const service = (at: string, as: string): string =>
  lines(
    at,
    "[Unit]",
    "Description=Tells Prometheus of supercomputers",
    "Wants=network-online.target",
    "After=network-online.target",
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "Type=exec",
    `User=${as}`,
    `Group=${as}`,
    `ExecStart=${program} ${files.exporter}`,
    "Restart=always",
    "RestartSec=10",
    "RestartPreventExitStatus=2",
    ...confined,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  );
