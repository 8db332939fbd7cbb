#!/usr/bin/env node
// What an agent takes of a processor for each line, beside a collector that does nothing but read and send; and what scrapes take, as targets grow.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { root } from "../../cli/prepare.mjs";
import { build } from "../../sandbox/telemetry/build.mjs";
import { folder, median } from "./bench.mjs";

const { otelcol } = build();
const lines = 300_000;
const series = 500;
const ports = { sink: 24318, told: 24888, played: 24100 };
const ticks = 100;

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
process.on("exit", () => {
  for (const it of running) it.kill();
});

/** @param {string} name @param {any} config */
function started(name, config) {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, stringify(config));
  const it = spawn(otelcol, ["--config", file], { stdio: "ignore" });
  const ended = new Promise((resolve) => it.once("exit", resolve));
  running.add(it);
  const stat = () => readFileSync(`/proc/${it.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return {
    /** Seconds of processors so far. */
    cpu: () => (Number(stat()[11]) + Number(stat()[12])) / ticks,
    /** The most memory so far, in MiB. */
    memory: () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${it.pid}/status`, "utf8"))?.[1]) / 1024,
    stop: async () => {
      running.delete(it);
      it.kill();
      await ended;
    },
  };
}

const telemetry = {
  logs: { level: "error" },
  metrics: { readers: [{ pull: { exporter: { prometheus: { host: "127.0.0.1", port: ports.told } } } }] },
};
const send = { endpoint: `http://127.0.0.1:${ports.sink}` };

/** What a counter is at. @param {string} name */
async function told(name) {
  const text = await fetch(`http://127.0.0.1:${ports.told}/metrics`).then(
    (answer) => answer.text(),
    () => "",
  );
  return [...text.matchAll(new RegExp(`^${name}\\S* (\\S+)$`, "gm"))].reduce((sum, [, n]) => sum + Number(n), 0);
}

const log = join(folder, "ecf.log");
writeFileSync(
  log,
  Array.from(
    { length: lines },
    (_, i) => `MSG:[10:20:30 26.11.2026] chd:complete +:/dte/main/forecast/step${i}\n`,
  ).join(""),
);

/** That of an agent of lumi, with one file and somewhere else to send it to. @param {number} round */
function ofAgent(round) {
  const file = join(root, "synthesized", "hosts", "lumi-production-ecflow-prod", "etc", "otelcol", "agent.yaml");
  const config = parse(readFileSync(file, "utf8"));
  for (const [name, extension] of Object.entries(config.extensions)) {
    const directory = join(folder, `agent-${round}`, name.replace("/", "-"));
    Object.assign(extension, { directory, compaction: { ...extension.compaction, directory } });
  }
  const [name = "", receiver] = Object.entries(config.receivers).find(([id]) => id.startsWith("file_log/")) ?? [];
  config.receivers = { [name]: { ...receiver, include: [log] } };
  config.service.pipelines.logs.receivers = [name];
  const { tls: _, ...exporter } = config.exporters["otlp_http/collector"];
  config.exporters["otlp_http/collector"] = { ...exporter, ...send };
  return { ...config, service: { ...config.service, telemetry } };
}

const bare = {
  receivers: { file_log: { include: [log], start_at: "beginning" } },
  // By default it throws away what finds no room, a third of these.
  exporters: { otlp_http: { ...send, sending_queue: { block_on_overflow: true } } },
  service: { pipelines: { logs: { receivers: ["file_log"], exporters: ["otlp_http"] } }, telemetry },
};

/** @param {string} name @param {any} config @returns lines a second of one processor, and MiB */
async function shipped(name, config) {
  const it = started(name, config);
  const begun = Date.now();
  while ((await told("otelcol_exporter_sent_log_records")) < lines) {
    if (Date.now() - begun > 40_000)
      throw new Error(`${name} has sent ${await told("otelcol_exporter_sent_log_records")}, and no more`);
    await sleep(100);
  }
  const result = { each: lines / it.cpu(), memory: it.memory() };
  await it.stop();
  return result;
}

