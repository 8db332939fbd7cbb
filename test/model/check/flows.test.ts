import { ecflow } from "../../../constructs/ecflow/spec";
import { bastion, proxy } from "../../../constructs/edge/spec";
import { gather } from "../../../model/gather";
import { type FlowNeed, type Service, tcp, udp } from "../../../model/site/need";
import { allocated, network } from "../../../model/vocabulary";
import { north, saying, south, tenancy } from "../platform";

const edge = [bastion(), proxy()];
const flow = (is: Partial<FlowNeed>): FlowNeed => ({
  need: "flow",
  from: { role: "role" },
  to: { outside: "internet" },
  why: "a test",
  ...is,
});
const service = (is: Partial<Service>): Service => ({
  service: "thing",
  on: { role: "role" },
  traffic: tcp(7000),
  auth: "mtls",
  ownTrust: true,
  ...is,
});
const hosts = [{ name: "host", roles: ["role"], subnet: "services" as const, slot: 50, flavor: "small" }];

/** What is wrong with needs and services of a component at `north.production`, beside a sound `south.production`. */
const problemsOf = (needs: readonly FlowNeed[], services: readonly Service[] = [], there: readonly Service[] = []) =>
  gather([
    north({ production: tenancy({ runs: [...edge, saying({ hosts, services, needs })] }) }),
    south({
      production: tenancy({ network: { cidr: "10.36.0.0/20" }, runs: [...edge, saying({ hosts, services: there })] }),
    }),
  ]).problems.map(({ path, value, allowed, fix }) => `${path} | ${JSON.stringify(value)} | ${allowed} | ${fix}`);

const at = "north.production.runs.thing";
const southThere = { site: "south", tenancy: "production" };

describe("an end of a flow that is nothing is refused, with the nearest that is something:", () => {
  test("a role", () => {
    expect(problemsOf([flow({ from: { role: "rule" }, traffic: tcp(1) })])).toEqual([
      `${at} | "rule" | a role in north.production: bastion, proxy, role | did you mean "role"?`,
    ]);
  });
  test("a service", () => {
    expect(problemsOf([flow({ to: { service: "thin" } })], [service({})])).toEqual([
      `${at} | "thin" | a service in north.production: bastion, forward-proxy, relay-metrics, thing, ssh, host-metrics | did you mean "thing"?`,
    ]);
  });
  test("a tenancy", () => {
    expect(problemsOf([flow({ to: { service: "thing", at: { site: "south", tenancy: "test" } } })])).toEqual([
      `${at} | "south.test" | north.production, south.production | name one of them`,
    ]);
  });
  test("an outside network", () => {
    expect(problemsOf([flow({ to: { outside: "operator" }, traffic: tcp(1) })])).toEqual([
      `${at} | "operator" | operators, front-ends, dhcp, metadata, resolvers, ntp, internet | did you mean "operators"?`,
    ]);
  });
  test("a supercomputer, at the option that named it", () => {
    const site = north({ production: tenancy({ runs: [...edge, ecflow("prod", { submitsTo: ["polars"] })] }) });
    expect(gather([site]).problems.map(({ path, fix }) => [path, fix])).toEqual([
      ["north.production.runs.ecflow-prod.submitsTo", 'did you mean "polaris"?'],
    ]);
  });
  test("a forward proxy", () => {
    expect(problemsOf([flow({ through: "backward-proxy", traffic: tcp(1) })])).toEqual([
      `${at} | "backward-proxy" | a service in north.production: bastion, forward-proxy, relay-metrics, ssh, host-metrics | did you mean "forward-proxy"?`,
    ]);
  });
  test("a load balancer", () => {
    expect(problemsOf([flow({ to: { service: "thing" } })], [service({ balancer: "front" })])).toEqual([
      `${at}.services.thing.balancer | "front" | a load balancer of the tenancy: nothing | name one of them`,
    ]);
  });
  test("the hosts of a service", () => {
    expect(problemsOf([], [service({ on: { role: "rule" } })])).toEqual([
      `${at}.services.thing.on | "rule" | a role of the tenancy: bastion, proxy, role | did you mean "role"?`,
    ]);
  });
  test("the bastion and the proxy, without which hosts cannot be reached and get no packages", () => {
    const bare = north({ production: tenancy({ public: {}, runs: [saying({ hosts })] }) });
    expect(gather([bare]).problems.map(({ path, value }) => [path, value])).toEqual([
      ["north.production.runs", "forward-proxy"],
      ["north.production.runs", "bastion"],
    ]);
  });
});

