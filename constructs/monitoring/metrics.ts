import { baselineServices } from "../../model/baseline";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import { readingsOf } from "../../model/readings";
import type { Registers } from "../../model/registers";
import { labelsAt, type Reading, type SignalEntry } from "../../model/signal-entries";
import { header } from "../hosts/header";
import { lines } from "../hosts/lines";
import { hardened, timer } from "../hosts/units";
import { writtenAt } from "../vault/places";

const about = "/etc/platform/expiry.json";
/** Where the exporter looks for what programs of ours tell. */
const folder = "/var/lib/prometheus/node-exporter";
const unit = (name: string): string => `/etc/systemd/system/${name}`;

/** What a host tells of itself: the exporter, and what shows it when something ends. */
export function metricsOf(host: HostEntry, place: PlaceEntry, { signals }: Registers): readonly HostFile[] {
  const at = header(host, place);
  return [
    {
      path: unit("prometheus-node-exporter.service.d/platform.conf"),
      role: "metrics",
      restarts: "prometheus-node-exporter.service",
      text: exporter(at, host),
    },
    { path: about, role: "metrics", text: readingsText(host, place, signals) },
    { path: unit("platform-expiry.service"), role: "metrics", text: service(at) },
    {
      path: unit("platform-expiry.timer"),
      role: "metrics",
      reloads: "platform-expiry.timer",
      text: timer(at, "*:0/10", "2min"),
    },
  ];
}

/**
 * Debian's exporter, which would listen at every address. It begins again until the host has its own.
 * @see systemd.unit(5), drop-in; systemd.service(5): an empty ExecStart takes back
 */
const exporter = (at: string, { address }: HostEntry): string =>
  lines(
    at,
    "[Unit]",
    "Wants=network-online.target",
    "After=network-online.target",
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "ExecStart=",
    `ExecStart=/usr/bin/prometheus-node-exporter --web.listen-address=${address}:${port} --collector.textfile.directory=${folder} --collector.systemd`,
    "RestartSec=10",
  );

const port = baselineServices.find(({ service }) => service === "host-metrics")?.traffic.from ?? 9100;

/** What `platform-expiry` of the role `metrics` reads. */
const readingsText = (host: HostEntry, place: PlaceEntry, signals: readonly SignalEntry[]): string =>
  `${JSON.stringify(
    {
      labels: { ...labelsAt(place), host: host.id },
      readings: readingsOf(host, signals).flatMap(({ entry: { signal, labels }, from }) =>
        shown(from).map(({ own, ...is }) => ({ signal, labels: { ...labels, ...own, host: host.id }, ...is })),
      ),
    },
    undefined,
    2,
  )}\n`;

/** Each key of a secret has a file, and the agent of Vault writes when the last version of all of them was written. */
const shown = (from: NonNullable<Reading["from"]>) =>
  from.kind === "secret"
    ? Object.entries(from.files).map(([key, path]) => ({
        own: { key },
        kind: "key-of-secret",
        path,
        version: writtenAt(from.path),
      }))
    : [{ own: {}, ...from }];

/** It may read what is others', and writes to one folder. */
const service = (at: string): string =>
  lines(
    at,
    "[Unit]",
    "Description=Tells what ends on this host, and when",
    "",
    "[Service]",
    "Type=oneshot",
    `ExecStart=/usr/local/sbin/platform-expiry ${about} ${folder}/platform-expiry.prom`,
    "TimeoutStartSec=5min",
    "UMask=0022",
    ...hardened,
    // What is said last adds to an empty set.
    "CapabilityBoundingSet=CAP_DAC_READ_SEARCH",
    `ReadWritePaths=${folder}`,
  );