/** @param {number} targets @returns samples a second of one processor, and MiB */
async function scraped(targets) {
  const file = join(root, "synthesized", "hosts", "lumi-production-collector", "etc", "otelcol", "gathering.yaml");
  const config = parse(readFileSync(file, "utf8"));
  const directory = join(folder, `scraped-${targets}`);
  const [queue = ""] = Object.keys(config.extensions);
  Object.assign(config.extensions[queue], {
    directory,
    compaction: { ...config.extensions[queue].compaction, directory },
  });
  const [job] = config.receivers.prometheus.config.scrape_configs;
  const { metric_relabel_configs: _, ...asked } = job;
  config.receivers.prometheus.config.scrape_configs = [
    {
      ...asked,
      scrape_interval: "1s",
      scrape_timeout: "1s",
      static_configs: Array.from({ length: targets }, (_each, i) => ({
        targets: [`127.0.0.1:${ports.played}`],
        labels: { ...job.static_configs[0].labels, host: `host-${i}` },
      })),
    },
  ];
  delete config.receivers.otlp;
  delete config.service.pipelines.logs;
  delete config.processors["resource/place"];
  const { tls: __, ...exporter } = config.exporters["otlp_http/home"];
  config.exporters["otlp_http/home"] = { ...exporter, ...send };
  const it = started(`scraped-${targets}`, { ...config, service: { ...config.service, telemetry } });
  await sleep(5000);
  const before = { cpu: it.cpu(), count: await told("otelcol_exporter_sent_metric_points") };
  await sleep(15_000);
  const count = (await told("otelcol_exporter_sent_metric_points")) - before.count;
  const result = { each: count / (it.cpu() - before.cpu), memory: it.memory(), rate: count / 15 };
  await it.stop();
  return result;
}

mkdirSync(folder, { recursive: true });
const sink = started("sink", {
  receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${ports.sink}` } } } },
  exporters: { debug: { verbosity: "basic", sampling_initial: 0, sampling_thereafter: 0 } },
  service: {
    pipelines: {
      logs: { receivers: ["otlp"], exporters: ["debug"] },
      metrics: { receivers: ["otlp"], exporters: ["debug"] },
    },
    telemetry: { metrics: { level: "none" }, logs: { level: "error" } },
  },
});
const page = Array.from({ length: series }, (_, i) => `thing_${i % 50}{of="${i}"} ${i}\n`).join("");
const played = createServer((_, response) => response.end(page));
played.listen(ports.played, "127.0.0.1");
try {
  /** @type {Record<"agent" | "bare", { each: number, memory: number }[]>} */
  const all = { agent: [], bare: [] };
  for (let round = 0; round < 4; round += 1) {
    const results = {
      bare: await shipped(`bare-${round}`, bare),
      agent: await shipped(`agent-${round}`, ofAgent(round)),
    };
    if (round === 0) continue;
    all.bare.push(results.bare);
    all.agent.push(results.agent);
  }
  const of = (/** @type {"agent" | "bare"} */ name, /** @type {"each" | "memory"} */ what) =>
    median(all[name].map((each) => each[what]));
  console.log(`Lines of ecFlow, ${lines} of them, medians of 3\n`);
  console.log("                    lines a second of one core   most memory, MiB");
  for (const name of /** @type {const} */ (["bare", "agent"]))
    console.log(
      `  ${name.padEnd(16)}${of(name, "each").toFixed(0).padStart(28)}${of(name, "memory").toFixed(0).padStart(19)}`,
    );
  console.log(
    `\n  read as ecFlow writes them, redacted and kept on a disk, a line costs ${(of("bare", "each") / of("agent", "each")).toFixed(2)} of what it costs bare\n`,
  );
  console.log(`Scrapes of ${series} series, each second, by what a collector is told\n`);
  console.log("  targets   samples a second   of one core   most memory, MiB");
  for (const targets of [5, 20, 40]) {
    const { each, memory, rate } = await scraped(targets);
    console.log(
      `  ${`${targets}`.padEnd(10)}${rate.toFixed(0).padStart(16)}${each.toFixed(0).padStart(14)}${memory.toFixed(0).padStart(19)}`,
    );
  }
} finally {
  await sink.stop();
  played.close();
}
