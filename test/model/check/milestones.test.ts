import { bastion, ecflow, proxy } from "../../../constructs/specs";
import { gather } from "../../../model/gather";
import type { Origin } from "../../../model/site/milestone";
import { type Need, tcp } from "../../../model/site/need";
import { network } from "../../../model/vocabulary";
import { north, saying, tenancy } from "../platform";

const at = "north.production.runs.ecflow-prod";
const arrives: Need = { need: "flow", from: { outside: "suppliers" }, to: { service: "thing" }, why: "they bring it" };
const leaves: Need = {
  need: "flow",
  from: { role: "thing" },
  to: { supercomputer: "polaris", nodes: "login", account: "theirs" },
  traffic: tcp(22),
  why: "it is handed on",
};
const asks = (outside: string): Need => ({
  need: "flow",
  from: { role: "ecflow-prod" },
  to: { outside },
  traffic: tcp(443),
  why: "tasks fetch it",
});

/** What is told of a server that waits for something, beside a host at which it may arrive. */
function told(from: unknown, needs: readonly Need[] = [arrives, leaves], fetchesFrom: readonly string[] = []) {
  const milestones = { inputs: { node: "/o/inputs", by: "03:30", what: "inputs", from: from as readonly Origin[] } };
  const thing = saying({
    hosts: [{ name: "thing", roles: ["thing"], subnet: "services", slot: 80, flavor: "small" }],
    services: [
      { service: "thing", on: { role: "thing" }, traffic: tcp(4022), auth: "ssh-key", entrance: { relay: "proxy" } },
    ],
    needs,
  });
  const runs = [bastion(), proxy(), thing, ecflow("prod", { submitsTo: ["polaris"], milestones, fetchesFrom })];
  const outside = { ...north({}).outside, suppliers: network("203.0.113.0/28") };
  return gather([north({ production: tenancy({ runs }) }, { outside } as never)])
    .problems.filter(({ path }) => path.startsWith(at))
    .map(({ path, value, allowed, fix }) => `${path.slice(at.length + 1)} | ${value} | ${allowed} | ${fix}`);
}

const path = "milestones.inputs.from";

test("what arrives at a service and goes on to where jobs run is told nothing", () =>
  expect(told([{ service: "thing" }])).toEqual([]));

test("who fetches begins the flow: from the service, or from the supercomputer", () => {
  const flow = (from: object): Need => ({ need: "flow", from, to: { service: "thing" }, why: "jobs fetch it" }) as Need;
  expect(told([{ service: "thing" }], [arrives, flow({ role: "ecflow-prod" })])).toEqual([]);
  expect(told([{ service: "thing" }], [arrives, flow({ supercomputer: "polaris", nodes: "compute" })])).toEqual([]);
});

test("a service that is not there", () => {
  const [problem] = told([{ service: "thin" }]);
  expect(problem).toMatch(/^milestones\.inputs\.from \| thin \| a service in north\.production: .*thing/);
  expect(problem).toMatch(/did you mean "thing"\?$/);
});

test("a service to which nobody brings anything, or that hands nothing on", () => {
  expect(told([{ service: "thing" }], [leaves])).toEqual([
    `${path} | thing | a service to which something is brought | state who brings it there, by a flow to it`,
  ]);
  expect(told([{ service: "thing" }], [arrives])).toEqual([
    `${path} | thing | a service from which a flow leads to ecFlow prod, or to the supercomputers to which it submits | say where what arrives goes from there, or leave it out`,
  ]);
});

test("what every host does brings nothing", () =>
  expect(told([{ service: "ssh" }])).toEqual([
    `${path} | ssh | a service to which something is brought | state who brings it there, by a flow to it`,
  ]));

test("another tenancy, that nobody has", () =>
  expect(told([{ service: "thing", at: { site: "north", tenancy: "prod" } }])).toEqual([
    `${path} | north.prod | a tenancy: north.production | name one of them`,
  ]));

test("a network outside, with which somebody has to speak", () => {
  expect(told([{ outside: "suppliers" }], [arrives, leaves, asks("suppliers")])).toEqual([]);
  expect(told([{ outside: "suppliers" }])).toEqual([
    `${path} | suppliers | a network with which a flow joins ecFlow prod, or the supercomputers to which it submits | state the flow in the component that fetches from there, or leave it out`,
  ]);
});

test("a host of the internet, that the server's own hosts ask", () => {
  expect(told([{ name: "polytope.example.org" }], undefined, ["polytope.example.org"])).toEqual([]);
  expect(told([{ name: "polytop.example.org" }], undefined, ["polytope.example.org"])).toEqual([
    `${path} | polytop.example.org | a host that its server asks: polytope.example.org | did you mean "polytope.example.org"?`,
  ]);
  expect(told([{ name: "polytope.example.org" }])[0]).toMatch(/add it to fetchesFrom of the server$/);
});

test.each([
  {},
  { servce: "thing" },
  { service: "thing", outside: "suppliers" },
  { name: "polytope" },
  "thing",
])("%j is no origin", (from) => {
  const [problem] = told([from]);
  expect(problem).toContain('{ service: "…" }, { outside: "…" } or { name: "polytope.example.org" }');
});
