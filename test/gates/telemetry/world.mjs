// Two sites and home, as their files are rendered, in one network namespace in which each host has its own address: collectors, an agent
// on each server of ecFlow, the door and the gateway of home, and its stores. What is fetched from hosts is real; nothing leaves it.
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { compile } from "../../../cli/prepare.mjs";
import { programs } from "../../../sandbox/telemetry/build.mjs";
import { libraries, unpacked } from "../debian.mjs";
import { run } from "../gate.mjs";
import { Authority } from "./authority.mjs";

const load = createRequire(join(compile(), "main.js"));
/** @type {typeof import("../../../model/gather.js")} */
const { gather } = load("./model/gather.js");
/** @type {typeof import("../../../model/certificates.js")} */
const { namesOf, ofHosts, serviceDns } = load("./model/certificates.js");
/** @type {typeof import("../../../cli/project/project.js")} */
const { readOwnSites } = load("./cli/project/project.js");
/** @type {typeof import("../../../constructs/files.js")} */
const { filesOf } = load("./constructs/files.js");
/** @type {typeof import("../../../constructs/specs.js")} */
const { collector } = load("./constructs/specs.js");
/** @type {typeof import("../../../model/vocabulary.js")} */
const { minutes, mbitPerSecond } = load("./model/vocabulary.js");

const namespace = "gate-telemetry";
/** Where the platform that keeps everything for good is played. */
const sink = "10.99.0.1";

/** @typedef {import("node:child_process").ChildProcess} Process */

