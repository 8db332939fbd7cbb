import { ecflow } from "../../../constructs/ecflow/spec";
import { days, hours } from "../../../model/vocabulary";
import { flowsOf, hostsOf, said, servicesOf } from "../../model/platform";

const metrics = "ecflow-prod-metrics on ecflow-prod tcp-9810 none";

test("one line is a server with a volume for ECF_HOME that is kept, and TLS with passwords", () => {
  const { description, problems } = said(ecflow("prod"));
  expect(hostsOf(description)).toEqual(["ecflow-prod ecflow-prod services/60 medium home:100 GiB:keep"]);
  expect(servicesOf(description)).toEqual(["ecflow-prod on ecflow-prod tcp-3141 tls+password", metrics]);
  expect(flowsOf(description)).toEqual([]);
  expect(problems).toEqual([]);
});

test("a standby stands on another hypervisor, beside it, and asks the server for what it knows", () => {
  const { description } = said(ecflow("prod", { standby: true }));
  expect(hostsOf(description)).toEqual([
    "ecflow-prod ecflow-prod services/60 medium home:100 GiB:keep",
    "ecflow-prod-standby ecflow-prod services/61 medium home:100 GiB:keep",
  ]);
  expect(description.hosts?.map(({ apart }) => apart)).toEqual([
    { group: "ecflow-prod", policy: "anti-affinity" },
    { group: "ecflow-prod", policy: "anti-affinity" },
  ]);
  expect(flowsOf(description)).toEqual(["ecflow-prod -> ecflow-prod"]);
});

test("of server and standby one waits, and which is said by nobody but the site file", () => {
  const waiting = (standby: boolean | "promoted") =>
    said(ecflow("prod", { standby }))
      .description.hosts?.filter(({ waits }) => waits)
      .map(({ name }) => name);
  expect([waiting(false), waiting(true), waiting("promoted")]).toEqual([[], ["ecflow-prod-standby"], ["ecflow-prod"]]);
  expect(said(ecflow("prod", { standby: "promote" } as never)).problems).toEqual(['standby "promote"']);
});

test("without a standby is in its group all the same, so that a standby can come", () => {
  expect(said(ecflow("prod")).description.hosts?.map(({ apart }) => apart)).toEqual([
    { group: "ecflow-prod", policy: "anti-affinity" },
  ]);
});

test("jobs go out by SSH and report back through the proxy", () => {
  const { description } = said(
    ecflow("prod", {
      submitsTo: ["polaris"],
      users: { operators: { is: "team", from: ["front-ends"], why: "watch" } },
      relayPort: 3142,
    }),
  );
  expect(flowsOf(description)).toEqual([
    "ecflow-prod -> polaris.login tcp-22",
    "polaris.compute -> ecflow-prod",
    "front-ends -> ecflow-prod",
  ]);
  expect(description.services?.[0]?.entrance).toEqual({ relay: "proxy", port: 3142, option: "relayPort" });
});

test.each([80, 1023, 49151, 3141.5, "3141"])("ecFlow refuses port %p, and so do we", (port) => {
  const { problems, description } = said(ecflow("prod", { port } as never));
  expect(problems).toEqual([`port ${JSON.stringify(port)}`]);
  expect(servicesOf(description)).toEqual(["ecflow-prod on ecflow-prod tcp-3141 tls+password", metrics]);
});

test("a user is not named as the server's own accounts are, nor as what the white list reads otherwise", () => {
  const user = { is: "person", why: "runs" } as const;
  for (const name of ["probe", "ecflow", "-jane", "*", "Jane", "a b"])
    expect(said(ecflow("prod", { users: { [name]: user } })).problems).toEqual([
      `users.${name} ${JSON.stringify(name)}`,
    ]);
  expect(said(ecflow("prod", { users: { jane: { ...user, paths: ["/o", "o", "/o/*"] } } })).problems).toEqual([
    'users.jane.paths "o"',
    'users.jane.paths "/o/*"',
  ]);
});

test("each user has a password of its own, and comes from where it is said to come", () => {
  const users = {
    jane: { is: "person", why: "runs" },
    prepifs: { is: "front-end", from: ["front-ends"], paths: ["/o"], why: "submits" },
  } as const;
  const { description } = said(ecflow("prod", { users }));
  expect(description.secrets?.[0]?.keys).toEqual(["ecflow", "probe", "jane", "prepifs"]);
  expect(flowsOf(description)).toEqual(["front-ends -> ecflow-prod"]);
});

