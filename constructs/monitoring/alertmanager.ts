import { stringify } from "yaml";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import type { Registers } from "../../model/registers";
import type { Severity } from "../../model/site/signal";
import { forwardProxyOf } from "../edge/forward-proxy";
import { header } from "../hosts/header";
import { lines } from "../hosts/lines";
import { hardened } from "../hosts/units";
import { inhibitionsOf } from "./inhibitions";
import { maintenanceOf, monthsOf } from "./maintenance";
import { account, folder, passwordFile, submission, tokenFile } from "./ringing";
import { portOf } from "./signals";
import { watchdog } from "./watchdog";

/** Where it keeps silences, and what it has told whom. */
const kept = "/srv/metrics/alertmanager";
const unit = "prometheus-alertmanager.service";

/** Whom what rings reaches, and what keeps it from ringing. @see Alertmanager 0.25, "Configuration" */
export function alertmanagerOf(host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] {
  const at = header(host, place);
  return [
    {
      path: `${folder}/alertmanager.yml`,
      role: "monitoring",
      reloads: unit,
      text: `${at}\n${stringify(config(place, registers), { lineWidth: 0, aliasDuplicateObjects: false })}`,
    },
    {
      path: `/etc/systemd/system/${unit}.d/platform.conf`,
      role: "monitoring",
      restarts: unit,
      text: service(at, host),
    },
  ];
}

type Stated = PlaceEntry["monitoring"][number]["said"];
type Teams = Stated["teams"];

function config(place: PlaceEntry, registers: Registers) {
  const [stated] = place.monitoring;
  const { teams = {}, mail, heartbeat } = stated?.said ?? {};
  const muted = registers.places.filter((each) => maintenanceOf(each) !== undefined);
  return {
    ...(mail ? { global: sending(mail) } : {}),
    route: {
      // Whoever runs this is told of what is nobody's.
      receiver: place.tenancy.owner in teams ? place.tenancy.owner : nobody,
      group_by: ["alertname", "site", "tenancy"],
      ...loudness.warning,
      routes: [
        ...(heartbeat ? [{ receiver: watchdog, matchers: [`alertname=${JSON.stringify(watchdog)}`], ...beating }] : []),
        ...muted.map((each) => ({
          matchers: [`site=${JSON.stringify(each.site.name)}`, `tenancy=${JSON.stringify(each.name)}`],
          routes: routesOf(teams, maintenanceOf(each)),
        })),
        ...routesOf(teams),
      ],
    },
    inhibit_rules: inhibitionsOf(registers),
    ...(muted.length === 0
      ? {}
      : {
          time_intervals: muted.map((each) => ({
            name: maintenanceOf(each),
            time_intervals: each.tenancy.calendar.maintenance.flatMap(monthsOf),
          })),
        }),
    receivers: [
      { name: nobody },
      ...(heartbeat ? [{ name: watchdog, webhook_configs: [beat(heartbeat, forwardProxyOf(place))] }] : []),
      ...Object.entries(teams).flatMap(([team, { email, onCall }]) => [
        { name: team, email_configs: [mailTo(email)] },
        ...(onCall === undefined ? [] : [{ name: onCallOf(team), email_configs: [mailTo(email), mailTo(onCall)] }]),
      ]),
    ],
  };
}

const nobody = "nobody";
const onCallOf = (team: string): string => `${team} on call`;

/**
 * How long what belongs together is waited for, how soon more of it is told, and when all is told again. What is read within days is told
 * once a day at most, and again before Alertmanager has forgotten that it did.
 */
const loudness: Readonly<
  Record<Severity, { readonly group_wait: string; readonly group_interval: string; readonly repeat_interval: string }>
> = {
  critical: { group_wait: "30s", group_interval: "5m", repeat_interval: "4h" },
  warning: { group_wait: "2m", group_interval: "30m", repeat_interval: "1d" },
  info: { group_wait: "10m", group_interval: "1d", repeat_interval: "7d" },
};
const remembers = "15d";

/** Each minute: it is due again whenever it is looked. */
const beating = { group_wait: "0s", group_interval: "1m", repeat_interval: "30s" };

/** Routes inherit no days on which they are mute: each says them. */
const routesOf = (teams: Teams, mute?: string) =>
  Object.entries(teams).flatMap(([team, { onCall }]) =>
    (["critical", "warning", "info"] as const).map((severity) => ({
      receiver: severity === "critical" && onCall !== undefined ? onCallOf(team) : team,
      matchers: [`owner=${JSON.stringify(team)}`, `severity=${JSON.stringify(severity)}`],
      ...loudness[severity],
      ...(mute === undefined ? {} : { mute_time_intervals: [mute] }),
    })),
  );

const sending = ({ smarthost, from, user }: NonNullable<Stated["mail"]>) => ({
  smtp_smarthost: `${smarthost}:${submission}`,
  smtp_from: from,
  smtp_require_tls: true,
  ...(user === undefined ? {} : { smtp_auth_username: user, smtp_auth_password_file: passwordFile }),
});

const mailTo = (to: string) => ({ to, send_resolved: true });

const beat = ({ url, token }: NonNullable<Stated["heartbeat"]>, proxy: string | undefined) => ({
  url,
  send_resolved: false,
  http_config: {
    ...(proxy === undefined ? {} : { proxy_url: proxy }),
    ...(token ? { authorization: { credentials_file: tokenFile } } : {}),
  },
});

/**
 * Debian's, which would listen at every address and look for others of its kind. Prometheus is on the same host; the collector asks for
 * its metrics.
 */
const service = (at: string, { address }: HostEntry): string =>
  lines(
    at,
    "[Unit]",
    "Wants=network-online.target",
    "After=network-online.target",
    "StartLimitIntervalSec=0",
    "RequiresMountsFor=/srv/metrics",
    "",
    "[Service]",
    "ExecStart=",
    `ExecStart=/usr/bin/prometheus-alertmanager --config.file=${folder}/alertmanager.yml --storage.path=${kept} --data.retention=${remembers} --web.listen-address=127.0.0.1:${port} --web.listen-address=${address}:${port} --cluster.listen-address=`,
    "RestartSec=10",
    `Group=${account}`,
    "UMask=0077",
    ...hardened,
    `ReadWritePaths=${kept}`,
  );

const port = portOf("alertmanager");