describe("a flow that no rule could let through is refused:", () => {
  test("to a service that is hidden in another tenancy", () => {
    expect(problemsOf([flow({ to: { service: "thing", at: southThere } })], [], [service({})])).toEqual([
      `${at} | "thing" | a service that can be reached from outside its tenancy | give it an entrance`,
    ]);
  });
  test("to hosts without public addresses", () => {
    expect(
      problemsOf([flow({ to: { service: "thing", at: southThere } })], [], [service({ entrance: "own-address" })]),
    ).toEqual([`${at} | "role" | hosts with a public address, since sites meet on these | give host one under public`]);
  });
  test("through a relay without a public address", () => {
    expect(
      problemsOf(
        [flow({ to: { service: "thing", at: southThere } })],
        [],
        [service({ entrance: { relay: "role", port: 7001 } })],
      ),
    ).toEqual([`${at} | "role" | a relay with a public address | give host one under south.production.public`]);
  });
  test("UDP through a relay", () => {
    const there = [service({ entrance: { relay: "proxy" }, traffic: udp(7000) })];
    expect(problemsOf([flow({ to: { service: "thing", at: southThere } })], [], there)).toEqual([
      'south.production.runs.thing.services.thing.entrance.port | "udp-7000" | tcp, which is all that relays carry | say "own-address"',
    ]);
  });
  test("UDP through a forward proxy, also inside a tenancy", () => {
    const needs = [flow({ to: { service: "thing" }, through: "forward-proxy" })];
    expect(problemsOf(needs, [service({ traffic: udp(7000) })])).toEqual([
      `${at} | "udp" | tcp, which is all that a forward proxy carries | leave through out`,
    ]);
  });
  test("through a forward proxy of ours, from somebody else", () => {
    const needs = [flow({ from: { outside: "operators" }, to: { service: "thing" }, through: "forward-proxy" })];
    expect(problemsOf(needs, [service({ entrance: { relay: "proxy" } })])).toEqual([
      `${at} | "forward-proxy" | a proxy only for flows that begin at hosts of ours | leave through out`,
    ]);
  });
  test.each([udp(7000), tcp(7000, 7001)])("%p through a load balancer", (traffic) => {
    const site = north({
      production: tenancy({
        runs: [
          ...edge,
          saying({
            hosts,
            services: [service({ traffic, balancer: "front" })],
            balancers: [{ name: "front", slot: 9 }],
          }),
        ],
      }),
    });
    expect(gather([site]).problems.map(({ path, allowed }) => [path, allowed])).toEqual([
      [`${at}.services.thing`, "one TCP port, which is all that a load balancer passes on"],
    ]);
  });
  test("of two services behind one port of a load balancer", () => {
    const services = [service({ balancer: "front" }), service({ service: "other", balancer: "front" })];
    const site = north({
      production: tenancy({ runs: [...edge, saying({ hosts, services, balancers: [{ name: "front", slot: 9 }] })] }),
    });
    expect(gather([site]).problems.map(({ path, value, allowed }) => [path, value, allowed])).toEqual([
      [`${at}.services.other`, 7000, "a port of its own on front; thing has this one"],
    ]);
  });
  test("to somebody else, without a word about ports", () => {
    expect(problemsOf([flow({})])).toEqual([
      `${at} | undefined | the traffic of a flow to somebody else | say it: traffic: tcp(22)`,
    ]);
  });
  test("from compute nodes that reach nothing", () => {
    const { supercomputer, ...rest } = north({});
    const facts = { ...(supercomputer?.facts as object), nat: undefined };
    const site = {
      ...rest,
      supercomputer: { name: "polaris", facts },
      tenancies: { production: tenancy({ runs: [...edge, ecflow("prod", { submitsTo: ["polaris"] })] }) },
    };
    expect(gather([site]).problems.map(({ allowed }) => allowed)).toEqual([
      "a supercomputer whose compute nodes reach something outside",
    ]);
  });
  test("to a supercomputer at which the environment has no account", () => {
    const { supercomputer, ...rest } = north({});
    const site = {
      ...rest,
      supercomputer: { name: "polaris", facts: { ...(supercomputer?.facts as object), accounts: {} } },
      tenancies: { production: tenancy({ runs: [...edge, ecflow("prod", { submitsTo: ["polaris"] })] }) },
    };
    expect(gather([site]).problems.map(({ path, allowed }) => [path, allowed])).toEqual([
      [
        "north.supercomputer.accounts.production",
        "an account for production, as which north.production.runs.ecflow-prod logs in",
      ],
    ]);
  });
  test("as somebody and as nobody of ours", () => {
    const to = { supercomputer: "polaris", nodes: "login", account: "theirs", as: "thing" } as never;
    expect(problemsOf([flow({ to, traffic: tcp(22) })])[0]).toContain("write one of them");
  });
});

