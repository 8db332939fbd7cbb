import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import { programOf } from "../../model/programs";
import type { Registers } from "../../model/registers";
import { otelText } from "../collector/otel";
import { otelUnit } from "../collector/units";
import { header } from "../hosts/header";
import { alertmanagerOf } from "./alertmanager";
import { deliveryFolder, doorConfig, doorMap, gatewayConfig } from "./gateway";
import { grafanaOf } from "./grafana";
import { metricsOf } from "./metrics";
import { rulesOf } from "./rules";
import { logsUnit, prometheusConfig, prometheusUnit } from "./stores";

/** What every host tells of itself, and at home what keeps it, shows it, and rings. */
export const filesOf = (host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] => [
  ...metricsOf(host, place, registers),
  ...(host.roles.includes("monitoring")
    ? [
        ...rulesOf(host, place, registers),
        ...alertmanagerOf(host, place, registers),
        ...storing(host, place, registers),
        ...grafanaOf(host, place, registers),
      ]
    : []),
];

const unitFile = (name: string): string => `/etc/systemd/system/${name}`;
const gateway = "/etc/otelcol/gateway.yaml";

function storing(host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] {
  const [stated] = place.monitoring;
  if (!stated) return [];
  const { said } = stated;
  const at = header(host, place);
  const file = (path: string, text: string, more: Partial<HostFile> = {}): HostFile => ({
    path,
    role: "monitoring",
    text,
    ...more,
  });
  const collector = programOf("otelcol-contrib", place.trust);
  const logs = programOf("victoria-logs", place.trust);
  const reloadsDoor = { reloads: "haproxy.service" };
  return [
    file("/etc/haproxy/haproxy.cfg", doorConfig(at, host, "/etc/platform/tls/telemetry"), reloadsDoor),
    file("/etc/haproxy/collectors.map", doorMap(place, registers), reloadsDoor),
    file(gateway, otelText(at, gatewayConfig(host, place, said, registers)), { restarts: "otelcol-gateway.service" }),
    file(
      unitFile("otelcol-gateway.service"),
      otelUnit({
        at,
        description: "Takes metrics and logs of all sites, and hands them to what keeps them",
        program: collector.path,
        config: gateway,
        writes: said.delivery ? [deliveryFolder] : [],
      }),
      { restarts: "otelcol-gateway.service" },
    ),
    file("/etc/prometheus/prometheus.yml", prometheusConfig(at, host, place, registers), {
      reloads: "prometheus.service",
    }),
    file(unitFile("prometheus.service.d/platform.conf"), prometheusUnit(at, host, said), {
      restarts: "prometheus.service",
    }),
    file(unitFile("victoria-logs.service"), logsUnit(at, host, logs.path, said), { restarts: "victoria-logs.service" }),
  ];
}
