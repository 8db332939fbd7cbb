import { parse } from "yaml";
import { readOwnSites } from "../../../cli/project/project";
import { gatheringConfig } from "../../../constructs/collector/gathering";
import { watching } from "../../../constructs/collector/objects/pod";
import { objectMetrics } from "../../../constructs/collector/objects/signals";
import { clusterCollector } from "../../../constructs/collector/objects/spec";
import { redaction } from "../../../constructs/collector/redaction";
import { bastion, cluster, collector, proxy, sharedServices } from "../../../constructs/specs";
import { gather } from "../../../model/gather";
import { tcp } from "../../../model/site/need";
import type { StatedWorkload } from "../../../model/site/workload";
import { gib, hours, mbitPerSecond, mib } from "../../../model/vocabulary";
import { flowsOf, learned, north, said, saying, south, tenancy } from "../../model/platform";

const image = `ghcr.io/it/it:1@sha256:${"a".repeat(64)}`;
const { registers } = gather(readOwnSites().sites);
const place = registers.places.find(({ id }) => id === "lumi-production");
if (!place) throw new Error("no place");
const workload = place.workloads.find((each) => each.said.workload === "cluster-collector")?.said as StatedWorkload;
const [container] = watching(workload, place, registers).containers;
const config = parse(container?.files["/etc/otelcol/objects.yaml"] ?? "");

test("it reads objects of all namespaces, no Secret, and changes none", () => {
  const { description } = said(clusterCollector({ image }));
  const [{ api = [] } = {}] = description.workloads ?? [];
  expect(api.flatMap(({ verbs }) => verbs).filter((verb) => !["get", "list", "watch"].includes(verb))).toEqual([]);
  expect(api.flatMap(({ resources }) => resources)).not.toContain("secrets");
  expect(flowsOf(description)).toEqual(["cluster-collector -> cluster-api", "cluster-collector -> logs"]);
});

test("an image without its digest is refused", () => {
  expect(said(clusterCollector({ image: "otelcol:latest" })).problems).toEqual([`image "otelcol:latest"`]);
});

test("its pod brings everything to the collector of its tenancy, by its name and our root", () => {
  const exporter = config.exporters["otlp_http/collector"];
  expect(exporter.endpoint).toBe(`https://logs.production.${place.site.dns}:4318`);
  expect(exporter.tls.ca_file).toBe("/etc/otelcol/root.crt");
  expect(container?.args).toEqual(["--config=/etc/otelcol/objects.yaml"]);
  expect(config.extensions["file_storage/queue"].directory).toBe(container?.scratch[0]);
});

test("nothing that a metric is of is turned off, and every label that one has is written", () => {
  const off = Object.keys(config.receivers.k8s_cluster.metrics).map((name) => name.replaceAll(".", "_"));
  expect(off.length).toBeGreaterThan(10);
  expect(objectMetrics.map(({ metric }) => metric).filter((metric) => off.includes(metric))).toEqual([]);
  const written = config.processors["transform/labels"].metric_statements.join("\n");
  for (const label of new Set(objectMetrics.flatMap(({ labels = [] }) => labels)))
    expect(written).toContain(`set(datapoint.attributes["${label}"]`);
});

test("events lose what is secret as lines do", () => {
  const statements: string[] = config.processors["transform/events"].log_statements;
  expect(statements.slice(-redaction.length).map((each) => each.slice(0, 15))).toEqual(
    redaction.map(() => "replace_pattern"),
  );
});

test("a collector takes metrics only where somebody brings some, and says that they are of its host", () => {
  const pipelinesAt = (id: string) => {
    const at = registers.places.find((each) => each.id === id);
    const host = at?.hosts.find(({ roles }) => roles.includes("collector"));
    const [stated] = at?.collectors ?? [];
    if (!at || !host || !stated) throw new Error(id);
    return gatheringConfig(host, at, stated.said, registers);
  };
  const { service, processors } = pipelinesAt("lumi-production");
  expect(service.pipelines["metrics/brought"]?.receivers).toEqual(["otlp"]);
  expect(processors["attributes/host"]).toEqual({
    actions: [{ key: "host", value: "lumi-production-collector", action: "upsert" }],
  });
  expect(Object.keys(pipelinesAt("lumi-test").service.pipelines)).toEqual(["metrics", "logs"]);
});

