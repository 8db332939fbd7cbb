import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import { probeAccount, type StatedEcflow, serverAccount } from "../../model/site/ecflow";
import { header } from "../hosts/header";
import { lines } from "../hosts/lines";
import { hardenedForSecrets } from "../hosts/units";
import { folderOf, metricsOf, unitOf } from "./places";
import type { environment } from "./server";

/**
 * What tells Prometheus how a server is, on the host where it runs.
 * @param variables of the server
 * @see exporters/README.md
 */
export function exporterOf(
  host: HostEntry,
  place: PlaceEntry,
  role: string,
  said: StatedEcflow,
  variables: ReturnType<typeof environment>,
): readonly HostFile[] {
  const about = `${folderOf(role)}/exporter.json`;
  const restarts = `${role}-exporter.service`;
  const port = place.services.find((each) => each.said.service === metricsOf(role))?.said.traffic.from ?? 0;
  return [
    {
      path: about,
      role: "ecflow",
      restarts,
      text: aboutText(role, said, `${host.address}:${port}`, variables),
    },
    {
      path: `/etc/systemd/system/${restarts}`,
      role: "ecflow",
      restarts,
      text: service(header(host, place), role, said, about),
    },
  ];
}

/** As clients of its account ask the server: by what that made when it began. */
const aboutText = (
  role: string,
  { server, milestones }: StatedEcflow,
  listen: string,
  { ECF_PORT, ECF_CUSTOM_PASSWD, ECF_CHECK, HOME }: ReturnType<typeof environment>,
): string =>
  `${JSON.stringify(
    {
      listen,
      state: `/var/lib/${role}-exporter/milestones.json`,
      servers: [
        {
          server,
          host: "localhost",
          port: Number(ECF_PORT),
          user: probeAccount,
          passwords: ECF_CUSTOM_PASSWD,
          roots: `${HOME}/.ecflowrc/ssl/server.crt`,
          check: ECF_CHECK,
          milestones: Object.entries(milestones).map(([milestone, { node }]) => ({ milestone, node })),
        },
      ],
    },
    undefined,
    2,
  )}\n`;

const service = (at: string, role: string, { server }: StatedEcflow, about: string): string =>
  lines(
    at,
    "[Unit]",
    `Description=Tells Prometheus how ecFlow ${server} is`,
    "Wants=network-online.target",
    `After=network-online.target ${unitOf(role)}`,
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    `User=${serverAccount}`,
    `Group=${serverAccount}`,
    `ExecStart=/usr/local/bin/platform-ecflow-exporter ${about}`,
    // Those that it has begun end with it.
    "KillMode=mixed",
    "Restart=on-failure",
    "RestartSec=10",
    `StateDirectory=${role}-exporter`,
    ...hardenedForSecrets,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  );
