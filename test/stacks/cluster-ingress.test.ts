import { relaysOf } from "../../constructs/edge/haproxy";
import { passesOf } from "../../constructs/edge/squid";
import { metAt } from "../../constructs/hosts/names";
import { ingress } from "../../constructs/specs";
import { route } from "../../model/route";
import { type Auth, type Need, type Service, tcp } from "../../model/site/need";
import type { Description } from "../../model/site/specs";
import { saying } from "../model/platform";
import { type Json, namespace, namespaceIn, stackOf, workload } from "./cluster";

const behind = (name: string, auth: Auth = "tls+token", port = 8000): Service => ({
  service: name,
  on: { workload: name },
  traffic: tcp(port),
  auth,
  ownTrust: true,
  entrance: { ingress: "ingress" },
});
const flow = (from: Extract<Need, { need: "flow" }>["from"], service: string): Need => ({
  need: "flow",
  from,
  to: { service },
  why: `${service} is looked at`,
});
const described: Description = {
  namespaces: [namespace("one"), namespace("lab", "experiments")],
  workloads: [workload("maps", "one"), workload("trial", "lab")],
  services: [{ ...behind("maps"), publicNames: ["maps.example.org"] }, behind("trial", "mtls", 8001)],
  needs: [
    flow({ outside: "front-ends" }, "maps"),
    flow({ outside: "operators" }, "trial"),
    flow({ role: "bastion" }, "maps"),
  ],
};
const { stack, gathered } = stackOf(ingress(), saying(described, "trial"));
const { registers } = gathered;
const [place] = registers.places;
if (!place) throw new Error("there is no tenancy");
const all = (type: string): readonly Json[] => Object.values(stack.resource[`kubernetes_${type}`] ?? {});
const release = (Object.values(stack.resource.helm_release ?? {}) as readonly Json[]).find(
  ({ name }) => name === "ingress",
);
const values: Json = JSON.parse(release?.values[0] ?? "{}");
const flowsTo = (service: string) => registers.flows.filter((each) => each.service === service);

test("who asks for the name of a service is led to it, and nobody looks into what is said", () => {
  expect(values.providers.file.content.tcp).toEqual({
    routers: {
      maps: {
        entryPoints: ["websecure"],
        rule: "HostSNI(`maps.production.north.example.org`) || HostSNI(`maps.example.org`)",
        service: "maps",
        tls: { passthrough: true },
      },
      trial: {
        entryPoints: ["websecure"],
        rule: "HostSNI(`trial.production.north.example.org`)",
        service: "trial",
        tls: { passthrough: true },
      },
    },
    services: {
      maps: { loadBalancer: { servers: [{ address: "maps.one.svc.cluster.local:8000" }] } },
      trial: { loadBalancer: { servers: [{ address: "trial.lab.svc.cluster.local:8001" }] } },
    },
  });
});

test("it asks the API nothing, brings no kinds, and has no door but ours", () => {
  expect(values).toMatchObject({
    rbac: { enabled: false },
    service: { enabled: false },
    ingressClass: { enabled: false },
    providers: { kubernetesCRD: { enabled: false }, kubernetesIngress: { enabled: false } },
  });
  expect(release?.skip_crds).toBe(true);
  expect(
    registers.flows.filter(({ from, service }) => from.pods?.workload === "ingress" && service === "cluster-api"),
  ).toEqual([]);
  const ours = all("service_v1").find(({ metadata }) => metadata.name === "ingress");
  expect([ours?.spec.type, ours?.spec.external_traffic_policy, ours?.spec.port[0], ours?.spec.selector]).toEqual([
    "NodePort",
    "Local",
    { name: "port-8443", port: 8443, target_port: "8443", protocol: "TCP", node_port: 30443 },
    { "app.kubernetes.io/name": "traefik", "app.kubernetes.io/instance": "ingress-ingress" },
  ]);
});

test("all come in by one port of the relay, and by one of the nodes, each known to its service in its own way", () => {
  const host = place.hosts.find(({ name }) => name === "proxy");
  const relays = host ? relaysOf(host, registers) : [];
  expect(
    relays.map(({ traffic, targets, port, auths, from }) => [
      traffic.from,
      targets.map(({ name }) => name),
      port,
      auths,
      from.map(({ name }) => name),
    ]),
  ).toEqual([
    [443, ["cluster-worker-1", "cluster-worker-2"], 30443, ["mtls", "tls+token"], ["192.0.2.0/28", "192.0.2.64/28"]],
  ]);
});

