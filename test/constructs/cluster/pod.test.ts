import type { Kept } from "../../../constructs/cluster/kept";
import { podOf } from "../../../constructs/cluster/pod";
import { type StatedWorkload, type WorkloadSpec, workloadSchema } from "../../../model/site/workload";
import { gib, mib } from "../../../model/vocabulary";

const container = {
  name: "spool",
  image: `example.org/spool:1@sha256:${"a".repeat(64)}`,
  milliCpu: 100,
  memory: mib(128),
} as const;

interface Container {
  readonly env: readonly unknown[];
  readonly resources: { readonly requests: object };
  readonly volumeMount: readonly { readonly name: string; readonly mountPath: string }[];
}

const pod = (is: Partial<WorkloadSpec["containers"][number]>, variable?: string, all?: readonly Kept[]) => {
  const workload: StatedWorkload = workloadSchema.parse({
    workload: "spool",
    namespace: "data",
    runs: { kind: "Deployment", replicas: 1 },
    containers: [
      { ...container, ...is },
      { ...container, name: "beside", kept: ["/run/tls"] },
    ],
    why: "keeps results",
  } satisfies WorkloadSpec);
  const token = { secret: "spool-kv", key: "token", file: "/run/secrets/token", ...(variable ? { variable } : {}) };
  const kept = all ?? [token];
  const props = { environment: "production" as const, account: "spool", files: {}, proxy: [], aliases: [] };
  const { spec } = podOf({ ...props, workload, kept, revision: "0" }) as {
    spec: { container: Container[]; volume: object[] };
  };
  return spec;
};

test("the first container has what is secret as a variable where that is said, and no other has", () => {
  const [first, beside] = pod({}, "AUTH_SECRET").container;
  const of = { name: "AUTH_SECRET", valueFrom: { secretKeyRef: { name: "spool-kv", key: "token" } } };
  expect([first?.env, beside?.env]).toEqual([[of], []]);
  expect(pod({}).container[0]?.env).toEqual([]);
});

test("a container is told the address of its pod by the variable that it names", () => {
  expect(pod({ address: "POD_IP" }).container[0]?.env).toEqual([
    { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
  ]);
});

test("scratch that is larger than usual is asked for, so that a node has it", () => {
  const large = pod({ scratch: ["/data", "/tmp"], scratchSize: gib(20) });
  expect(large.container[0]?.resources.requests).toMatchObject({ "ephemeral-storage": "40Gi" });
  expect(JSON.stringify(large.volume)).toContain('"sizeLimit":"20Gi"');
  const usual = pod({ scratch: ["/tmp"] });
  expect(usual.container[0]?.resources.requests).not.toHaveProperty("ephemeral-storage");
  expect(JSON.stringify(usual.volume)).toContain('"sizeLimit":"256Mi"');
});

test("what others are made of, comes before them", () => {
  const [first] = pod({ env: { LIST: "[$(AUTH_SECRET)]" } }, "AUTH_SECRET").container;
  expect(first?.env.map((each) => (each as { name: string }).name)).toEqual(["AUTH_SECRET", "LIST"]);
});

test("who is not ready gets no traffic, and is made anew only if it is not healthy either", () => {
  const asked = (health: WorkloadSpec["containers"][number]["health"]) => {
    const [{ readinessProbe, livenessProbe } = {}] = pod(health ? { health } : {}).container as {
      readinessProbe?: { httpGet: { path: string } };
      livenessProbe?: { httpGet: { path: string } };
    }[];
    return [readinessProbe?.httpGet?.path, livenessProbe?.httpGet?.path];
  };
  expect(asked({ http: "/health", ready: "/ready", port: 80 })).toEqual(["/ready", "/health"]);
  expect(asked({ http: "/health", port: 80 })).toEqual(["/health", "/health"]);
});

test("what is secret is of the container that keeps its folder, files and variables", () => {
  const kept = [
    { secret: "spool-kv", key: "token", file: "/run/secrets/token" },
    { secret: "spool-tls", key: "tls.crt", file: "/run/tls/tls.crt", variable: "CERTIFICATE" },
  ];
  const mounts = pod({}, undefined, kept).container.map(({ volumeMount }) =>
    volumeMount.map(({ name, mountPath }) => [name, mountPath]),
  );
  expect(mounts).toEqual([[["kept-0", "/run/secrets"]], [["kept-1", "/run/tls"]]]);
  expect(pod({}, undefined, kept).container.map(({ env }) => env.length)).toEqual([0, 1]);
});