describe("pods that expose metrics", () => {
  const tiles = saying(
    {
      namespaces: [{ namespace: "tiles", quota: { milliCpu: 1000, memory: gib(1), pods: 3 }, why: "maps" }],
      workloads: [
        {
          workload: "tiles",
          namespace: "tiles",
          runs: { kind: "Deployment", replicas: 2 },
          containers: [{ name: "tiles", image, milliCpu: 100, memory: mib(128) }],
          why: "draws maps",
        },
      ],
      services: [{ service: "tiles-metrics", on: { workload: "tiles" }, traffic: tcp(9200), auth: "none" }],
      scrapes: [
        { scrape: "tiles", service: "tiles-metrics", metrics: [{ metric: "tiles_queue", what: "maps that wait" }] },
      ],
    },
    "tiles",
  );
  const platform = (runs: readonly object[]) =>
    learned([
      north({
        production: tenancy({
          runs: [
            bastion(),
            proxy(),
            cluster({ servers: 1, workers: 1 }),
            sharedServices(),
            collector({ survives: hours(1), at: mbitPerSecond(1) }),
            tiles,
            ...runs,
          ] as never,
        }),
      }),
      south({}),
    ]);
  const { registers, problems } = platform([clusterCollector({ image })]);
  const north_ = registers.places[0];
  if (!north_) throw new Error("no place");

  test("are asked, each pod, by the one that reaches them; nobody else is let in", () => {
    expect(problems.filter(({ path }) => path.includes("tiles"))).toEqual([]);
    const stated = north_.workloads.find((each) => each.said.workload === "cluster-collector")?.said as StatedWorkload;
    const [of] = watching(stated, north_, registers).containers;
    const { receivers, service } = parse(of?.files["/etc/otelcol/objects.yaml"] ?? "");
    const [job] = receivers.prometheus.config.scrape_configs;
    expect(job.kubernetes_sd_configs).toEqual([
      {
        role: "pod",
        namespaces: { names: ["tiles"] },
        selectors: [{ role: "pod", label: "databridge/workload=tiles" }],
      },
    ]);
    expect(job.relabel_configs[1].replacement).toBe("$$1:9200");
    expect(job.metric_relabel_configs).toEqual([{ source_labels: ["__name__"], regex: "tiles_queue", action: "keep" }]);
    expect(service.pipelines["metrics/pods"].receivers).toEqual(["prometheus"]);
    const asked = registers.flows.filter(({ service }) => service === "tiles-metrics");
    expect(asked.map(({ from, inCluster }) => ["group" in from && from.pods?.workload, inCluster])).toEqual([
      ["cluster-collector", true],
    ]);
  });

  test("are not asked by the collector's host; who does not answer rings, by its pod", () => {
    const host = north_.hosts.find(({ roles }) => roles.includes("collector"));
    const [said] = north_.collectors;
    if (!host || !said) throw new Error("no collector");
    const { receivers } = gatheringConfig(host, north_, said.said, registers);
    expect(JSON.stringify(receivers)).not.toContain("tiles");
    const rings = registers.signals.find(({ signal, labels }) => signal === "up" && labels.job === "tiles");
    expect([rings?.each, rings && "hosts" in rings.by && rings.by.hosts.map(({ host: { id } }) => id)]).toEqual([
      ["pod"],
      ["north-production-collector"],
    ]);
  });

  test("are refused where nobody asks pods", () => {
    expect(platform([]).problems.filter(({ path }) => path.includes("tiles"))).toEqual([
      {
        path: "north.production.runs.tiles.scrapes.tiles.service",
        value: "tiles-metrics",
        allowed: "a tenancy in which somebody asks pods for metrics",
        fix: "add clusterCollector()",
      },
    ]);
  });
});
