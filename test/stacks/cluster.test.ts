import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { bastion, cluster, proxy, sharedServices, vault, vaultAgent } from "../../constructs/specs";
import { PlatformApp } from "../../engine/app";
import type { Component } from "../../model/site/component";
import { type Need, type Service, tcp } from "../../model/site/need";
import type { Description } from "../../model/site/specs";
import type { WorkloadSpec } from "../../model/site/workload";
import { stacksOf } from "../../model/stacks";
import { gib, hours, mib, minutes } from "../../model/vocabulary";
import { type Cidr, contains } from "../../model/words/address";
import { ClusterStack } from "../../stacks/cluster";
import { learned, north, saying, south, tenancy } from "../model/platform";
import type { Stack } from "./synthesis";

const image = `registry.example.org/it:1.0.0@sha256:${"0".repeat(64)}`;
const container = { name: "it", image, milliCpu: 100, memory: mib(128) };
const workload = (name: string, namespace: string, is: Partial<WorkloadSpec> = {}): WorkloadSpec => ({
  workload: name,
  namespace,
  runs: { kind: "Deployment", replicas: 1 },
  containers: [container],
  why: name,
  ...is,
});
const quota = { milliCpu: 10_000, memory: gib(20), pods: 50, storage: gib(100) };
const namespace = (name: string, environment: "production" | "experiments" = "production") => ({
  namespace: name,
  environment,
  quota,
  why: name,
});

/** Three workloads in two namespaces, a service of each, and one of hosts. */
const pods: Description = {
  namespaces: [namespace("one"), namespace("two")],
  workloads: [workload("a", "one"), workload("b", "one"), workload("c", "two")],
};
const services: readonly Service[] = [
  {
    service: "a",
    on: { workload: "a" },
    traffic: tcp(8001),
    auth: "none",
    nodePort: 30001,
    entrance: { relay: "proxy" },
  },
  {
    service: "b",
    on: { workload: "b" },
    traffic: tcp(8002),
    auth: "tls+token",
    ownTrust: true,
    nodePort: 30002,
    entrance: { relay: "proxy" },
  },
  { service: "c", on: { workload: "c" }, traffic: tcp(8003, 8005), auth: "none" },
  { service: "hosts", on: { role: "store" }, traffic: tcp(8010), auth: "none" },
];

const stores = saying(
  { hosts: [{ name: "store", roles: ["store"], subnet: "data", slot: 20, flavor: "small" }] },
  "stores",
);

const identity = { people: { issuer: "https://login.example.org", audience: "platform" } };

const platform = (...more: readonly Component[]) =>
  learned([
    north(
      { production: tenancy({ runs: [bastion(), proxy(), cluster({ servers: 3, workers: 2 }), stores, ...more] }) },
      { identity },
    ),
    south({}),
  ]);

