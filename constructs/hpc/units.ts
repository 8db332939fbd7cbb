import type { HostEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import { lines } from "../hosts/lines";
import { hardened, timer } from "../hosts/units";
import { type Connection, isSubmitting, tunnelOf } from "./connections";
import { controlFolder, program, stateFolder } from "./places";
import { outputIn } from "./suites";

/** What runs beside the jobs of a host's accounts. A host that waits to be promoted fetches nothing: jobs report to another. */
export function unitsOf(at: string, host: HostEntry, connections: readonly Connection[]): readonly HostFile[] {
  const accounts = [...new Set(connections.map(({ as }) => as))];
  return [
    file("/etc/tmpfiles.d/platform-hpc.conf", folders(at, host, connections)),
    ...timed("hpc-pin", { service: pinning(at), timer: timer(at, "hourly", "20min") }),
    ...accounts.flatMap((as) => {
      const mine = connections.filter((connection) => connection.as === as && isSubmitting(connection));
      if (mine.length === 0) return [];
      return [
        ...timed(`hpc-trust-${as}`, { service: running(at, "trust", as, host, mine), timer: timer(at, "daily", "1h") }),
        ...(host.waits ? [] : ofJobs(at, as, host, mine)),
      ];
    }),
  ];
}

function ofJobs(at: string, as: string, host: HostEntry, mine: readonly Connection[]): readonly HostFile[] {
  const copied = mine.flatMap(({ supercomputer: { jobs } }) =>
    jobs.output.kind === "copied" ? [jobs.output.every.seconds / 60] : [],
  );
  const every = Math.min(...copied);
  const when = every === 60 ? "hourly" : `*:0/${every}`;
  return [
    ...(copied.length > 0
      ? timed(`hpc-fetch-${as}`, { service: running(at, "fetch", as, host, mine), timer: timer(at, when, "30s") })
      : []),
    ...(mine.some(({ callback }) => callback?.by === "files")
      ? timed(`hpc-collect-${as}`, {
          service: running(at, "collect", as, host, mine),
          timer: timer(at, "minutely", "5s"),
        })
      : []),
    ...mine.flatMap((connection) => (connection.callback?.by === "tunnel" ? [tunnelUnit(at, connection)] : [])),
  ];
}

const file = (path: string, text: string, more: Partial<HostFile> = {}): HostFile => ({
  path,
  role: "hpc",
  text,
  ...more,
});

const unitFile = (name: string): string => `/etc/systemd/system/${name}`;

const timed = (name: string, is: { readonly service: string; readonly timer: string }): readonly HostFile[] => [
  file(unitFile(`${name}.service`), is.service),
  file(unitFile(`${name}.timer`), is.timer, { reloads: `${name}.timer` }),
];

/** Where output of jobs really lies. */
const keptOf = ({ volumes: [volume] }: HostEntry): string =>
  volume ? `/srv/${volume.name}/jobs` : "/var/lib/platform-hpc/jobs";

/**
 * Folders of accounts. Those on a volume are made once it is there: before, they would be written below it. Output of jobs lies by the same path as at the supercomputer, and really on a volume, if the host has one.
 * @see tmpfiles.d(5)
 */
function folders(at: string, host: HostEntry, connections: readonly Connection[]): string {
  const accounts = [...new Set(connections.map(({ as }) => as))];
  const kept = keptOf(host);
  return lines(
    at,
    ...accounts.map((as) => `d ${controlFolder(as)} 0700 ${as} ${as} -`),
    ...connections.flatMap(({ name, as, folder, submits, supercomputer }) =>
      folder === undefined || submits === false || supercomputer.jobs.output.kind !== "copied"
        ? []
        : [`e ${kept}/${name} 0750 ${as} ${as} 30d`, `L+ ${outputIn(folder)} - - - - ${kept}/${name}`],
    ),
  );
}

const pinning = (at: string): string =>
  lines(
    at,
    "[Unit]",
    "Description=Fetches host keys of supercomputers whose fingerprints are published",
    "Wants=network-online.target",
    "After=network-online.target",
    "",
    "[Service]",
    "Type=oneshot",
    `ExecStart=${program} pin`,
    "StateDirectory=platform-hpc",
    ...confined,
  );

/** What an account does at its supercomputers. It comes by a connection that is there, and leaves none behind. */
function running(
  at: string,
  command: "trust" | "fetch" | "collect",
  as: string,
  host: HostEntry,
  mine: readonly Connection[],
): string {
  const [volume] = host.volumes;
  const roles = [...new Set(mine.map(({ role }) => role))];
  return lines(
    at,
    "[Unit]",
    `Description=${descriptions[command]}`,
    "Wants=network-online.target",
    "After=network-online.target",
    ...(command === "fetch" && volume ? [`RequiresMountsFor=/srv/${volume.name}`] : []),
    "",
    "[Service]",
    "Type=oneshot",
    `User=${as}`,
    `Group=${as}`,
    // Its server, for what it is told in place of jobs.
    ...(command === "collect" ? roles.map((role) => `EnvironmentFile=/etc/platform/${role}/environment`) : []),
    ...(command === "fetch"
      ? mine
          .filter(({ folder, supercomputer }) => folder !== undefined && supercomputer.jobs.output.kind === "copied")
          .map(({ name }) => `ExecStartPre=+/usr/bin/install -d -o ${as} -g ${as} -m 0750 ${keptOf(host)}/${name}`)
      : []),
    `ExecStart=${program} ${command}`,
    `StateDirectory=${stateFolder(as).replace("/var/lib/", "")}`,
    "StateDirectoryMode=0700",
    "TimeoutStartSec=10min",
    ...(command === "fetch" ? [`ReadWritePaths=${volume ? `/srv/${volume.name}` : "/var/lib/platform-hpc"}`] : []),
    ...confined,
  );
}

const descriptions = {
  trust: "Has jobs at supercomputers know the servers of the platform",
  fetch: "Copies output of jobs from supercomputers",
  collect: "Fetches what jobs report as files, and tells it to their server",
} as const;

/** Kept up: while it is away, jobs try again. */
function tunnelUnit(at: string, { name, as, supercomputer }: Connection): HostFile {
  const unit = `hpc-${tunnelOf(name)}.service`;
  return file(
    unitFile(unit),
    lines(
      at,
      "[Unit]",
      `Description=Leads a port of ${supercomputer.name} to the server of its jobs`,
      "Wants=network-online.target",
      "After=network-online.target",
      "StartLimitIntervalSec=0",
      "",
      "[Service]",
      "Type=exec",
      `User=${as}`,
      `Group=${as}`,
      `ExecStart=${program} tunnel ${name}`,
      "Restart=always",
      "RestartSec=10",
      ...confined,
      "",
      "[Install]",
      "WantedBy=multi-user.target",
    ),
    { restarts: unit },
  );
}

export const confined: readonly string[] = ["UMask=0027", ...hardened];
