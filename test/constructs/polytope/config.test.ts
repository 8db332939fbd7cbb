import { parse } from "yaml";
import { askingFdb } from "../../../constructs/fdb/client";
import { entranceConf } from "../../../constructs/polytope/entrance";
import { retrieving } from "../../../constructs/polytope/pod";
import type { StatedWorkload } from "../../../model/site/workload";
import { minutes } from "../../../model/vocabulary";
import { featuresWorker, fieldsWorker, frontend, spool } from "./options";
import { asking, cutting, image, jumping, options, platform } from "./platform";

const whole = {
  features: cutting,
  images: { ...options.images, features: image("fe-worker") },
  collections: {
    all: { serves: { class: ["d1"] }, roles: { people: ["reader", "writer"] }, dates: ["> 1d", "< 30d"] },
    points: { serves: { class: ["d1"], levtype: ["sfc"] }, as: "features" },
  },
  support: "https://help.example.org",
  kept: minutes(20),
};
const { place, told } = platform(whole, { more: [asking, jumping] });
const containerOf = (name: string) => {
  const found = place.workloads.find(({ said }) => said.workload === name)?.said as StatedWorkload;
  const [container] = retrieving(askingFdb(found, place), place).containers;
  if (!container) throw new Error(name);
  return container;
};
const fileOf = (name: string, path: string) => parse(containerOf(name).files[path] ?? "");
const rendered = {
  frontend: fileOf("polytope-frontend", "/etc/polytope/config.yaml"),
  fields: fileOf("polytope-fdb-worker", "/etc/worker/config.yaml"),
  features: fileOf("polytope-fe-worker", "/etc/worker/config.yaml"),
  spool: fileOf("polytope-bobs", "/etc/bobs/config.yaml"),
};

test("all of it is sound", () => expect(told).toEqual([]));

describe("files say nothing that programs do not read", () => {
  test.each([
    ["the frontend", frontend, rendered.frontend],
    ["a worker for fields", fieldsWorker, rendered.fields],
    ["a worker for features", featuresWorker, rendered.features],
    ["the spool", spool, rendered.spool],
  ])("%s", (_, schema, said) => expect(schema.parse(said)).toEqual(said));

  test("what they do not read is found", () => {
    const { bits, ...others } = rendered.frontend;
    // As its README has it.
    const beside = { ...others, bits: { targets: bits.targets }, collections: bits.collections };
    const roles = structuredClone(rendered.frontend);
    roles.bits.collections.all[0].all[0] = { "check::has_role": { roles: { people: ["reader"] } } };
    const target = structuredClone(rendered.frontend);
    target.bits.collections.all[0].all.push("target::nobody");
    for (const wrong of [beside, roles, target, { ...rendered.frontend, polytope: { site: "north", env: "prd" } }])
      expect(frontend.safeParse(wrong).success).toBe(false);
    expect(fieldsWorker.safeParse({ ...rendered.fields, fdb: { ...rendered.fields.fdb, hots: "x" } }).success).toBe(
      false,
    );
    expect(spool.safeParse({ ...rendered.spool, read_ttl_secs: 1 }).success).toBe(false);
    const features = structuredClone(rendered.features);
    features.polytope.options.axis_config[0].transformations[0].kind = "int";
    expect(featuresWorker.safeParse(features).success).toBe(false);
  });
});

test("a request is let in by who asks, put in words of MARS, held against the collection, and handed to its pool", () => {
  expect(rendered.frontend.bits.collections).toEqual({
    all: [
      {
        all: [
          { "check::has_role": { people: ["reader", "writer"] } },
          { "transform::metkit_expansion": {} },
          { "check::match": { class: ["d1"] } },
          { "check::date_checker": { allowed_values: ["> 1d", "< 30d"] } },
          "target::fdb",
        ],
      },
    ],
    points: [
      {
        points: [
          { "transform::metkit_expansion": {} },
          { "check::match": { class: ["d1"], levtype: ["sfc"] } },
          "target::features",
        ],
      },
    ],
  });
  expect(rendered.frontend.authentication).toEqual({
    url: "http://auth-o-tron.login.svc.cluster.local:8080",
    timeout_ms: 5000,
    allow_anonymous: false,
  });
});

test("workers ask the broker of the frontend for work of their pool", () => {
  const { args, env } = containerOf("polytope-fdb-worker");
  expect(args).toEqual(["--broker-url", "http://polytope-broker.polytope.svc.cluster.local:9001/fdb"]);
  expect(env.POLYTOPE_WORKER_POOL).toBe("fdb");
  expect(containerOf("polytope-fe-worker").args?.[1]).toBe(
    "http://polytope-broker.polytope.svc.cluster.local:9001/features",
  );
  expect(Object.keys(rendered.frontend.bits.targets)).toEqual(["fdb", "features"]);
  // Without it the frontend does not begin.
  expect(containerOf("polytope-frontend").address).toBe("POD_IP");
});

test("workers read the FDB of the tenancy, by its address and its layout", () => {
  expect(rendered.fields.fdb).toEqual({
    type: "remote",
    host: "10.20.8.10",
    port: 10000,
    engine: "remote",
    store: "remote",
    schema: "/etc/platform/fdb/schema",
    preferSingleConnection: true,
  });
  expect(containerOf("polytope-fdb-worker").files[rendered.fields.fdb.schema]).toContain("[ class=d1, date");
  const apart = platform({}, { fields: { dataPorts: { from: 40000, to: 40099 } } });
  const worker = apart.place.workloads.find(({ said }) => said.workload === "polytope-fdb-worker")
    ?.said as StatedWorkload;
  const text = retrieving(worker, apart.place).containers[0]?.files["/etc/worker/config.yaml"] ?? "";
  expect(parse(text).fdb).not.toHaveProperty("preferSingleConnection");
});

test("features are cut by GribJump beside each store", () =>
  expect(rendered.features.polytope.gribjump_config.servermap).toEqual([
    { fdb: "10.20.8.11:10000", gribjump: "10.20.8.11:10001" },
    { fdb: "10.20.8.12:10000", gribjump: "10.20.8.12:10001" },
  ]));

test("BOBS sends clients to the way in, which knows where that leads", () => {
  expect(rendered.spool).toMatchObject({
    host_prefix: "polytope",
    domain: "example.org",
    route_name: "download",
    read_idle_ttl_secs: 1200,
    max_spool_bytes: 8 * 2 ** 30,
  });
  const conf = entranceConf("#", "polytope.example.org");
  expect(conf).toContain("location ~ ^/download-0/(?:api/v1/read/)?(?<key>[0-9A-Za-z-]+)$ {");
  expect(conf).toContain("upstream spool { server polytope-bobs.polytope.svc.cluster.local:3000;");
  expect(conf).toContain("upstream frontend { server polytope-api.polytope.svc.cluster.local:3000;");
  const { env, scratch } = containerOf("polytope-bobs");
  expect(env.HOSTNAME).toMatch(/-0$/);
  expect(scratch).toEqual([rendered.spool.data_dir]);
});

test("what is none of its workloads stays as it is", () => {
  const other = place.workloads.find(({ said }) => said.workload === "cluster-collector")?.said as StatedWorkload;
  expect(retrieving(other, place)).toEqual(other);
});
