import { polytope } from "../../../constructs/specs";
import { gib } from "../../../model/vocabulary";
import { flowsOf, layout, said } from "../../model/platform";
import { asking, cutting, image, jumping, options, platform } from "./platform";

const at = "north.production.runs.polytope";
const problemsOf = (is: object) => said(polytope({ ...options, ...is } as typeof options)).problems;

test("pods, of which one is met from outside, and whom each of them meets", () => {
  const { description, problems } = said(polytope(options));
  expect(problems).toEqual([]);
  expect(
    description.workloads?.map(
      ({ workload, runs }) => `${workload} ${runs.kind} ${"replicas" in runs && runs.replicas}`,
    ),
  ).toEqual([
    "polytope Deployment 2",
    "polytope-frontend Deployment 1",
    "polytope-fdb-worker Deployment 2",
    "polytope-bobs Deployment 1",
  ]);
  expect(description.services?.filter(({ entrance }) => entrance).map(({ service, auth }) => [service, auth])).toEqual([
    ["polytope", "tls+token"],
  ]);
  expect(flowsOf(description)).toEqual([
    "internet -> polytope",
    "polytope -> polytope-api",
    "polytope -> polytope-bobs",
    "polytope-frontend -> auth-o-tron",
    "polytope-fdb-worker -> polytope-broker",
    "polytope-fdb-worker -> polytope-bobs",
  ]);
});

test("on a platform with what it needs, nothing is wrong: it is found by its name, and known by its certificate", () => {
  const { told, registers } = platform();
  expect(told).toEqual([]);
  const shown = registers.certificates.find(({ id }) => id === "north-production-polytope");
  expect(shown?.names).toEqual([
    "polytope.production.north.example.org",
    "polytope.example.org",
    "polytope.polytope.svc",
    "polytope.polytope.svc.cluster.local",
  ]);
  const known = registers.secrets.find(({ id }) => id === "north-production/auth-o-tron/jwt");
  expect(known?.pods.map(({ workload, variable }) => [workload, variable])).toEqual([
    ["polytope-frontend", "AUTH_SECRET"],
  ]);
});

test("a certificate that strangers trust is a secret that people bring", () => {
  const { told, registers } = platform({ certificate: "brought" });
  expect(told).toEqual([]);
  expect(registers.certificates.some(({ service }) => service === "polytope")).toBe(false);
  const brought = registers.secrets.find(({ id }) => id === "north-production/polytope/certificate");
  expect(brought?.pods.map(({ workload, file }) => [workload, file])).toEqual([
    ["polytope", "/run/tls/tls.crt"],
    ["polytope", "/run/tls/tls.key"],
  ]);
});

test("its pods are asked, each, and what rings is of what they tell", () => {
  const { registers } = platform();
  const mine = registers.telemetry.scrapes.filter(({ because }) => because === at);
  expect(mine.map(({ scrape, pods, port }) => [scrape, pods?.workload, port])).toEqual([
    ["polytope-frontend", "polytope-frontend", 9090],
    ["polytope-fdb-worker", "polytope-fdb-worker", 9090],
    ["polytope-bobs", "polytope-bobs", 9464],
  ]);
  const rings = registers.signals.filter(({ because, signal }) => because === at && /^polytope_/.test(signal));
  expect(rings.map(({ signal }) => signal)).toEqual([
    "polytope_unserved_requests",
    "polytope_broker_dispatcher_queue_depth",
    "polytope_failed_ratio",
    "polytope_spool_gibibytes",
  ]);
  const of = (is: object) =>
    Object.fromEntries(
      (said(polytope({ ...options, ...is })).description.needs ?? []).flatMap((need) =>
        need.need === "signal" ? [[need.signal, need.thresholds]] : [],
      ),
    );
  expect(of({ queue: 100 }).polytope_broker_dispatcher_queue_depth).toEqual({
    warning: { above: 25 },
    critical: { above: 75 },
  });
  expect(of({ spool: { size: gib(50), on: "node" } }).polytope_spool_gibibytes).toEqual({
    warning: { above: 40 },
    critical: { above: 47.5 },
  });
});

describe("results lie", () => {
  test("on a disk of a node, as much as is said", () => {
    const [spool] = said(polytope(options)).description.workloads?.slice(-1) ?? [];
    expect([spool?.containers[0]?.scratchSize, spool?.user]).toEqual([gib(20), 10001]);
  });
  test("or on a volume, where the cluster gives some", () => {
    const spool = { size: gib(100), on: "volume" };
    expect(platform({ spool }, { volumes: true }).told).toEqual([]);
    expect(platform({ spool }).told).toEqual([
      `${at}.workloads.polytope-bobs.runs | "StatefulSet" | a cluster that gives volumes to pods | say cloud: true of cluster(), or keep its data elsewhere`,
    ]);
  });
});

