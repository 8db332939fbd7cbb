import { bastion, cluster, ingress, proxy } from "../../../constructs/specs";
import { gather } from "../../../model/gather";
import type { Component } from "../../../model/site/component";
import { type Need, type Service, tcp, udp } from "../../../model/site/need";
import { gib, mib } from "../../../model/vocabulary";
import { north, saying, tenancy } from "../platform";

const at = "north.production.runs.thing.services.web.entrance";
const image = `registry.example.org/it:1.0.0@sha256:${"0".repeat(64)}`;
const web: Service = {
  service: "web",
  on: { workload: "web" },
  traffic: tcp(8000),
  auth: "tls+token",
  ownTrust: true,
  entrance: { ingress: "ingress" },
};

interface Told {
  readonly more?: readonly Component[];
  readonly from?: Extract<Need, { need: "flow" }>["from"];
  readonly environment?: "production" | "experiments";
}

/** What is told of a service that is entered by an ingress, and that somebody looks at. */
function told(
  is: Partial<Service> = {},
  { more = [ingress()], from = { outside: "front-ends" }, environment }: Told = {},
) {
  const space = { namespace: "space", quota: { milliCpu: 1000, memory: gib(2), pods: 10 }, why: "tests" };
  const thing = saying({
    namespaces: [{ ...space, ...(environment ? { environment } : {}) }],
    workloads: [
      {
        workload: "web",
        namespace: "space",
        runs: { kind: "Deployment", replicas: 1 },
        containers: [{ name: "it", image, milliCpu: 100, memory: mib(128) }],
        why: "tests",
      },
    ],
    services: [{ ...web, ...is }],
    needs: [{ need: "flow", from, to: { service: "web" }, why: "w" }],
  });
  const runs = [bastion(), proxy(), cluster({ servers: 1, workers: 1 }), ...more, thing];
  return gather([north({ production: tenancy({ runs }) })]).problems.map(
    ({ path, value, allowed, fix }) => `${path} | ${JSON.stringify(value)} | ${allowed} | ${fix}`,
  );
}

test("what can be entered is told nothing", () => expect(told()).toEqual([]));

describe("a service is not entered", () => {
  test("by an ingress that is not there", () => {
    expect(told({}, { more: [] })).toEqual([
      `${at} | "ingress" | an ingress of north.production: nothing | add ingress()`,
    ]);
    expect(told({ entrance: { ingress: "ingres" } })).toEqual([
      `${at} | "ingres" | an ingress of north.production: ingress | did you mean "ingress"?`,
    ]);
  });
  test("by what is none: on hosts, or on pods for which no node listens", () => {
    const plain: Service = { service: "plain", on: { workload: "web" }, traffic: tcp(9000), auth: "none" };
    const more = [ingress(), saying({ services: [plain] }, "more")];
    for (const name of ["cluster-api", "plain"])
      expect(told({ entrance: { ingress: name } }, { more })).toEqual(
        expect.arrayContaining([`${at} | "${name}" | an ingress of north.production: ingress | add ingress()`]),
      );
  });
  test("without TLS: nobody would know whom its clients want", () =>
    expect(told({ auth: "none" })).toEqual([
      `${at} | "none" | a service that speaks TLS, since an ingress passes it on as it is | let it show a certificate, or relay it`,
    ]));
  test("on hosts", () =>
    expect(told({ on: { role: "bastion" } })).toEqual([
      `${at} | "hosts" | a service on pods of a workload of ours | relay it`,
    ]));
  test("on pods of a chart, whose service has a name of its own", () =>
    expect(told({ on: { workload: "ingress" } })).toEqual([
      `${at} | "ingress" | a service on pods of a workload of ours | relay it`,
    ]));
  test.each([tcp(8000, 8001), udp(8000)])("at %p", (traffic) =>
    expect(told({ traffic })[0]).toContain("| one TCP port, to which an ingress leads | state a service for it"));
  test("and relayed at once", () =>
    expect(told({ entrance: { ingress: "ingress", relay: "proxy" } as never })[0]).toContain("services.web.entrance"));
});

test("whoever shares an address is asked by the service, not by the ingress", () => {
  expect(told({}, { from: { outside: "internet" } })).toEqual([]);
  expect(told({ auth: "tls" }, { from: { outside: "internet" } })[0]).toContain(
    "internet to tcp-30443 of cluster-worker, authentication tls",
  );
});

test("what is relayed to pods has a port of the relay of its own", () =>
  expect(told({ nodePort: 30001, entrance: { relay: "proxy", port: 443 } })).toEqual([
    `${at}.port | 443 | a port of its own on proxy; ingress has this one | choose another, e.g. 444`,
  ]));

test("experiments are entered by the ingress of production, and stay experiments to hosts of the tenancy", () => {
  expect(told({}, { environment: "experiments" })).toEqual([]);
  expect(told({}, { environment: "experiments", from: { role: "bastion" } })[0]).toContain(
    "two ends in one environment",
  );
});

describe("a public name", () => {
  test("is one of a service that is entered by an ingress", () => {
    expect(told({ publicNames: ["maps.example.org"] })).toEqual([]);
    const relayed = { entrance: { relay: "proxy", port: 8443 }, nodePort: 30080, publicNames: ["maps.example.org"] };
    expect(told(relayed)).toEqual([
      `${at.replace("entrance", "publicNames")} | ["maps.example.org"] | names of a service that is entered by an ingress | say entrance: { ingress: "…" }, or leave them out`,
    ]);
  });
  test("leads to one service", () => {
    const more = [
      ingress(),
      saying({ services: [{ ...web, service: "other", publicNames: ["web.production.north.example.org"] }] }, "more"),
    ];
    expect(told({}, { more }).filter((line) => line.includes("of its own"))).toEqual([
      `${at.replace("entrance", "publicNames")} | "web.production.north.example.org" | a name of its own; north.production.runs.more.services.other has this one | rename one of them`,
    ]);
  });
  test("is written in full", () =>
    expect(told({ publicNames: ["maps"] } as never)[0]).toContain(
      "a host name of the internet, in lower case and in full",
    ));
});
