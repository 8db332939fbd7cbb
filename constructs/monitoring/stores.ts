import { stringify } from "yaml";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import type { StatedMonitoring } from "../../model/site/monitoring";
import type { Duration } from "../../model/words/quantity";
import { lines } from "../hosts/lines";
import { hardened } from "../hosts/units";
import { deliveringTo } from "./gateway";
import { portOf } from "./signals";

/** On the volume. */
export const storeFolders = { metrics: "/srv/metrics/prometheus", logs: "/srv/metrics/logs" } as const;

/**
 * What keeps metrics and evaluates rules. Of a site that was cut off all comes in later, beside what others write now: as late as the longest
 * of them survives, and an hour.
 * @see Prometheus, configuration: out_of_order_time_window
 */
export function prometheusConfig(at: string, host: HostEntry, here: PlaceEntry, registers: Registers): string {
  const longest = Math.max(
    3600,
    ...deliveringTo(here, registers).flatMap(({ collectors }) => collectors.map(({ said }) => said.survives.seconds)),
  );
  return `${at}\n${stringify(
    {
      global: { evaluation_interval: "30s" },
      storage: { tsdb: { out_of_order_time_window: `${Math.ceil(longest / 3600) + 1}h` } },
      rule_files: ["/etc/prometheus/rules/*.yml"],
      alerting: {
        alertmanagers: [{ static_configs: [{ targets: [`${host.address}:${portOf("alertmanager")}`] }] }],
      },
    },
    { lineWidth: 0 },
  )}`;
}

const retention = ({ seconds }: Duration): string => `${Math.ceil(seconds / 86400)}d`;

/** Debian's unit, with our arguments. @see systemd.service(5): an empty ExecStart takes back; prometheus(1) */
export const prometheusUnit = (at: string, host: HostEntry, { keeps }: StatedMonitoring): string =>
  lines(
    at,
    "[Unit]",
    `RequiresMountsFor=${storeFolders.metrics}`,
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "ExecStart=",
    `ExecStart=/usr/bin/prometheus --config.file=/etc/prometheus/prometheus.yml --storage.tsdb.path=${storeFolders.metrics} --storage.tsdb.retention.time=${retention(keeps.metrics)} --web.listen-address=${host.address}:${portOf("prometheus")} --web.enable-remote-write-receiver`,
    `ReadWritePaths=${storeFolders.metrics}`,
    "Restart=always",
    "RestartSec=5",
  );

/** What keeps logs. Lines of the future are those of a clock that is wrong. @see VictoriaLogs, "List of command-line flags" */
export const logsUnit = (at: string, host: HostEntry, program: string, { keeps }: StatedMonitoring): string =>
  lines(
    at,
    "[Unit]",
    "Description=Keeps the logs of all sites",
    "Wants=network-online.target",
    "After=network-online.target",
    `RequiresMountsFor=${storeFolders.logs}`,
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "Type=exec",
    "User=victoria-logs",
    "Group=victoria-logs",
    `ExecStart=${program} -storageDataPath=${storeFolders.logs} -retentionPeriod=${retention(keeps.logs)} -futureRetention=1d -httpListenAddr=${host.address}:${portOf("log-store")}`,
    "Restart=always",
    "RestartSec=5",
    "LimitNOFILE=65536",
    "UMask=0027",
    ...hardened,
    `ReadWritePaths=${storeFolders.logs}`,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  );
