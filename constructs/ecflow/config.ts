import { serviceDns } from "../../model/certificates";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import type { Registers } from "../../model/registers";
import { type StatedEcflow, serverAccount } from "../../model/site/ecflow";
import { header } from "../hosts/header";
import { lines } from "../hosts/lines";
import { hardened, timer } from "../hosts/units";
import { ecflowCommands, writtenByLogins } from "../hpc/ecflow";
import { aboutText } from "./about";
import { copiesOf } from "./copies";
import { exporterOf } from "./exporter";
import { folderOf, unitOf, volumeOf } from "./places";
import { restUnit } from "./rest";
import { environment, environmentCfg, whiteList } from "./server";

/** What ecFlow servers, and those that stand by, have. */
export const filesOf = (host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] =>
  place.ecflow.flatMap(({ said }) =>
    "role" in said.on && host.roles.includes(said.on.role) ? serverOf(host, place, registers, said, said.on.role) : [],
  );

const program = "/usr/local/bin/platform-ecflow";

function serverOf(
  host: HostEntry,
  place: PlaceEntry,
  registers: Registers,
  said: StatedEcflow,
  role: string,
): readonly HostFile[] {
  const [at, folder, run] = [header(host, place), folderOf(role), `/run/${role}`];
  const port = place.services.find((each) => each.said.service === said.service)?.said.traffic.from ?? 0;
  const about = `${folder}/server.json`;
  const all = place.hosts.filter(({ roles }) => roles.includes(role));
  const active = all.find(({ waits }) => !waits);
  const variables = environment({ port, host: host.dns, home: said.home, folder, run });
  const file = (path: string, text: string, more: Partial<HostFile> = {}): HostFile => ({
    path,
    role: "ecflow",
    text,
    ...more,
  });
  const unit = unitOf(role);
  // Where it stands by, the unit is none: of what it had there, nothing is left that keeps it.
  const told = (how: "reloads" | "restarts"): Partial<HostFile> => (host.waits ? {} : { [how]: unit });
  const base = [
    file(
      about,
      aboutText({
        said,
        unit,
        port,
        // By address too: a host that was away for long knows no name of who took its place.
        names: [...new Set([...all.flatMap(({ dns, address }) => [dns, address]), serviceDns(place, said.service)])],
        folder,
        tls: `/etc/platform/tls/${role}`,
        variables,
        run,
        peers: all.filter(({ id }) => id !== host.id).map(({ address }) => address),
        ...(host.waits && active ? { follows: active.address } : {}),
      }),
      told("reloads"),
    ),
    file(
      `${folder}/environment`,
      lines(at, ...Object.entries(variables).map(([key, value]) => `${key}=${value}`)),
      told("restarts"),
    ),
    file(`${folder}/lists`, whiteList(at, said.users), told("reloads")),
    file(
      `${folder}/server_environment.cfg`,
      environmentCfg(at, said, ecflowCommands(host, place, registers)),
      told("restarts"),
    ),
  ];
  const timed = host.waits
    ? [
        file(`/etc/systemd/system/${role}-follow.service`, follower(at, role, said, about)),
        file(`/etc/systemd/system/${role}-follow.timer`, timer(at, "minutely", "10s"), {
          reloads: `${role}-follow.timer`,
        }),
      ]
    : [
        file(`/etc/systemd/system/${unit}`, service(at, role, said, about, writtenByLogins(host, place, registers)), {
          restarts: unit,
        }),
        file(`/etc/systemd/system/${role}-keep.service`, keeper(at, role, said, about)),
        file(`/etc/systemd/system/${role}-keep.timer`, timer(at, "*:0/15", "2min"), { reloads: `${role}-keep.timer` }),
        file(`/etc/logrotate.d/${role}`, rotation(at, role, said)),
        ...copiesOf(host, place, role, said),
        ...exporterOf(host, place, role, said, variables),
        ...(said.rest
          ? [
              file(
                `/etc/systemd/system/${role}-rest.service`,
                lines(
                  at,
                  ...restUnit(role, said),
                  ...accountAndFiles(role),
                  ...confined(said.home),
                  "",
                  "[Install]",
                  "WantedBy=multi-user.target",
                ),
                { restarts: `${role}-rest.service` },
              ),
            ]
          : []),
      ];
  return [...base, ...timed];
}