describe("collections stand on the FDB of the tenancy, whose layout", () => {
  const toldOf = (serves: object, more: object = {}) =>
    platform({ collections: { all: { serves } } }, { fields: more }).told;
  const is = `${at}.collections.all.serves`;
  const its = "north.production.runs.fdb.layout";
  test("has their keys", () => {
    expect(toldOf({ class: ["d1"], levtype: ["sfc", "pl"] })).toEqual([]);
    expect(toldOf({ class: ["d1"], stream: ["oper"] })).toEqual([
      `${is}.stream | "stream" | a key of ${its}: class, date, levtype, levelist, param | leave it out, or lay fields out by it in a new FDB`,
    ]);
  });
  test("has their values", () =>
    expect(toldOf({ class: ["d1", "od"] })).toEqual([
      `${is}.class | "od" | a value that ${its} has of it: d1 | did you mean "d1"?`,
    ]));
  test("has them together", () => {
    const [rule] = layout.rules;
    const of = (value: string, levtype: string) => ({
      ...rule,
      dataset: { class: { is: [value] } },
      collocation: { levtype: { is: [levtype] } },
    });
    const two = { layout: { rules: [of("d1", "sfc"), of("rd", "pl")] } };
    expect(toldOf({ class: ["d1"], levtype: ["sfc"] }, two)).toEqual([]);
    expect(toldOf({ class: ["d1", "rd"], levtype: ["pl"] }, two)).toEqual([
      `${is} | "class=d1,levtype=pl" | values that a rule of ${its} has together | state them in a collection of their own, or leave one of them out`,
    ]);
  });
  test("is read by its workers, which it names", () =>
    expect(platform({}, { fields: { clients: [{ role: "cluster-worker" }] } }).told).toEqual([
      `${at} | "polytope-fdb-worker" | a client of the FDB, which lets in nobody else | add { workload: "polytope-fdb-worker" } to north.production.runs.fdb.clients`,
    ]));
  test("is there", () =>
    expect(platform({}, { fields: null }).told).toContain(
      `${at} | "fdb" | an FDB of north.production: nothing | add fdb()`,
    ));
});

describe("roles of a collection are held against who vouches", () => {
  const toldOf = (roles: object, is: object = {}) =>
    platform({ collections: { all: { serves: { class: ["d1"] }, roles } }, ...is }).told;
  const its = "north.production.runs.auth-o-tron";
  test("for realms, and for roles of its accounts", () => {
    expect(toldOf({ people: ["whoever"], platform: ["robots"] })).toEqual([]);
    expect(toldOf({ peple: ["reader"], platform: ["robot"] })).toEqual([
      `${at}.collections.all.roles.peple | "peple" | a realm of ${its}: people, platform | did you mean "people"?`,
      `${at}.collections.all.roles.platform | "robot" | a role of an account of ${its}.accounts: robots | did you mean "robots"?`,
    ]);
  });
  test("whom it asks; of another service nobody knows any", () => {
    const asks = { service: "another", secret: "auth-o-tron/jwt", key: "secret" };
    expect(toldOf({ desp: ["reader"] }, { asks })).toEqual([expect.stringContaining(`${at}.asks | "another"`)]);
  });
});

test("without who vouches for users it is refused", () => {
  const { told } = platform({}, { more: [] });
  expect(told.map((line) => line.split(" | ").slice(0, 2).concat(line.split(" | ").slice(-1)))).toEqual([
    [`${at}.asks`, '"auth-o-tron"', "add what vouches for users, auth-o-tron"],
    [`${at}.needs.auth-o-tron/jwt`, '"auth-o-tron/jwt"', "state it, with its writer"],
  ]);
});

describe("refused, where it stands:", () => {
  test.each([
    ["tags that no id has room for", { tags: { site: "lumi", env: "P" } }, ['tags.site "lumi"', 'tags.env "P"']],
    ["an image without its digest", { images: { ...options.images, spool: "bobs:1" } }, ['images.spool "bobs:1"']],
    [
      "an address that is an URL",
      { address: "https://polytope.example.org" },
      ['address "https://polytope.example.org"'],
    ],
    ["no collection", { collections: {} }, ["collections {}"]],
    ["a collection of everything", { collections: { all: { serves: {} } } }, ["collections.all.serves {}"]],
    [
      "a key that MARS has not",
      { collections: { all: { serves: { clas: ["d1"] } } } },
      ['collections.all.serves.clas "clas"'],
    ],
    [
      "an age that would be minutes",
      { collections: { all: { serves: { class: ["d1"] }, dates: ["> 1 month"] } } },
      ['collections.all.dates "> 1 month"'],
    ],
    [
      "features that nobody cuts",
      { collections: { all: { serves: { class: ["d1"] }, as: "features" } } },
      ['collections.all.as "features"'],
    ],
    ["workers without an image", { features: cutting }, ["images.features undefined"]],
    [
      "a transformation that there is not",
      {
        images: { ...options.images, features: image("fe") },
        features: {
          ...cutting,
          options: { ...cutting.options, axis_config: [{ axis_name: "step", transformations: [{ name: "revers" }] }] },
        },
      },
      ['features.options.axis_config.transformations.name {"name":"revers"}'],
    ],
    ["a key that nobody reads", { retry_after_secs: 5 }, ["retry_after_secs 5"]],
    ["more workers than fit", { workers: 51 }, ["workers 51"]],
  ])("%s", (_, is, problems) => expect(problemsOf(is)).toEqual(problems));

  test("GribJump that nobody offers", () => {
    const is = { features: cutting, images: { ...options.images, features: image("fe") } };
    expect(platform(is, { more: [asking, jumping] }).told).toEqual([]);
    expect(platform(is).told.map((line) => line.split(" | ").slice(0, 2))).toEqual([[at, '"gribjump"']]);
  });
});
