import fc from "fast-check";
import { type Need, tcp } from "../../model/site/need";
import { type Cidr, contains } from "../../model/words/address";
import { saying } from "../model/platform";
import { type Json, namespaceIn, pods, services, stackOf } from "./cluster";
import type { Stack } from "./synthesis";

// What becomes of a packet, from what Kubernetes says of NetworkPolicies. Shares no code with what made them.

interface End {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly address?: string;
}

class Judge {
  private readonly policies: readonly Json[];

  constructor(stack: Stack) {
    this.policies = Object.values(stack.resource.kubernetes_network_policy_v1 ?? {});
  }

  /** Whether pods may send, or get, a packet: all of them are selected by some policy, so what none allows is denied. */
  lets(direction: "ingress" | "egress", pod: End, other: End, port: number): boolean {
    return this.policies
      .filter(
        ({ metadata, spec }) =>
          spec.policy_types.includes(direction === "ingress" ? "Ingress" : "Egress") &&
          namespaceIn(metadata.namespace) === pod.namespace &&
          selects(spec.pod_selector, pod.labels),
      )
      .flatMap(({ spec }) => (spec[direction] ?? []) as readonly Json[])
      .some(
        ({ ports, to, from }) =>
          (ports as readonly Json[]).some(
            (p) => p.protocol === "TCP" && Number(p.port) <= port && port <= Number(p.end_port ?? p.port),
          ) && ((to ?? from) as readonly Json[]).some((peer) => matches(peer, other)),
      );
  }

  /** Whether every pod of a namespace is denied what no other policy allows. */
  denies(namespace: string): boolean {
    return this.policies.some(
      ({ metadata, spec }) =>
        namespaceIn(metadata.namespace) === namespace &&
        Object.keys(spec.pod_selector).length === 0 &&
        spec.policy_types.length === 2,
    );
  }
}

const selects = (selector: Json, labels: End["labels"] = {}): boolean =>
  Object.entries(selector.match_labels ?? {}).every(([key, value]) => labels[key] === value);

function matches(peer: Json, other: End): boolean {
  if (peer.ip_block) return other.address !== undefined && contains(peer.ip_block.cidr as Cidr, other.address as never);
  return (
    other.labels !== undefined &&
    peer.namespace_selector.match_labels["kubernetes.io/metadata.name"] === other.namespace &&
    selects(peer.pod_selector, other.labels)
  );
}

const pod = (name: string): End => ({
  namespace: name === "c" ? "two" : "one",
  labels: { "databridge/workload": name, "app.kubernetes.io/name": name },
});

test("policies let exactly the flows of pods through", () => {
  const names = ["a", "b", "c"] as const;
  const ends = fc.constantFrom<Need & { need: "flow" }>(
    ...names.flatMap((from) => [
      ...services.map(({ service }) => ({
        need: "flow" as const,
        from: { workload: from },
        to: { service },
        why: "w",
      })),
      {
        need: "flow" as const,
        from: { workload: from },
        to: { supercomputer: "polaris", nodes: "login" as const },
        traffic: tcp(22),
        why: "w",
      },
      {
        need: "flow" as const,
        from: { workload: from },
        to: { outside: "internet" },
        traffic: tcp(443),
        through: "forward-proxy",
        names: ["example.org"],
        why: "w",
      },
      { need: "flow" as const, from: { workload: from }, to: { service: "cluster-api" }, why: "w" },
    ]),
    ...["a", "b"].flatMap((service) => [
      { need: "flow" as const, from: { role: "store" }, to: { service }, why: "w" },
      { need: "flow" as const, from: { outside: "operators" }, to: { service }, why: "w" },
      { need: "flow" as const, from: { role: "cluster-server" }, to: { service }, why: "w" },
    ]),
  );
  fc.assert(
    fc.property(fc.uniqueArray(ends, { maxLength: 6, selector: (need) => JSON.stringify(need) }), (needs) => {
      const { stack, gathered } = stackOf(saying({ ...pods, services, needs }, "trial"));
      const judge = new Judge(stack);
      const [place] = gathered.registers.places;
      const hostsOf = (role: string): readonly End[] =>
        (place?.hosts ?? []).filter(({ roles }) => roles.includes(role)).map(({ address }) => ({ address }));
      const [[proxyHost], [balancer]] = [hostsOf("proxy"), place?.balancers ?? []];
      const others: readonly (readonly [string, End])[] = [
        ...names.map((name) => [name, pod(name)] as const),
        ...["store", "proxy", "cluster-server", "cluster-worker", "bastion"].flatMap((role) =>
          hostsOf(role).map((end) => [role, end] as const),
        ),
        ["balancer", { address: balancer?.address ?? "" }],
        ["inside", { address: "10.42.7.0" }],
        ["login", { address: "198.51.100.2" }],
        ["operators", { address: "192.0.2.3" }],
        ["outsider", { address: "8.8.8.8" }],
      ];
      expect(proxyHost).toBeDefined();
      const wrong: string[] = [];
      const is = (from: unknown, to: unknown) =>
        needs.some(
          (need) =>
            JSON.stringify(need.from) === JSON.stringify(from) && JSON.stringify(need.to) === JSON.stringify(to),
        );
      for (const name of names) {
        expect(judge.denies(pod(name).namespace ?? "")).toBe(true);
        for (const [who, end] of others)
          for (const port of [22, 443, 3128, 6443, 8001, 8002, 8003, 8005, 8006, 8010, 30001, 30002]) {
            const service = services.find(({ traffic }) => traffic.from <= port && port <= traffic.to);
            const me = { workload: name };
            const out =
              (who === service?.service && is(me, { service: who })) ||
              (who === "store" && port === 8010 && is(me, { service: "hosts" })) ||
              (who === "login" && port === 22 && is(me, { supercomputer: "polaris", nodes: "login" })) ||
              (who === "proxy" && port === 3128 && is(me, { outside: "internet" })) ||
              (who === "cluster-server" && port === 6443 && is(me, { service: "cluster-api" }));
            if (judge.lets("egress", pod(name), end, port) !== out) wrong.push(`${name} to ${who} ${port}: not ${out}`);
            const mine = service?.service === name ? { service: name } : undefined;
            const isApi = mine !== undefined && is({ role: "cluster-server" }, mine);
            const into =
              mine !== undefined &&
              (is({ workload: who }, mine) ||
                (who === "store" && is({ role: "store" }, mine)) ||
                (who === "proxy" && is({ outside: "operators" }, mine)) ||
                (who === "cluster-server" && isApi) ||
                (who === "inside" && isApi));
            if (judge.lets("ingress", pod(name), end, port) !== into)
              wrong.push(`${name} from ${who} ${port}: not ${into}`);
          }
      }
      expect(wrong).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test("pods ask for names, whatever else they may", () => {
  const { stack } = stackOf(saying(pods, "trial"));
  const judge = new Judge(stack);
  const names = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } };
  expect([
    judge.lets("egress", pod("a"), names, 53),
    judge.lets("egress", pod("a"), { ...names, namespace: "one" }, 53),
  ]).toEqual([true, false]);
});
