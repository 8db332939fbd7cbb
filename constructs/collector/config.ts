import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import { programOf, programsIn } from "../../model/programs";
import type { Registers } from "../../model/registers";
import { collectorRole, collectorsIn } from "../../model/telemetry";
import { forwardProxyOf } from "../edge/forward-proxy";
import { header } from "../hosts/header";
import { agentConfig } from "./agent";
import { gatheringConfig } from "./gathering";
import { otelText } from "./otel";
import { ports } from "./places";
import { probesConfig } from "./probes";
import { agentUnit, gatheringUnit, probesUnit } from "./units";

const unitFile = (name: string): string => `/etc/systemd/system/${name}`;
const configs = { agent: "/etc/otelcol/agent.yaml", gathering: "/etc/otelcol/gathering.yaml" } as const;

/** What every host of a tenancy has that has a collector, and what that has. */
export function filesOf(host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] {
  const fetched = programsIn(place).length > 0 ? [programsFile(host, place)] : [];
  const [said] = place.collectors;
  if (!said || collectorsIn(place).length === 0) return fetched;
  const at = header(host, place);
  const file = (path: string, text: string, restarts?: string): HostFile => ({
    path,
    role: "telemetry",
    text,
    ...(restarts === undefined ? {} : { restarts }),
  });
  const { path: program } = programOf("otelcol-contrib", place.trust);
  const logs = registers.telemetry.logs.filter(({ hosts }) => hosts.some(({ id }) => id === host.id));
  const probes = registers.telemetry.probes.filter((each) => each.place.id === place.id);
  return [
    ...fetched,
    file(configs.agent, otelText(at, agentConfig(host, place, logs)), "otelcol-agent.service"),
    file(unitFile("otelcol-agent.service"), agentUnit(at, program, configs.agent), "otelcol-agent.service"),
    ...(host.roles.includes(collectorRole)
      ? [
          file(configs.gathering, otelText(at, gatheringConfig(host, place, said.said, registers)), "otelcol.service"),
          file(unitFile("otelcol.service"), gatheringUnit(at, program, configs.gathering), "otelcol.service"),
          file(probesFile, probesConfig(at, probes), exporter),
          file(unitFile(`${exporter}.d/platform.conf`), probesUnit(at, probesFile, ports.probes), exporter),
        ]
      : []),
  ];
}

const exporter = "prometheus-blackbox-exporter.service";
const probesFile = "/etc/prometheus/blackbox.yml";

/** What a host has to fetch, and what it holds that against. */
function programsFile(host: HostEntry, place: PlaceEntry): HostFile {
  const names = programsIn(place).filter((name) => name !== "victoria-logs" || host.roles.includes("monitoring"));
  const proxy = forwardProxyOf(place);
  return {
    path: "/etc/platform/programs.json",
    role: "telemetry",
    text: `${JSON.stringify(
      {
        ...(proxy === undefined ? {} : { proxy }),
        programs: names.map((name) => {
          const { version, path, url, key, sha256 } = programOf(name, place.trust);
          return { name, version, path, url, key, ...(sha256 === undefined ? {} : { sha256 }) };
        }),
      },
      undefined,
      2,
    )}\n`,
  };
}