export class World {
  /** @type {Map<string, Process>} */
  running = new Map();

  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    const { registers, problems } = gather(readOwnSites().sites.map(saying));
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    this.registers = registers;
    const all = registers.places.flatMap((place) => place.hosts.map((host) => ({ place, host })));
    const at = (/** @type {string} */ id) => {
      const found = all.find(({ host }) => host.id === id);
      if (!found) throw new Error(`no host ${id}`);
      return found;
    };
    this.home = at("home-production-monitoring");
    this.sites = ["lumi", "leonardo"].map((site) => ({
      site,
      collector: at(`${site}-production-collector`),
      server: at(`${site}-production-ecflow-prod`),
    }));
    this.hosts = [this.home, ...this.sites.flatMap(({ collector, server }) => [collector, server])];
    this.telemetry = serviceDns(this.home.place, "telemetry");
    this.debian = unpacked("telemetry", [
      "haproxy",
      "liblua5.3-0",
      "libopentracing-c-wrapper0",
      "libopentracing1",
      "prometheus",
      "prometheus-alertmanager",
      "prometheus-blackbox-exporter",
      "prometheus-node-exporter",
      "systemd-journal-remote",
      "libmicrohttpd12",
    ]);
    this.authority = new Authority(join(folder, "authority"));
  }

  /** The folder that is the root of a host. @param {string} id */
  rootOf(id) {
    return join(this.folder, "hosts", id);
  }

  /** Writes what hosts have, makes the network, and starts all but agents and collectors. */
  up() {
    this.#network();
    for (const { host, place } of this.hosts) this.#write(host, place);
    this.#certificates();
  }

  #network() {
    spawnSync("ip", ["netns", "del", namespace]);
    run("ip", ["netns", "add", namespace]);
    this.inside("ip", "link", "set", "lo", "up");
    for (const address of [...this.hosts.map(({ host }) => host.address), sink]) this.address("add", address);
    const names = [
      `${this.home.host.address} ${this.telemetry}`,
      `${sink} observability.example`,
      ...this.sites.map(({ collector: { host, place } }) => `${host.address} ${serviceDns(place, "logs")}`),
    ];
    mkdirSync(`/etc/netns/${namespace}`, { recursive: true });
    writeFileSync(`/etc/netns/${namespace}/hosts`, `127.0.0.1 localhost\n${names.join("\n")}\n`);
  }

  /** Gives an address, or takes it. @param {"add" | "del"} how @param {string} address */
  address(how, address) {
    this.inside("ip", "address", how, `${address}/32`, "dev", "lo");
  }

  /** @param {import("../../../model/entries.js").HostEntry} host @param {import("../../../model/entries.js").PlaceEntry} place */
  #write(host, place) {
    const root = this.rootOf(host.id);
    const of = ["/etc/otelcol/", "/etc/haproxy/", "/etc/prometheus/"];
    for (const { path, text } of filesOf(host, place, this.registers)) {
      if (!of.some((folder) => path.startsWith(folder))) continue;
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), this.#here(root, text).replaceAll("127.0.0.1", this.loopback(host)));
    }
    for (const path of ["srv/queue", "srv/home", "srv/metrics", "var/lib/otelcol-agent", "var/log/journal"])
      mkdirSync(join(root, path), { recursive: true });
  }

  /** What is its own on a host, since all are one here. @param {{ address: string }} host */
  loopback({ address }) {
    return address.replace(/^\d+/, "127");
  }

  /** A file of a host, where its root is a folder; what takes a minute takes seconds. @param {string} root @param {string} text */
  #here(root, text) {
    return text
      .replaceAll(/(?<=[\s="'(,])\/(etc|srv|var|usr\/local)\//g, `${root}/$1/`)
      .replaceAll("scrape_interval: 60s", "scrape_interval: 2s")
      .replaceAll("scrape_timeout: 10s", "scrape_timeout: 2s")
      .replaceAll("scrape_timeout: 15s", "scrape_timeout: 2s")
      .replaceAll("https://observability.ecmwf.int", `http://${sink}:4318`)
      .replaceAll("evaluation_interval: 30s", "evaluation_interval: 2s")
      .replaceAll("reload_interval: 5m", "reload_interval: 5s")
      .replaceAll(/^(\s+for: \d+)m$/gm, "$1s")
      .replaceAll(/^ {2}(user|group) haproxy\n/gm, "");
  }

  #certificates() {
    for (const { place, role, service, files, hosts } of ofHosts(this.registers.certificates))
      for (const host of hosts) {
        if (!this.hosts.some((each) => each.host.id === host.id)) continue;
        if (role !== "collector" && role !== "monitoring") continue;
        this.authority.issue(dirname(join(this.rootOf(host.id), files.certificate)), namesOf({ place, service }, host));
      }
    for (const { host } of this.hosts) {
      this.#journal(host.id);
      const root = join(this.rootOf(host.id), "usr/local/share/ca-certificates/platform-root.crt");
      mkdirSync(dirname(root), { recursive: true });
      writeFileSync(root, readFileSync(this.authority.root));
    }
  }

  /** A journal with one line of an earlier boot, and one that is a secret's. @param {string} id */
  #journal(id) {
    const at = (Date.now() - 3600_000) * 1000;
    const entry = (/** @type {number} */ n, /** @type {string} */ message) =>
      [
        `__REALTIME_TIMESTAMP=${at + n}`,
        `__MONOTONIC_TIMESTAMP=${1000 + n}`,
        `_BOOT_ID=${"ab".repeat(16)}`,
        `_MACHINE_ID=${"cd".repeat(16)}`,
        "_SYSTEMD_UNIT=thing.service",
        "SYSLOG_IDENTIFIER=thing",
        "PRIORITY=4",
        `MESSAGE=${message}`,
        "",
        "",
      ].join("\n");
    const file = join(this.rootOf(id), "var/log/journal/system.journal");
    const program = join(this.debian, "lib/systemd/systemd-journal-remote");
    const input = entry(1, "before the boot") + entry(2, "Authorization: Bearer abcdefghijkl");
    const env = { ...process.env, ...libraries(this.debian) };
    const { status, stderr } = spawnSync(program, ["--split-mode=none", "-o", file, "-"], {
      input,
      env,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
  }

  /** @param {readonly string[]} words @returns {string} what it printed */
  inside(...words) {
    return run("ip", ["netns", "exec", namespace, ...words]);
  }

  /** A program that stays. @param {string} name @param {readonly string[]} words */
  start(name, ...words) {
    const log = openSync(this.logOf(name), "a");
    const env = { ...process.env, ...libraries(this.debian) };
    this.running.set(name, spawn("ip", ["netns", "exec", namespace, ...words], { stdio: ["ignore", log, log], env }));
  }

  /** @param {string} name */
  logOf(name) {
    return join(this.folder, `${name}.log`);
  }

  /** @param {string} name @param {NodeJS.Signals} [signal] */
  async stop(name, signal = "SIGTERM") {
    const it = this.running.get(name);
    this.running.delete(name);
    if (!it || it.exitCode !== null || it.signalCode !== null) return;
    const ended = new Promise((resolve) => it.once("exit", resolve));
    it.kill(signal);
    await ended;
  }

  /** @param {{ host: { id: string } }} of @param {string} config */
  #otelcol({ host: { id } }, config) {
    return [programs.otelcol, "--config", join(this.rootOf(id), "etc/otelcol", `${config}.yaml`)];
  }

  startHome() {
    const { address, id } = this.home.host;
    const root = this.rootOf(id);
    const metrics = join(root, "srv/metrics");
    this.start(
      "logs",
      programs.logs,
      `-storageDataPath=${metrics}/logs`,
      "-retentionPeriod=90d",
      `-httpListenAddr=${address}:9428`,
    );
    this.start(
      "prometheus",
      join(this.debian, "usr/bin/prometheus"),
      `--config.file=${root}/etc/prometheus/prometheus.yml`,
      `--storage.tsdb.path=${metrics}/prometheus`,
      `--web.listen-address=${address}:9090`,
      "--web.enable-remote-write-receiver",
      // What was told last holds for so long where no more comes; five minutes.
      "--query.lookback-delta=5s",
    );
    this.start("gateway", ...this.#otelcol(this.home, "gateway"));
    this.startDoor();
  }

  startDoor() {
    const config = join(this.rootOf(this.home.host.id), "etc/haproxy/haproxy.cfg");
    this.start("door", join(this.debian, "usr/sbin/haproxy"), "-db", "-f", config);
  }

  /** What plays the platform that keeps all for good: stores of its own behind a collector. */
  startSink() {
    const config = join(this.folder, "sink.yaml");
    const to = join(this.folder, "sink");
    mkdirSync(to, { recursive: true });
    writeFileSync(
      config,
      `receivers: {otlp: {protocols: {http: {endpoint: "${sink}:4318"}}}}
exporters:
  otlp_http: {logs_endpoint: "http://${sink}:9428/insert/opentelemetry/v1/logs", headers: {VL-Stream-Fields: "site,host"}}
  prometheus_remote_write: {http: {endpoint: "http://${sink}:9090/api/v1/write"}, add_metric_suffixes: false}
service:
  pipelines:
    logs: {receivers: [otlp], exporters: [otlp_http]}
    metrics: {receivers: [otlp], exporters: [prometheus_remote_write]}
  telemetry: {metrics: {level: none}}
`,
    );
    writeFileSync(join(to, "prometheus.yml"), "storage: {tsdb: {out_of_order_time_window: 1h}}\n");
    this.start("sink-logs", programs.logs, `-storageDataPath=${to}/logs`, `-httpListenAddr=${sink}:9428`);
    const prometheus = join(this.debian, "usr/bin/prometheus");
    const words = [`--config.file=${to}/prometheus.yml`, `--storage.tsdb.path=${to}/prometheus`];
    this.start(
      "sink-prometheus",
      prometheus,
      ...words,
      `--web.listen-address=${sink}:9090`,
      "--web.enable-remote-write-receiver",
    );
    this.start("sink", programs.otelcol, "--config", config);
  }

  /** @param {(typeof this.sites)[number]} at */
  startCollector({ site, collector }) {
    this.start(`${site}-collector`, ...this.#otelcol(collector, "gathering"));
  }

  /** @param {(typeof this.sites)[number]} at */
  startAgent({ site, server }) {
    this.start(`${site}-agent`, ...this.#otelcol(server, "agent"));
  }

  /** What the hosts of a site show of themselves. @param {(typeof this.sites)[number]} at */
  startExporters({ site, collector, server }) {
    const node = join(this.debian, "usr/bin/prometheus-node-exporter");
    for (const { host } of [collector, server])
      this.start(
        `${host.id}-node`,
        node,
        `--web.listen-address=${host.address}:9100`,
        "--collector.disable-defaults",
        "--collector.filesystem",
        "--collector.meminfo",
        "--collector.cpu",
      );
    const config = join(this.rootOf(collector.host.id), "etc/prometheus/blackbox.yml");
    const prober = join(this.debian, "usr/bin/prometheus-blackbox-exporter");
    this.start(
      `${site}-probes`,
      prober,
      `--config.file=${config}`,
      `--web.listen-address=${this.loopback(collector.host)}:9115`,
    );
  }

  /** The names in the certificate of a collector. @param {{ host: any, place: any }} at */
  namesAt({ host, place }) {
    return namesOf({ place, service: "logs" }, host);
  }

  /** The file in which a server of ecFlow writes. @param {(typeof this.sites)[number]} at */
  logFile({ server }) {
    const { said } = /** @type {{ said: { home: string } }} */ (server.place.ecflow[0]);
    const file = join(this.rootOf(server.host.id), said.home, "ecf.log");
    mkdirSync(dirname(file), { recursive: true });
    return file;
  }

  /** Lines as ecFlow writes them. @param {(typeof this.sites)[number]} at @param {readonly string[]} lines */
  say(at, lines) {
    const now = new Date();
    const time = `${now.getUTCHours()}:${now.getUTCMinutes()}:${now.getUTCSeconds()} ${now.getUTCDate()}.${now.getUTCMonth() + 1}.${now.getUTCFullYear()}`;
    appendFileSync(this.logFile(at), lines.map((line) => `MSG:[${time}] ${line}\n`).join(""));
  }

  /**
   * Brings a sample to the collector of a site as pods do; @returns the status of HTTP
   * @param {(typeof this.sites)[number]["collector"]} collector @param {string} name @param {Record<string, string>} labels
   */
  bring(collector, name, labels) {
    const attributes = Object.entries(labels).map(([key, stringValue]) => ({ key, value: { stringValue } }));
    const dataPoints = [{ asInt: "1", timeUnixNano: `${Date.now()}000000`, attributes }];
    const body = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name, gauge: { dataPoints } }] }] }] };
    const url = `https://logs.production.${collector.place.site.dns}:4318/v1/metrics`;
    const json = ["-H", "content-type: application/json", "-d", JSON.stringify(body)];
    const words = ["-sS", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", this.authority.root, ...json, url];
    return Number(this.inside("curl", ...words));
  }

  /** Lines that a store has. @param {string} query @param {"home" | "sink"} [where] @returns {Record<string, string>[]} */
  lines(query, where = "home") {
    const address = where === "home" ? this.home.host.address : sink;
    const out = this.inside(
      "curl",
      "-sSm",
      "20",
      `http://${address}:9428/select/logsql/query`,
      "--data-urlencode",
      `query=${query}`,
    );
    return out.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
  }

  /** @param {string} query @param {"home" | "sink"} [where] @returns {{ metric: Record<string, string>, value: [number, string] }[]} */
  series(query, where = "home") {
    const address = where === "home" ? this.home.host.address : sink;
    const out = this.inside(
      "curl",
      "-sSm",
      "20",
      `http://${address}:9090/api/v1/query`,
      "--data-urlencode",
      `query=${query}`,
    );
    const { status, data, error } = JSON.parse(out);
    if (status !== "success") throw new Error(error);
    return data.result;
  }

  /** Waits until it holds. @param {() => unknown} holds @param {number} seconds */
  async until(holds, seconds) {
    let why = "";
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(500)) {
      try {
        if (holds()) return;
        why = "";
      } catch (error) {
        why = `${error}`;
      }
    }
    const logs = [...this.running.keys()].flatMap((name) => {
      const errors = readFileSync(this.logOf(name), "utf8")
        .split("\n")
        .filter((line) => /error|refused|ALERT/i.test(line));
      return errors.slice(-1).map((line) => `${name}: ${line.slice(0, 600)}`);
    });
    throw new Error(`not after ${seconds} s: ${holds} ${why}\n${logs.join("\n")}`);
  }

  async down() {
    await Promise.all([...this.running.keys()].map((name) => this.stop(name, "SIGKILL")));
    spawnSync("ip", ["netns", "del", namespace]);
    if (existsSync(`/etc/netns/${namespace}`)) rmSync(`/etc/netns/${namespace}`, { recursive: true });
  }
}

/** That of Leonardo holds little, so that it can be full. @param {any} site */
function saying(site) {
  if (site.name !== "leonardo") return site;
  const { production } = site.tenancies;
  const runs = production.runs.map((/** @type {{ kind: string }} */ each) =>
    each.kind === "collector" ? collector({ survives: minutes(1), at: mbitPerSecond(1) }) : each,
  );
  return { ...site, tenancies: { ...site.tenancies, production: { ...production, runs } } };
}
