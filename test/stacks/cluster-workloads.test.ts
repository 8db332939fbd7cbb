import { bastion, existingCluster, proxy } from "../../constructs/specs";
import { type Need, tcp } from "../../model/site/need";
import type { WorkloadSpec } from "../../model/site/workload";
import { gib } from "../../model/vocabulary";
import { learned, north, saying, tenancy } from "../model/platform";
import { container, every, type Json, namespace, namespaceIn, stackIn, stackOf, workload } from "./cluster";

describe("workloads", () => {
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
    const ofAccounts = (type: string) => all(type).filter(({ metadata }) => metadata.name !== "databridge-view");
    const rules = (type: string) =>
      ofAccounts(type).map(({ metadata, rule }) => [metadata.name, metadata.namespace !== undefined, rule]);
    expect(rules("role_v1")).toEqual([["task", true, [{ api_groups: [""], resources: ["pods"], verbs: ["get"] }]]]);
    expect(rules("cluster_role_v1")).toEqual([
      [
        "databridge-north-production-nightly",
        false,
        [{ api_groups: ["apps"], resources: ["deployments"], verbs: ["list", "patch"] }],
      ],
    ]);
    const bindings = [...ofAccounts("role_binding_v1"), ...ofAccounts("cluster_role_binding_v1")];
    const bound = bindings.map(({ role_ref: role, subject }) => [role.kind, subject[0].kind, subject.length]);
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
  test("have volumes of the class of their fate", () => {
    const classOf = (fate: "keep" | "disposable") => {
      const runs = { kind: "StatefulSet", replicas: 1, volume: { path: "/data", size: gib(10), fate } } as const;
      const is = { ...every, workloads: [workload("store", "one", { runs })], services: [] };
      const sets = Object.values(stackOf(saying(is, "trial")).stack.resource.kubernetes_stateful_set_v1 ?? {});
      return (sets as readonly Json[])[0]?.spec.volume_claim_template[0].spec.storage_class_name;
    };
    expect([classOf("keep"), classOf("disposable")]).toEqual(["cinder-keep", "cinder-disposable"]);
  });
  test("have those of somebody else's cluster by their names there", () => {
    const networks = { pods: "10.244.0.0/16", services: "10.96.0.0/12" };
    const volumes = { keep: "theirs-kept", disposable: "theirs" };
    const theirs = existingCluster({ outside: "front-ends", version: "v1.33.1", ...networks, volumes });
    const is = { ...every, workloads: [every.workloads?.[1] as WorkloadSpec], services: [] };
    const runs = [bastion(), proxy(), theirs, saying(is, "trial")];
    const { stack: on } = stackIn(learned([north({ production: tenancy({ runs }) })]));
    const [set] = Object.values(on.resource.kubernetes_stateful_set_v1 ?? {}) as readonly Json[];
    expect(set?.spec.volume_claim_template[0].spec.storage_class_name).toBe("theirs-kept");
  });
  test("get them by charts that are fetched by HTTPS, and that ask the cloud by the forward proxy", () => {
    const charts = Object.values(stack.resource.helm_release ?? {}) as readonly Json[];
    const driver = charts.find(({ name }) => name === "cinder-csi");
    expect([driver?.repository, driver?.chart, driver?.version]).toEqual([
      "https://kubernetes.github.io/cloud-provider-openstack",
      "openstack-cinder-csi",
      expect.stringMatching(/^2\.34\./),
    ]);
    expect(JSON.parse(driver?.values[0]).csi.plugin.extraEnv[0]).toEqual({
      name: "HTTPS_PROXY",
      value: "http://10.20.0.11:3128",
    });
    expect(driver?.depends_on).toContain("helm_release.release_cloud-controller");
  });
});
