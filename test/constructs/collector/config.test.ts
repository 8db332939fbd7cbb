import { parse } from "yaml";
import { readOwnSites } from "../../../cli/project/project";
import { filesOf } from "../../../constructs/files";
import { gather } from "../../../model/gather";
import { programOf } from "../../../model/programs";
import { known, unknownIn } from "./paths";

const { registers } = gather(readOwnSites().sites);
const all = registers.places.flatMap((place) =>
  place.hosts.map((host) => ({ host, files: filesOf(host, place, registers) })),
);
const configs = all.flatMap(({ host, files }) =>
  files
    .filter(({ path }) => /^\/etc\/otelcol\/.*\.yaml$/.test(path))
    .map(({ path, text }) => ({ of: `${host.id}${path}`, path, config: parse(text) })),
);
const at = (of: string) => configs.find((each) => each.of === of)?.config;

test("every host of a tenancy with a collector has an agent, the collector what gathers, home a gateway", () => {
  const count = (name: string) => configs.filter(({ path }) => path.endsWith(name)).length;
  expect([count("/agent.yaml"), count("/gathering.yaml"), count("/gateway.yaml")]).toEqual([
    all.length,
    registers.places.length,
    1,
  ]);
});

test("no configuration says what the program of its version does not know", () => {
  const [place] = registers.places;
  expect(known.version).toBe(place && programOf("otelcol-contrib", place.trust).version);
  expect(configs.flatMap(({ of, config }) => unknownIn(config).map((unknown) => `${of} ${unknown}`))).toEqual([]);
  expect(unknownIn({ exporters: { "otlp_http/home": { sending_queue: { storrage: "x" } }, loki: {} } })).toEqual([
    "exporters otlp_http sending_queue.storrage",
    "exporters loki",
  ]);
});

test("pipelines are of components that are there, and no component is in none", () => {
  for (const { config } of configs) {
    const used = Object.values(config.service.pipelines as Record<string, Record<string, string[]>>);
    for (const kind of ["receivers", "processors", "exporters"])
      expect([...new Set(used.flatMap((pipeline) => pipeline[kind] ?? []))].sort()).toEqual(
        Object.keys(config[kind]).sort(),
      );
    expect(config.service.extensions).toEqual(Object.keys(config.extensions));
  }
});

test("a collector asks every host of its tenancy, and none of another", () => {
  const { scrape_configs } = at("lumi-production-collector/etc/otelcol/gathering.yaml").receivers.prometheus.config;
  const [job] = scrape_configs.filter(({ job_name }: { job_name: string }) => job_name === "host");
  const hosts = registers.places.find(({ id }) => id === "lumi-production")?.hosts.map(({ id }) => id);
  expect(job.static_configs.map(({ labels }: { labels: Record<string, string> }) => labels.host)).toEqual(hosts);
});

test("queues are on the disk, as large as what comes in the outage, and their files fit on the volume", () => {
  for (const place of registers.places) {
    const host = place.hosts.find(({ roles }) => roles.includes("collector"));
    const { exporters, extensions } = at(`${host?.id}/etc/otelcol/gathering.yaml`);
    const [said] = place.collectors;
    const bytes = ((said?.said.survives.seconds ?? 0) * (said?.said.at.bitsPerSecond ?? 0)) / 8;
    expect(exporters["otlp_http/home"].sending_queue).toMatchObject({
      queue_size: bytes,
      storage: "file_storage/queue",
    });
    const { directory, max_size } = extensions["file_storage/queue"];
    const [volume] = host?.volumes ?? [];
    expect(directory.startsWith(`/srv/${volume?.name}/`)).toBe(true);
    expect(2 * max_size).toBeLessThanOrEqual((volume?.size.gib ?? 0) * 2 ** 30);
    expect(max_size).toBeGreaterThan(1.25 * bytes);
  }
});

test("what is asked through TLS is held against the name of the service, and our root", () => {
  const probes = registers.telemetry.probes.filter(({ name }) => name !== undefined);
  expect(probes.length).toBeGreaterThan(5);
  for (const { service, name, place } of probes) expect(name).toBe(`${service}.${place.name}.${place.site.dns}`);
});
