import { parse } from "yaml";
import { bastion, cluster, experiments, proxy, sharedServices, vault, vaultAgent } from "../../constructs/specs";
import type { SupercomputerFacts } from "../../model/site/supercomputer";
import { person } from "../../model/vocabulary";
import { givingVolumes, learned, north, south, tenancy } from "../model/platform";
import { type Json, stackIn } from "./cluster";

const image = `registry.example.org/ecflow-server:5.9.2@sha256:${"0".repeat(64)}`;
const at = { site: "north", tenancy: "production" };
const server = { is: "person", until: "2027-06-30", why: "tries" } as const;
const people = {
  jane: { ...person("janed", "p"), work: "/scratch/jane" },
  joe: { ...person("josephd", "p"), work: "/scratch/joe" },
};

/** What stands on the cluster where jane's and joe's jobs run at a supercomputer, each as themselves, and ann's do not. */
function described() {
  const servers = {
    jane: { ...server, port: 31401, submitsTo: ["polaris"] },
    joe: { ...server, port: 31402, submitsTo: ["polaris"] },
    ann: { ...server, port: 31403 },
  };
  const runs = [
    bastion(),
    proxy(),
    vault({ from: [] }),
    vaultAgent({ at }),
    cluster({ servers: 1, workers: 1, cloud: true }),
    sharedServices({ vault: at }),
    experiments({ image, servers }),
  ];
  const identity = { people: { issuer: "https://login.example.org", audience: "platform" } };
  const { supercomputer, ...rest } = north({ production: tenancy({ runs }) }, { identity, cloud: givingVolumes });
  if (!supercomputer) throw new Error("north has a supercomputer");
  const facts = { ...supercomputer.facts, people } as SupercomputerFacts;
  return stackIn(learned([{ ...rest, supercomputer: { ...supercomputer, facts } }, south({})]));
}

const { stack, gathered } = described();
const all = (kind: string) => Object.values(stack.resource[kind] ?? {}) as readonly Json[];
const filesOf = (user: string): Readonly<Record<string, string>> => {
  const map = all("kubernetes_config_map_v1").find(({ metadata }) => metadata.name === `experiment-${user}-ecflow`);
  const pod = podOf(user);
  const [{ volume_mount: mounts }] = pod.container;
  return Object.fromEntries(
    (mounts as readonly Json[])
      .filter(({ name }) => name === "ecflow-files")
      .map(({ mount_path, sub_path }) => [mount_path, map?.data[sub_path]]),
  );
};
const podOf = (user: string): Json =>
  all("kubernetes_stateful_set_v1").find(({ metadata }) => metadata.name === `experiment-${user}`)?.spec.template.spec;

test("a server has what its user logs in with, and nothing of anybody else", () => {
  const files = filesOf("jane");
  const ssh = files["/etc/platform/hpc/ssh_config"] ?? "";
  expect([...ssh.matchAll(/^Host (\S+)$/gm)].map(([, host]) => host)).toEqual(["polaris-jane", "*"]);
  expect(ssh).toContain("  User janed\n");
  expect(ssh).toContain("  IdentityFile /run/secrets/hpc/polaris-jane\n");
  const { sites } = parse(files["/etc/platform/hpc/troika.yml"] ?? "");
  expect(Object.entries<Json>(sites).map(([name, { user }]) => [name, user])).toEqual([["polaris-jane", "janed"]]);
  const { connections, roots } = JSON.parse(files["/etc/platform/hpc/connections.json"] ?? "");
  expect([Object.keys(connections), connections["polaris-jane"].as, roots]).toEqual([
    ["polaris-jane"],
    "ecflow",
    "/run/tls/ca.crt",
  ]);
  expect(Object.values(files).filter((text) => /joe|svc/.test(text))).toEqual([]);
  expect(Object.keys(filesOf("ann")).filter((path) => path.includes("hpc"))).toEqual([]);
});

test("it submits, kills and asks as hosts do, and does itself what timers do there", () => {
  const cfg = filesOf("jane")["/etc/ecflow/server_environment.cfg"] ?? "";
  expect(cfg).toContain("\nECF_JOB_CMD = /usr/local/bin/troika submit -o %ECF_JOBOUT% %SCHOST% %ECF_JOB%\n");
  expect(cfg).toContain("\nECF_KILL_CMD = ECF_DENIED=1 /usr/local/bin/troika kill ");
  expect(cfg).toContain("\nECF_STATUS_CMD = /usr/local/bin/troika monitor ");
  const { beside } = JSON.parse(filesOf("jane")["/etc/ecflow/server.json"] ?? "");
  expect(beside).toEqual([
    ["/usr/local/sbin/platform-hpc", "pin"],
    ["/usr/local/sbin/platform-hpc", "trust"],
  ]);
  expect(JSON.parse(filesOf("ann")["/etc/ecflow/server.json"] ?? "").beside).toBeUndefined();
  const scratch = (podOf("jane").container[0].volume_mount as readonly Json[])
    .filter(({ name }) => name.includes("scratch"))
    .map(({ mount_path }) => mount_path);
  expect(scratch).toEqual(["/run/ecflow", "/tmp", "/run/hpc-ecflow", "/var/lib/platform-hpc"]);
});

test("its key is a secret of that person, which its pod alone has, as a file", () => {
  const { secrets } = gathered.registers;
  const keys = secrets.filter(({ id }) => id.includes("/hpc/"));
  expect(
    keys.map(({ id, readers, pods }) => [id, readers.length, pods.map(({ workload, file }) => `${workload} ${file}`)]),
  ).toEqual([
    ["north-production/hpc/polaris-jane", 0, ["experiment-jane /run/secrets/hpc/polaris-jane"]],
    ["north-production/hpc/polaris-joe", 0, ["experiment-joe /run/secrets/hpc/polaris-joe"]],
  ]);
  const kept = (podOf("jane").volume as readonly Json[]).flatMap(({ projected }) =>
    ((projected ?? []) as readonly Json[]).flatMap(({ sources }) =>
      (sources as readonly Json[]).flatMap(({ secret }) => secret[0].items.map(({ path }: Json) => path)),
    ),
  );
  expect(kept).toContain("polaris-jane");
  expect(kept).not.toContain("polaris-joe");
});

test("jobs report to the port of that server at the relay", () => {
  expect(filesOf("jane")["/etc/platform/hpc/include/site-polaris-jane.h"]).toMatch(
    /^export ECF_HOST=203\.0\.113\.\d+ ECF_PORT=31401 ECF_SSL=1$/m,
  );
  expect(filesOf("joe")["/etc/platform/hpc/include/site-polaris-joe.h"]).toContain("ECF_PORT=31402");
});

test("its pods reach login nodes by SSH, and pods that submit nothing do not", () => {
  const reached = (user: string) =>
    all("kubernetes_network_policy_v1")
      .filter(({ spec }) => JSON.stringify(spec.pod_selector).includes(`experiment-${user}`))
      .flatMap(({ spec }) => (spec.egress ?? []) as readonly Json[])
      .filter(({ ports }) => JSON.stringify(ports).includes('"22"'))
      .flatMap(({ to }) => (to as readonly Json[]).map(({ ip_block }) => (ip_block[0] ?? ip_block).cidr));
  expect(reached("jane").sort()).toEqual(["198.51.100.1/32", "198.51.100.2/32"]);
  expect(reached("ann")).toEqual([]);
});