describe("policies", () => {
  const peers = (workload: string, direction: "ingress" | "egress"): readonly string[] =>
    all("network_policy_v1")
      .filter(({ metadata }) => metadata.name === workload)
      .flatMap(({ spec }) => (spec[direction] ?? []) as readonly Json[])
      .flatMap(({ ports, from, to }) =>
        ((from ?? to) as readonly Json[]).map((peer) => {
          const { pod_selector: pods, ip_block: block } = peer;
          const who = pods ? Object.values(pods.match_labels).join(" ") : block.cidr;
          return `${ports[0].port} ${who}`;
        }),
      );
  test("let the relay and those of the tenancy in to it, and it to what is behind", () => {
    expect(peers("ingress", "ingress")).toEqual(["8443 10.20.0.10/32", "8443 10.20.0.11/32"]);
    expect(peers("ingress", "egress")).toEqual(["8000 maps", "8001 trial"]);
  });
  test("let nobody else in to that", () => {
    const it = "ingress-ingress traefik";
    const sorted = (workload: string) =>
      peers(workload, "ingress").map((peer) => peer.replace("traefik ingress-ingress", it));
    expect([sorted("maps"), sorted("trial")]).toEqual([[`8000 ${it}`], [`8001 ${it}`]]);
  });
});

test("who is beside it on hosts of the tenancy meets a service by its own name, at the nodes", () => {
  const [inside] = flowsTo("maps").filter(({ from }) => "group" in from && from.group.role === "bastion");
  expect(inside && metAt(inside, place).map(([, name]) => name)).toEqual([
    "cluster-worker-1.production.north.example.org",
    "cluster-worker-2.production.north.example.org",
  ]);
  expect(inside && route(inside).map(({ direction, traffic }) => `${direction} ${traffic.from}`)).toEqual([
    "out 30443",
    "in 30443",
  ]);
});

test("pods of the cluster meet what is behind it without it", () => {
  const needs = [flow({ workload: "trial" }, "maps")].map((need) => ({ ...need, acrossEnvironments: true })) as Need[];
  const { gathered } = stackOf(ingress(), saying({ ...described, needs }, "trial"));
  const met = gathered.registers.flows.filter(({ from, service }) => from.pods && service === "maps");
  expect(met.map(({ from, to, inCluster }) => [from.pods?.workload, to.pods?.workload, inCluster])).toEqual(
    expect.arrayContaining([
      ["trial", "maps", true],
      ["ingress", "maps", true],
    ]),
  );
  expect(met).toHaveLength(2);
});

test("where nothing is behind it, it is told of nothing", () => {
  const { stack: bare } = stackOf(ingress());
  const found = (Object.values(bare.resource.helm_release ?? {}) as readonly Json[]).find(
    ({ name }) => name === "ingress",
  );
  expect(JSON.parse(found?.values[0]).providers.file.content).toEqual({
    tls: { options: { default: { sniStrict: true } } },
  });
});

test("its pods are in a namespace that has room for them, restricted as all", () => {
  const space = place.namespaces.find(({ namespace }) => namespace === "ingress");
  expect([space?.security, space?.quota.pods, values.deployment.replicas]).toEqual(["restricted", 3, 2]);
  expect(namespaceIn(release?.namespace)).toBe("ingress");
});

test("another tenancy's forward proxy lets through to the name of a service at the relay", () => {
  const { gathered: far } = stackOf(ingress(), saying(described, "trial"));
  const [first] = far.registers.flows.filter(({ service, relay }) => service === "maps" && relay);
  const proxy = place.hosts.find(({ name }) => name === "proxy");
  if (!first || !proxy) throw new Error("there is no such flow");
  const group = { place: "elsewhere", role: "client" };
  const party = { group, hosts: [], egress: place.egress, environment: "production" } as const;
  const leaving = { ...first, from: party, proxy: { party: { ...party, hosts: [proxy] }, traffic: tcp(3128) } };
  const passes = passesOf(proxy, place, { ...far.registers, flows: [leaving] });
  expect(passes.map(({ to, port }) => `${to} ${port}`)).toContain("maps.production.north.example.org 443");
});