/**
 * It begins by itself after it was killed, and stays away where a person ended it. What it has begun for jobs is waited for before it ends.
 * @see systemd.service(5); ecFlow: SIGTERM only saves
 */
const service = (
  at: string,
  role: string,
  { server, home }: StatedEcflow,
  about: string,
  written: readonly string[],
): string =>
  lines(
    at,
    "[Unit]",
    `Description=ecFlow server ${server}`,
    "Wants=network-online.target",
    "After=network-online.target",
    `RequiresMountsFor=${volumeOf(home)}`,
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "Type=exec",
    ...accountAndFiles(role),
    // Its file is read where it begins, before it goes to ECF_HOME.
    `WorkingDirectory=${folderOf(role)}`,
    `ExecStartPre=${program} prepare ${about}`,
    "ExecStart=/usr/sbin/ecflow_server",
    `ExecStartPost=${program} open ${about}`,
    `ExecReload=${program} reload ${about}`,
    `ExecStop=${program} close ${about}`,
    // What it has begun goes on without it: jobs that are being submitted, and tasks of this host, which report once it is back.
    "KillMode=process",
    "TimeoutStartSec=150",
    "TimeoutStopSec=150",
    "Restart=on-failure",
    "RestartSec=10",
    `RuntimeDirectory=${role}`,
    "RuntimeDirectoryMode=0700",
    // A task of this host that takes too much memory ends alone.
    "OOMPolicy=continue",
    // Clients of such tasks find there by what the server is known.
    "RuntimeDirectoryPreserve=yes",
    // It closes every file up to the limit, each time that it begins a job.
    "LimitNOFILE=4096",
    ...confined(home),
    // Where its jobs' logins keep their connection.
    ...written.map((path) => `ReadWritePaths=${path}`),
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  );

const keeper = (at: string, role: string, { server, home }: StatedEcflow, about: string): string =>
  lines(
    at,
    "[Unit]",
    `Description=Keeps a copy of what ecFlow ${server} knows`,
    `After=${unitOf(role)}`,
    `Requisite=${unitOf(role)}`,
    "",
    "[Service]",
    "Type=oneshot",
    ...accountAndFiles(role),
    `ExecStart=${program} keep ${about}`,
    ...confined(home),
  );

const follower = (at: string, role: string, { server, home }: StatedEcflow, about: string): string =>
  lines(
    at,
    "[Unit]",
    `Description=Asks ecFlow ${server} for all that it knows, to take over from it`,
    `RequiresMountsFor=${volumeOf(home)}`,
    "",
    "[Service]",
    "Type=oneshot",
    ...accountAndFiles(role),
    `ExecStartPre=${program} prepare ${about}`,
    `ExecStart=${program} follow ${about}`,
    `RuntimeDirectory=${role}`,
    "RuntimeDirectoryMode=0700",
    ...confined(home),
  );

const accountAndFiles = (role: string): readonly string[] => [
  `User=${serverAccount}`,
  `Group=${serverAccount}`,
  `EnvironmentFile=${folderOf(role)}/environment`,
];

const confined = (home: string): readonly string[] => ["UMask=0027", `ReadWritePaths=${volumeOf(home)}`, ...hardened];

/** The server goes on in a file that has been moved, until it is told. @see ecflow_client --help=log; logrotate(8) */
const rotation = (at: string, role: string, { home, logs }: StatedEcflow): string =>
  lines(
    at,
    `${home}/ecf.log {`,
    `  su ${serverAccount} ${serverAccount}`,
    "  daily",
    `  rotate ${Math.ceil(logs.seconds / 86400)}`,
    "  missingok",
    "  notifempty",
    "  compress",
    "  delaycompress",
    "  postrotate",
    `    systemctl reload ${unitOf(role)}`,
    "  endscript",
    "}",
  );
