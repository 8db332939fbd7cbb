import { serviceDns } from "../../model/certificates";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { Parser } from "../../model/site/telemetry";
import type { LogEntry } from "../../model/telemetry";
import { rootFile } from "../hosts/roots";
import { memoryLimiter, type OtelConfig, queued, stored, telemetry } from "./otel";
import { agentState, names, ports } from "./places";
import { redaction } from "./redaction";

/**
 * Brings what a host writes to the collector of its tenancy: its journal, and files of lines. It knows how far it has come; while nobody
 * takes anything, all stays where it is.
 */
export function agentConfig(host: HostEntry, place: PlaceEntry, logs: readonly LogEntry[]): OtelConfig {
  const files = Object.fromEntries(logs.map((log) => [`file_log/${log.log}`, fileLog(log)]));
  return {
    extensions: {
      [positions]: stored(`${agentState}/positions`, 64 * mib),
      [queue]: stored(`${agentState}/queue`, 64 * mib),
    },
    receivers: { journald: journal, ...files },
    processors: {
      memory_limiter: memoryLimiter(192),
      "resource/host": { attributes: [{ key: "host", value: host.id, action: "upsert" }] },
      "transform/redaction": { error_mode: "ignore", log_statements: [...redaction] },
    },
    exporters: {
      "otlp_http/collector": {
        endpoint: `https://${serviceDns(place, names.logs)}:${ports.otlp}`,
        tls: { ca_file: rootFile, reload_interval: "1h" },
        ...queued({ storage: queue, bytes: 64 * mib }),
      },
    },
    service: {
      extensions: [positions, queue],
      pipelines: {
        logs: {
          receivers: ["journald", ...Object.keys(files)],
          processors: ["memory_limiter", "resource/host", "transform/redaction"],
          exporters: ["otlp_http/collector"],
        },
      },
      telemetry: telemetry("127.0.0.1", ports.agentMetrics),
    },
  };
}

const mib = 2 ** 20;
const positions = "file_storage/positions";
const queue = "file_storage/queue";
/** What is not taken is tried again, and nothing is passed over meanwhile. */
const patient = { enabled: true, initial_interval: "1s", max_interval: "30s", max_elapsed_time: 0 };

/** @see systemd.journal-fields(7); syslog(3): seven priorities */
const journal = {
  directory: "/var/log/journal",
  start_at: "beginning",
  priority: "info",
  // Else journalctl would pass over what was written before a boot, and with it why there was one.
  merge: true,
  storage: positions,
  retry_on_failure: patient,
  operators: [
    moved("_SYSTEMD_UNIT", "unit"),
    moved("SYSLOG_IDENTIFIER", "program"),
    {
      type: "severity_parser",
      parse_from: "body.PRIORITY",
      if: "body.PRIORITY != nil",
      overwrite_text: true,
      mapping: { fatal: ["0", "1"], error: ["2", "3"], warn: "4", info: ["5", "6"], debug: "7" },
    },
    { type: "move", if: "body.MESSAGE != nil", from: "body.MESSAGE", to: "body" },
  ],
};

function moved(from: string, to: string): object {
  return { type: "move", if: `body.${from} != nil`, from: `body.${from}`, to: `resource.${to}` };
}

const fileLog = ({ log, files, parser }: LogEntry): object => ({
  include: [files],
  start_at: "beginning",
  storage: positions,
  retry_on_failure: patient,
  include_file_path: true,
  resource: { log },
  operators: parsing[parser],
});

/**
 * Lines that are read otherwise than is said here go on as they are.
 * @see ecFlow, docs, "Log file": `MSG:[10:20:30 26.11.2026] …` in UTC, as our servers run
 */
const parsing: Readonly<Record<Parser, readonly object[]>> = {
  text: [],
  json: [{ type: "json_parser", on_error: "send_quiet" }],
  container: [{ type: "container", on_error: "send_quiet" }],
  ecflow: [
    {
      type: "regex_parser",
      on_error: "send_quiet",
      regex: "^(?P<kind>MSG|LOG|ERR|WAR|DBG):\\[(?P<at>[0-9:]+ [0-9.]+)\\] *(?P<message>.*)$",
      timestamp: { parse_from: "attributes.at", layout_type: "gotime", layout: "15:4:5 2.1.2006", location: "UTC" },
      severity: {
        parse_from: "attributes.kind",
        overwrite_text: true,
        mapping: { error: "ERR", warn: "WAR", info: ["MSG", "LOG"], debug: "DBG" },
      },
    },
    { type: "remove", if: "attributes.at != nil", field: "attributes.at" },
    { type: "move", if: "attributes.message != nil", from: "attributes.message", to: "body" },
  ],
};
