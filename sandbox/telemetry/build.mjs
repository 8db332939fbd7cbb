#!/usr/bin/env node
// Builds what gathers and keeps logs and metrics from the Go module proxy, once, for machines that cannot fetch its releases: the
// OpenTelemetry Collector with the components that our configurations name, seven minutes on two cores, and VictoriaLogs, one.
//   node build.mjs     prints where they are
// All modules are of the one version that hosts fetch. At others something lacks: at 0.149 the receiver of the journal, at 0.155 and 0.161
// what host metrics and files need, from 0.164 on the core. The exporter to OpenSearch is at none of these.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cache } from "../cache.mjs";
import { built, fromModule, must } from "../go.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const source = readFileSync(join(here, "..", "..", "model", "programs.ts"), "utf8");
/** @param {string} name the version that hosts fetch */
const versionOf = (name) => new RegExp(`"${name}": \\{\\s*version: "([\\d.]+)"`).exec(source)?.[1] ?? "none";
export const versions = { collector: versionOf("otelcol-contrib"), logs: versionOf("victoria-logs") };

const contrib = "github.com/open-telemetry/opentelemetry-collector-contrib";
const core = "go.opentelemetry.io/collector";
/** By their kind. */
export const modules = {
  receivers: [
    `${core}/receiver/otlpreceiver`,
    ...["prometheus", "hostmetrics", "filelog", "journald"].map((name) => `${contrib}/receiver/${name}receiver`),
  ],
  processors: [
    `${core}/processor/memorylimiterprocessor`,
    ...["resource", "attributes", "transform"].map((name) => `${contrib}/processor/${name}processor`),
  ],
  exporters: [
    ...["debug", "otlphttp"].map((name) => `${core}/exporter/${name}exporter`),
    `${contrib}/exporter/prometheusremotewriteexporter`,
  ],
  extensions: [`${contrib}/extension/storage/filestorage`],
};

export const programs = {
  otelcol: join(cache, `otelcol-${versions.collector}`, "otelcol-contrib"),
  logs: join(cache, `victoria-logs-${versions.logs}`, "victoria-logs-prod"),
};

/** @param {string} work */
function collector(work) {
  const builder = `${core}/cmd/builder`;
  const ocb = fromModule(work, "ocb", builder, versions.collector);
  const of = (/** @type {readonly string[]} */ names) =>
    names.map((name) => ({ gomod: `${name} v${versions.collector}` }));
  const manifest = {
    dist: {
      name: "otelcol-contrib",
      description: "OpenTelemetry Collector with what the platform's configurations name",
      output_path: "./dist",
      module: "databridge.invalid/otelcol",
      version: versions.collector,
    },
    ...Object.fromEntries(Object.entries(modules).map(([kind, names]) => [kind, of(names)])),
  };
  writeFileSync(join(work, "builder.yaml"), JSON.stringify(manifest));
  must(work, ocb, ["--config", "builder.yaml", "--skip-compilation"]);
  const dist = join(work, "dist");
  must(dist, "go", ["mod", "edit", "-go=1.25.0"]);
  must(dist, "go", ["build", "-trimpath", "-ldflags=-s -w", "-o", "otelcol-contrib", "."]);
  return join(dist, "otelcol-contrib");
}

/** @returns where they are */
export function build() {
  built(programs.otelcol, collector);
  const module = "github.com/VictoriaMetrics/VictoriaLogs";
  built(programs.logs, (work) =>
    fromModule(work, "victoria-logs-prod", module, versions.logs, { main: `${module}/app/victoria-logs` }),
  );
  return programs;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(Object.values(build()).join("\n"));