function stackOf(...more: readonly Component[]): {
  readonly stack: Stack;
  readonly gathered: ReturnType<typeof learned>;
} {
  const gathered = platform(...more);
  expect(gathered.problems).toEqual([]);
  const entry = gathered.registers.places.flatMap(stacksOf).find(({ name }) => name === "north-production-services");
  if (!entry) throw new Error("there is no such stack");
  const folder = mkdtempSync(join(tmpdir(), "databridge-"));
  try {
    const app = new PlatformApp(folder);
    new ClusterStack(app, entry, gathered.registers);
    const [output] = app.synthesize();
    return { stack: JSON.parse(readFileSync(output?.file ?? "", "utf8")) as Stack, gathered };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// What becomes of a packet, from what Kubernetes says of NetworkPolicies. Shares no code with what made them.

// biome-ignore lint/suspicious/noExplicitAny: blocks of Terraform, of any form
type Json = Readonly<Record<string, any>>;
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

/** The stack refers to the namespace by its address, which ends in its name. */
const namespaceIn = (reference: string): string => /\.namespace_([a-z0-9-]+)\./.exec(reference)?.[1] ?? reference;

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

describe("workloads", () => {
  const every: Description = {
    namespaces: [namespace("one"), namespace("lab", "experiments")],
    workloads: [
      workload("web", "one", {
        runs: { kind: "Deployment", replicas: 2 },
        containers: [
          {
            ...container,
            scratch: ["/tmp"],
            files: { "/etc/web/a.conf": "a", "/etc/web/b_c": "b" },
            health: { http: "/", port: 8080 },
          },
        ],
      }),
      workload("store", "one", {
        runs: { kind: "StatefulSet", replicas: 1, volume: { path: "/data", size: gib(10), fate: "keep" } },
      }),
      workload("task", "lab", {
        runs: { kind: "Job", generation: 3, deadline: minutes(10) },
        api: [{ groups: [""], resources: ["pods"], verbs: ["get"] }],
      }),
      workload("nightly", "lab", {
        runs: { kind: "CronJob", schedule: "0 3 * * *", deadline: hours(1) },
        api: [{ groups: ["apps"], resources: ["deployments"], verbs: ["list", "patch"], everywhere: true }],
      }),
    ],
    services: [{ service: "web", on: { workload: "web" }, traffic: tcp(8080), auth: "none", nodePort: 30080 }],
  };
  const { stack } = stackOf(saying(every, "trial"));
  const all = (type: string): readonly Json[] => Object.values(stack.resource[`kubernetes_${type}`] ?? {});
  const podsOf = (): readonly Json[] => [
    ...[...all("deployment_v1"), ...all("stateful_set_v1"), ...all("job_v1")].map(({ spec }) => spec.template),
    ...all("cron_job_v1").map(({ spec }) => spec.job_template.spec.template),
  ];

  test("run as nobody, write nowhere, and have what they ask for", () => {
    expect(podsOf()).toHaveLength(4);
    for (const { spec } of podsOf()) {
      expect(spec.security_context).toMatchObject({
        run_as_non_root: true,
        run_as_user: "65532",
        seccomp_profile: { type: "RuntimeDefault" },
      });
      for (const { security_context: is, resources } of spec.container) {
        // The provider sends false where this is left out, and overrules the pod.
        expect(is).toMatchObject({
          run_as_non_root: true,
          read_only_root_filesystem: true,
          allow_privilege_escalation: false,
          capabilities: { drop: ["ALL"] },
        });
        expect(resources).toEqual({ requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "128Mi" } });
      }
    }
  });
  test("have a token only where they say what for, and may do nothing else", () => {
    expect(
      podsOf()
        .map(({ spec }) => spec.automount_service_account_token)
        .sort(),
    ).toEqual([false, false, true, true]);
    const rules = (type: string) =>
      all(type).map(({ metadata, rule }) => [metadata.name, metadata.namespace !== undefined, rule]);
    expect(rules("role_v1")).toEqual([["task", true, [{ api_groups: [""], resources: ["pods"], verbs: ["get"] }]]]);
    expect(rules("cluster_role_v1")).toEqual([
      [
        "databridge-north-production-nightly",
        false,
        [{ api_groups: ["apps"], resources: ["deployments"], verbs: ["list", "patch"] }],
      ],
    ]);
    const bound = [...all("role_binding_v1"), ...all("cluster_role_binding_v1")].map(({ role_ref: role, subject }) => [
      role.kind,
      subject[0].kind,
      subject.length,
    ]);
    expect(bound).toEqual([
      ["Role", "ServiceAccount", 1],
      ["ClusterRole", "ServiceAccount", 1],
    ]);
  });
  test("of production take the place of experiments, which take nobody's", () => {
    const classes = new Map(
      all("priority_class_v1").map(({ metadata, value, preemption_policy: takes }) => [
        metadata.name as string,
        { value: value as number, takes: takes as string },
      ]),
    );
    const value = (name: string) => classes.get(name)?.value ?? Number.NaN;
    expect(value("databridge-production")).toBeGreaterThan(value("databridge-test"));
    expect(value("databridge-test")).toBeGreaterThan(value("databridge-experiments"));
    expect(classes.get("databridge-experiments")?.takes).toBe("Never");
    const used = all("job_v1").map(({ spec }) => spec.template.spec.priority_class_name);
    expect([used, all("deployment_v1")[0]?.spec.template.spec.priority_class_name]).toEqual([
      ["databridge-experiments"],
      "databridge-production",
    ]);
  });
  test("have their files, by paths that no key of a ConfigMap could bear, and are made anew for others", () => {
    expect(all("config_map_v1").map(({ data }) => data)).toEqual([{ "etc_.web_.a.conf": "a", "etc_.web_.b__c": "b" }]);
    const revision = (text: string) => {
      const other = workload("web", "one", { containers: [{ ...container, files: { "/a": text } }] });
      const of = stackOf(saying({ ...every, workloads: [other], services: [] }, "trial")).stack;
      return (Object.values(of.resource.kubernetes_deployment_v1 ?? {}) as readonly Json[])[0]?.spec.template.metadata
        .annotations;
    };
    expect(revision("1")).toEqual(revision("1"));
    expect(revision("1")).not.toEqual(revision("2"));
  });
  test("that are met from outside the cluster are met as who connects", () => {
    expect(
      all("service_v1")
        .filter(({ spec }) => spec.type)
        .map(({ spec }) => [spec.type, spec.external_traffic_policy, spec.port[0].node_port]),
    ).toEqual([["NodePort", "Local", 30080]]);
  });
  test("may offer a service that is called as they are, though each of several pods has a name too", () => {
    const store = { service: "store", on: { workload: "store" }, traffic: tcp(9000), auth: "none" as const };
    const of = stackOf(saying({ ...every, services: [store] }, "trial")).stack;
    const names = (Object.values(of.resource.kubernetes_service_v1 ?? {}) as readonly Json[]).map(
      (is) => is.metadata.name,
    );
    expect(names.sort()).toEqual(["store", "store-pods"]);
    expect((Object.values(of.resource.kubernetes_stateful_set_v1 ?? {}) as readonly Json[])[0]?.spec.service_name).toBe(
      "store-pods",
    );
  });
  test("read secrets of Vault as files, by tokens of their own account", () => {
    const secret = { secret: "web/api", keys: ["token", "user"], why: "calls" };
    const reads = (key: string): Need => ({
      need: "secret",
      by: { workload: "web" },
      secret: "web/api",
      key,
      file: `/run/web/${key}`,
      why: "calls",
    });
    const { stack: is } = stackOf(
      vault(),
      vaultAgent({ at: { site: "north", tenancy: "production" } }),
      sharedServices({ vault: { site: "north", tenancy: "production" } }),
      saying({ ...every, secrets: [secret], needs: [reads("token"), reads("user")] }, "trial"),
    );
    const web = (Object.values(is.resource.kubernetes_deployment_v1 ?? {}) as readonly Json[])[0]?.spec.template.spec;
    expect(web.volume[0]).toMatchObject({
      name: "fetched-0",
      projected: [
        {
          default_mode: "0440",
          sources: [
            {
              secret: [
                {
                  name: "web-kv-north-production",
                  items: [
                    { key: "run_.web_.token", path: "token" },
                    { key: "run_.web_.user", path: "user" },
                  ],
                },
              ],
            },
          ],
        },
      ],
    });
    expect(web.container[0].volume_mount.at(-1)).toEqual({
      name: "fetched-0",
      mount_path: "/run/web",
      read_only: true,
    });
    const release = (Object.values(is.resource.helm_release ?? {}) as readonly Json[]).find(
      ({ name }) => name === "web-fetched",
    );
    expect(release?.chart).toBe("${path.module}/chart");
    const [store, fetched] = JSON.parse(release?.values[0]).resources as readonly Json[];
    expect(store?.spec.provider.vault).toMatchObject({
      server: "https://vault.production.north.example.org:8200",
      path: "kv-north-production",
      auth: { jwt: { path: "pods-north-production", role: "north-production-pods-web" } },
    });
    expect(store?.spec.provider.vault.auth.jwt.kubernetesServiceAccountToken.serviceAccountRef).toEqual({
      name: "web",
    });
    expect(fetched?.spec.data).toEqual([
      { secretKey: "run_.web_.token", remoteRef: { key: "production/web/api", property: "token" } },
      { secretKey: "run_.web_.user", remoteRef: { key: "production/web/api", property: "user" } },
    ]);
  });
  test("come once their namespace denies all and counts", () => {
    for (const { depends_on: after, metadata } of [...all("deployment_v1"), ...all("job_v1")]) {
      const space = namespaceIn(metadata.namespace);
      expect(after).toEqual(
        expect.arrayContaining([
          `kubernetes_network_policy_v1.namespace_${space}_deny`,
          `kubernetes_resource_quota_v1.namespace_${space}_quota`,
          `kubernetes_limit_range_v1.namespace_${space}_limits`,
        ]),
      );
    }
  });
  test("run once for each generation, whatever becomes of the words in them", () =>
    expect((all("job_v1")[0] as Json).lifecycle.ignore_changes).toEqual(["spec"]));
  test("say what somebody wrote, and nothing that Terraform makes of it", () => {
    const odd = workload("odd", "one", {
      why: "${path.module}",
      containers: [{ ...container, env: { A: "${b}" }, args: ["%{ if c }"], files: { "/etc/odd/a": "${HOST} $HOST" } }],
    });
    const { stack: is } = stackOf(saying({ namespaces: [namespace("one")], workloads: [odd] }, "trial"));
    const [pods] = Object.values(is.resource.kubernetes_deployment_v1 ?? {}) as readonly Json[];
    const [files] = Object.values(is.resource.kubernetes_config_map_v1 ?? {}) as readonly Json[];
    const [it] = pods?.spec.template.spec.container ?? [];
    expect([
      pods?.metadata.annotations["databridge/why"],
      it.env[0].value,
      it.args[0],
      files?.data["etc_.odd_.a"],
    ]).toEqual(["$${path.module}", "$${b}", "%%{ if c }", "$${HOST} $HOST"]);
  });
  test("go out through the forward proxy by its address, and their nodes pull their images by it", () => {
    const needs: readonly Need[] = [
      {
        need: "flow",
        from: { workload: "web" },
        to: { outside: "internet" },
        traffic: tcp(443),
        through: "forward-proxy",
        names: ["example.org"],
        why: "w",
      },
    ];
    const { stack: is, gathered } = stackOf(saying({ ...every, needs }, "trial"));
    const [web] = (Object.values(is.resource.kubernetes_deployment_v1 ?? {}) as readonly Json[]).map(
      ({ spec }) => spec.template.spec.container[0].env,
    );
    expect(web.map(({ name, value }: Json) => [name, String(value).slice(0, 16)])).toEqual([
      ["HTTPS_PROXY", "http://10.20.0.1"],
      ["NO_PROXY", "10.42.0.0/16,10."],
    ]);
    const pulled = gathered.registers.flows.filter(({ why }) => why === "nodes pull images from registry.example.org");
    expect(pulled.map(({ names, proxy: by }) => [names, by?.party.group.role])).toEqual([
      [["registry.example.org"], "proxy"],
    ]);
  });
  test("keep what they were told to keep", () => {
    expect((all("stateful_set_v1")[0] as Json).lifecycle.prevent_destroy).toBe(true);
  });
});