describe("a flow that nobody should open is refused:", () => {
  test("from the internet without a reason", () => {
    const needs = [flow({ from: { outside: "internet" }, to: { service: "thing" }, why: " " })];
    expect(problemsOf(needs, [service({ entrance: { relay: "proxy" } })])).toEqual([
      `${at}.needs.why | " " | a reason for the flow, for reviewers and for whoever opens its other half | write it as text, in quotes`,
    ]);
  });
  test.each(["none", "tls"] as const)("from a source that many share into a service with authentication %s", (auth) => {
    const needs = [flow({ from: { supercomputer: "polaris", nodes: "compute" }, to: { service: "thing" } })];
    expect(problemsOf(needs, [service({ auth, entrance: { relay: "proxy" } })])).toEqual([
      `${at} | "polaris.compute to tcp-7000 of role, authentication ${auth}" | a service that authenticates, since many share the addresses of polaris.compute | let the service ask for a password, a token or a certificate`,
    ]);
  });
  test("between two environments, unless it says so", () => {
    const site = (needs: Partial<FlowNeed>) =>
      north({
        production: tenancy({ runs: edge }),
        test: tenancy({
          environment: "test",
          network: { cidr: "10.36.0.0/20" },
          runs: [
            ...edge,
            saying({
              hosts,
              needs: [
                { ...flow({ to: { service: "bastion", at: { site: "north", tenancy: "production" } } }), ...needs },
              ],
            }),
          ],
        }),
      });
    expect(gather([site({})]).problems.map(({ value, fix }) => [value, fix])).toEqual([
      ["north-test to north-production", "say acrossEnvironments: true in the need, if it is meant"],
    ]);
    expect(gather([site({ acrossEnvironments: true })]).problems).toEqual([]);
  });
});

describe("ports", () => {
  test.each([tcp(0), tcp(65536), tcp(20, 10), tcp(1.5)])("%p is none", (traffic) => {
    expect(problemsOf([], [service({ traffic })]).map((problem) => problem.split(".traffic")[0])).toContain(
      `${at}.services.thing`,
    );
  });

  test("of a relay are its own or one service's; the fix names a free one", () => {
    const services = [
      service({ entrance: { relay: "proxy" } }),
      service({ service: "other", entrance: { relay: "proxy" } }),
      service({ service: "third", traffic: tcp(3128), entrance: { relay: "proxy" } }),
    ];
    expect(problemsOf([], services)).toEqual([
      `${at}.services.other.entrance.port | 7000 | a port of its own on proxy; thing has this one | choose another, e.g. 7001`,
      `${at}.services.third.entrance.port | 3128 | a port of its own on proxy; forward-proxy has this one | choose another, e.g. 3129`,
    ]);
  });
  test.each([
    [22, "ssh"],
    [9100, "host-metrics"],
  ])("%p of a relay are those of every host: %p", (port, taken) => {
    expect(problemsOf([], [service({ entrance: { relay: "proxy", port } })])).toEqual([
      `${at}.services.thing.entrance.port | ${port} | a port of its own on proxy; ${taken} has this one | choose another, e.g. ${port + 1}`,
    ]);
  });
});

test("a grant that no flow needs is refused, with the nearest that one does", () => {
  const is = {
    grants: { "polaris.logon": { state: "granted" as const, ticket: "T-1" } },
    runs: [...edge, ecflow("prod", { submitsTo: ["polaris"] })],
  };
  expect(gather([north({ production: tenancy(is) })]).problems).toEqual([
    {
      path: "north.production.grants.polaris.logon",
      value: "polaris.logon",
      allowed: "what flows of the tenancy need: polaris.login, polaris.compute",
      fix: 'did you mean "polaris.login"?',
    },
  ]);
});

test("a host of its own address may be reached at it", () => {
  const is = { public: { bastion: allocated, proxy: allocated, host: allocated } };
  const site = north(
    {
      production: tenancy({
        ...is,
        runs: [
          ...edge,
          saying({
            hosts,
            services: [service({ entrance: "own-address" })],
            needs: [flow({ from: { outside: "friends" }, to: { service: "thing" } })],
          }),
        ],
      }),
    },
    { outside: { operators: network("192.0.2.0/28"), friends: network("192.0.2.32/28") } },
  );
  expect(gather([site]).problems).toEqual([]);
});