describe("copies at another site", () => {
  const copies = { at: { site: "south", tenancy: "production" }, endpoint: "object.example.org" };
  const { description, problems } = said(ecflow("prod", { standby: true, copies }));
  test("both hosts say where, and each reads both halves of the key by its account", () => {
    expect(problems).toEqual([]);
    expect(description.hosts?.map(({ volumes }) => volumes?.[0]?.backup)).toEqual([copies.at, copies.at]);
    const secret = description.secrets?.find(({ secret }) => secret === "ecflow/prod-copies");
    expect(secret?.keys).toEqual(["access-key", "secret-key"]);
    const files = description.needs?.flatMap((each) =>
      each.need === "secret" && each.secret === "ecflow/prod-copies" ? [`${each.file} ${each.owner}`] : [],
    );
    expect(files).toEqual([
      "/etc/platform/ecflow-prod-copies/access-key ecflow-copies",
      "/etc/platform/ecflow-prod-copies/secret-key ecflow-copies",
    ]);
  });
  test("go through the forward proxy, which lets that name through", () =>
    expect(description.needs).toContainEqual(
      expect.objectContaining({ through: "forward-proxy", names: ["object.example.org"], option: "copies" }),
    ));
  test("are kept for a month there unless something else is said, and a day at least", () => {
    const kept = (is: object) => {
      const { description, problems } = said(ecflow("prod", { copies: { ...copies, ...is } }));
      return problems[0] ?? description.ecflow?.[0]?.copies?.kept?.seconds;
    };
    expect([kept({}), kept({ kept: days(7) })]).toEqual([30 * 86400, 7 * 86400]);
    expect(kept({ kept: hours(23) })).toMatch(/^copies\.kept /);
  });
  test("have a host, and no address of the web", () =>
    expect(said(ecflow("prod", { copies: { ...copies, endpoint: "https://object.example.org" } })).problems).toEqual([
      'copies.endpoint "https://object.example.org"',
    ]));
});

test("programs ask by HTTPS and tokens where that is wanted", () => {
  const { description, problems } = said(ecflow("prod", { rest: { from: ["front-ends"] } }));
  expect(problems).toEqual([]);
  expect(servicesOf(description)).toEqual([
    "ecflow-prod on ecflow-prod tcp-3141 tls+password",
    metrics,
    "ecflow-prod-rest on ecflow-prod tcp-8443 tls+token",
  ]);
  expect(flowsOf(description)).toEqual(["front-ends -> ecflow-prod-rest"]);
  expect(description.secrets?.map(({ secret }) => secret)).toEqual(["ecflow/prod", "ecflow/prod-rest"]);
});

describe("milestones", () => {
  const forecast = { node: "/dte/main/forecast", by: "06:30", what: "the forecast" };
  const problemsOf = (name: string, changed: object) =>
    said(ecflow("prod", { milestones: { [name]: { ...forecast, ...changed } } })).problems;

  test("are stated of a server, by name", () => {
    const urgent = { ...forecast, critical: "07:30" };
    const { description, problems } = said(ecflow("prod", { milestones: { "forecast-complete": urgent } }));
    expect([description.ecflow?.[0]?.milestones, problems]).toEqual([
      { "forecast-complete": { ...urgent, from: [] } },
      [],
    ]);
    expect(said(ecflow("prod")).description.ecflow?.[0]?.milestones).toEqual({});
  });
  test("tell who brings what they wait for, when they ring", () => {
    const from = [{ service: "mover" }, { name: "polytope.example.org" }];
    const { description } = said(ecflow("prod", { milestones: { inputs: { ...forecast, from } } }));
    const whats = description.needs?.flatMap((need) => (need.need === "signal" ? [need.what] : []));
    expect(whats).toContain("the forecast (by mover, polytope.example.org)");
  });
  test.each([
    ["forecast", { node: "dte/main" }, 'milestones.forecast.node "dte/main"'],
    ["forecast", { node: "/dte/main/" }, 'milestones.forecast.node "/dte/main/"'],
    ["forecast", { by: "6:30" }, 'milestones.forecast.by "6:30"'],
    ["forecast", { by: "24:00" }, 'milestones.forecast.by "24:00"'],
    ["forecast", { what: "" }, 'milestones.forecast.what ""'],
    ["forecast", { critical: "06:30" }, 'milestones.forecast.critical "06:30"'],
    ["forecast", { critical: "00:30" }, 'milestones.forecast.critical "00:30"'],
    ["Forecast Complete", {}, 'milestones.Forecast Complete "Forecast Complete"'],
  ])("%s with %p is none", (name, changed, problem) => {
    expect(problemsOf(name, changed)).toEqual([problem]);
  });
});

test("what its tasks fetch from others leaves through the forward proxy, by name", () => {
  const { description, problems } = said(ecflow("prod", { fetchesFrom: ["polytope.example.org"] }));
  expect(description.needs?.filter((need) => need.need === "flow" && need.names)).toEqual([
    expect.objectContaining({
      from: { role: "ecflow-prod" },
      through: "forward-proxy",
      names: ["polytope.example.org"],
    }),
  ]);
  expect(problems).toEqual([]);
  expect(said(ecflow("prod", { fetchesFrom: ["https://polytope.example.org"] })).problems).toHaveLength(1);
});

test("its exporter listens at another port, if it is told to", () => {
  const { description } = said(ecflow("prod", { metricsPort: 9811 }));
  expect(servicesOf(description)[1]).toBe("ecflow-prod-metrics on ecflow-prod tcp-9811 none");
  expect(said(ecflow("prod", { metricsPort: 80 })).problems).toEqual(["metricsPort 80"]);
});
