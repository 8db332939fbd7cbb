import { stringify } from "yaml";
import { serviceDns } from "../../model/certificates";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import type { Registers } from "../../model/registers";
import { header } from "../hosts/header";
import { lines } from "../hosts/lines";
import { adminFile, grafanaTls } from "./grafana-needs";
import { portOf } from "./signals";

const unit = "grafana-server.service";

/** Tests and commands that render no dashboards do not load what they are made by. */
const rendered = (registers: Registers) =>
  (require("./dashboards") as typeof import("./dashboards")).dashboardsOf(registers);

/** How dashboards are shown, of what, and the dashboards. *Untried*: Debian has no Grafana. */
export function grafanaOf(host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] {
  const at = header(host, place);
  const file = (path: string, text: string) => ({ path: `/etc/grafana/${path}`, role: "monitoring" as const, text });
  return [
    { ...file("grafana.ini", settings(at, place)), restarts: unit },
    { ...file("provisioning/datasources/platform.yaml", `${at}\n${stringify(sourcesAt(host))}`), restarts: unit },
    { ...file("provisioning/dashboards/platform.yaml", `${at}\n${stringify(provider)}`), restarts: unit },
    // It looks for others by itself.
    ...[...rendered(registers)].map(([name, dashboard]) =>
      file(`dashboards/${name}.json`, `${JSON.stringify(dashboard, undefined, 2)}\n`),
    ),
  ];
}

/** @see Grafana, "Configure Grafana": what is not said is as its defaults.ini has it */
const settings = (at: string, place: PlaceEntry): string =>
  lines(
    at,
    "[server]",
    "protocol = https",
    "http_port = 3000",
    `domain = ${serviceDns(place, "dashboards")}`,
    "root_url = https://%(domain)s/",
    `cert_file = ${grafanaTls.certificate}`,
    `cert_key = ${grafanaTls.key}`,
    "# Certificates that are renewed are taken without a restart.",
    "certs_watch_interval = 1m",
    "",
    "[paths]",
    "# Users and what they prefer.",
    "data = /srv/metrics/grafana",
    "",
    "[security]",
    "# Read once, when there are no users yet.",
    `admin_password = $__file{${adminFile}}`,
    "cookie_secure = true",
    "cookie_samesite = strict",
    "disable_gravatar = true",
    "",
    "[users]",
    "allow_sign_up = false",
    "",
    "[auth.anonymous]",
    "enabled = false",
    "",
    "[snapshots]",
    "external_enabled = false",
    "",
    "[analytics]",
    "reporting_enabled = false",
    "check_for_updates = false",
    "check_for_plugin_updates = false",
    "feedback_links_enabled = false",
    "",
    "[news]",
    "news_feed_enabled = false",
    "",
    "[plugins]",
    "# None is fetched.",
    "preinstall_disabled = true",
    "",
    "[unified_alerting]",
    "# Prometheus rings.",
    "enabled = false",
    "",
    "[dashboards]",
    "default_home_dashboard_path = /etc/grafana/dashboards/platform.json",
  );

const fixed = { access: "proxy", editable: false } as const;

/**
 * What runs on the same host, where its collector asks for metrics too.
 * @see Grafana, "Provision Grafana: Data sources"; the plugin victoriametrics-logs-datasource, *untried*
 */
const sourcesAt = ({ address }: HostEntry) => ({
  apiVersion: 1,
  prune: true,
  datasources: [
    {
      name: "Prometheus",
      uid: "prometheus",
      type: "prometheus",
      url: `http://${address}:${portOf("prometheus")}`,
      ...fixed,
      isDefault: true,
      // What is scraped once a minute is the finest there is.
      jsonData: { httpMethod: "POST", timeInterval: "1m" },
    },
    {
      name: "Alertmanager",
      uid: "alertmanager",
      type: "alertmanager",
      url: `http://${address}:${portOf("alertmanager")}`,
      ...fixed,
      jsonData: { implementation: "prometheus" },
    },
    {
      name: "Logs",
      uid: "logs",
      type: "victoriametrics-logs-datasource",
      url: `http://${address}:${portOf("log-store")}`,
      ...fixed,
    },
  ],
});

/** @see Grafana, "Provision Grafana: Dashboards": those whose files are gone go too */
const provider = {
  apiVersion: 1,
  providers: [
    {
      name: "databridge",
      type: "file",
      allowUiUpdates: false,
      updateIntervalSeconds: 60,
      options: { path: "/etc/grafana/dashboards" },
    },
  ],
};
