import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { filesOf } from "../../../constructs/cluster/config";
import type { ClusterOptions } from "../../../constructs/cluster/spec";
import { backups, bastion, cluster, proxy, vault, vaultAgent } from "../../../constructs/specs";
import { gather } from "../../../model/gather";
import { north, south, tenancy } from "../../model/platform";
import { root as ca } from "../../model/roots";

const there = { site: "south", tenancy: "production" };
const at = "/etc/rancher/rke2/";

/** The files of the hosts of two clusters, one behind a load balancer and one on a shared address. */
function rendered(options: ClusterOptions = {}, learned: object = {}) {
  const production = tenancy({
    network: { cidr: "10.36.0.0/20" },
    runs: [bastion(), proxy(), vault(), vaultAgent({ at: there }), cluster({ servers: 1, workers: 0 }), backups()],
  });
  const other = south({ production });
  const sites = [
    north({ production: tenancy({ runs: [bastion(), proxy(), vaultAgent({ at: there }), cluster(options)] }) }),
    {
      ...other,
      cloud: { ...other.cloud, has: ["swift"] },
      identity: { people: { issuer: "https://login.example.org/realm", audience: "platform", user: "email" } },
    },
  ];
  const { registers, problems } = gather(sites, { north: { version: 3, learned: { production: learned } } });
  expect(problems).toEqual([]);
  const files = (id: string): ReadonlyMap<string, string> => {
    const place = registers.places.find(({ hosts }) => hosts.some((host) => host.id === id));
    const host = place?.hosts.find((each) => each.id === id);
    return new Map(place && host ? filesOf(host, place, registers).map(({ path, text }) => [path, text]) : []);
  };
  const config = (id: string) => parse(files(id).get(`${at}config.yaml`) ?? "{}");
  return { registers, files, config };
}

const server = (n: number) => `north-production-cluster-server-${n}`;
const worker = "north-production-cluster-worker-1";
const { registers, files, config } = rendered();

describe("the first server", () => {
  test("begins the cluster as long as nobody has learned of one; the others join", () => {
    const joins = [server(1), server(2), server(3), worker].map((id) => config(id).server);
    expect(joins).toEqual([undefined, ...Array(3).fill("https://10.20.12.10:9345")]);
    const begins = [server(1), server(2), worker].map(
      (id) => JSON.parse(files(id).get("/etc/platform/cluster.json") ?? "").begins,
    );
    expect(begins).toEqual([true, false, false]);
  });
  test("joins like every other once the CA is learned: one that lost its data must not begin another cluster", () => {
    const later = rendered({}, { clusterCa: ca });
    expect(later.config(server(1)).server).toBe("https://10.20.12.10:9345");
    expect(JSON.parse(later.files(server(1)).get("/etc/platform/cluster.json") ?? "").begins).toBe(false);
  });
});

test("servers differ in their name, their address and whom they join, and in nothing else", () => {
  const own = ["server", "node-name", "node-ip"];
  const same = (id: string) => Object.fromEntries(Object.entries(config(id)).filter(([key]) => !own.includes(key)));
  expect(same(server(1))).toEqual(same(server(2)));
  expect(same(server(3))).toEqual(same(server(2)));
  for (const path of files(server(1)).keys()) {
    if (path.endsWith("config.yaml") || path.endsWith("cluster.json")) continue;
    const rest = (id: string) => files(id).get(path)?.replaceAll(id, "");
    expect([path, rest(server(1))]).toEqual([path, rest(server(2))]);
  }
});

test("a worker knows nothing of what servers alone know", () => {
  expect(Object.keys(config(worker)).filter((key) => !(key in config(server(2))))).toEqual([]);
  expect([...files(worker).keys()].sort()).toEqual([
    "/etc/default/rke2-agent",
    "/etc/platform/cluster.json",
    "/etc/rancher/rke2/config.yaml",
    "/etc/sysctl.d/70-cluster.conf",
    "/etc/systemd/system/rke2-agent.service.d/platform.conf",
  ]);
});

test("workloads are kept from servers where there are workers", () => {
  expect(config(server(1))["node-taint"]).toEqual(["CriticalAddonsOnly=true:NoExecute"]);
  expect(config("south-production-cluster-server-1")["node-taint"]).toBeUndefined();
});

test("the API has the names by which it is met", () => {
  expect(config(server(1))["tls-san"].slice(0, 3)).toEqual([
    "10.20.12.10",
    "cluster-api.production.north.example.org",
    "cluster-join.production.north.example.org",
  ]);
  expect(config("south-production-cluster-server-1")["tls-san"][0]).toBe("10.36.4.30");
});

describe("tokens", () => {
  const reads = (id: string) => {
    const place = registers.places.find(({ id: each }) => id.startsWith(each));
    const roles = place?.hosts.find((host) => host.id === id)?.roles ?? [];
    return registers.secrets.flatMap(({ id: secret, readers }) =>
      readers.flatMap((reader) =>
        reader.place.id === place?.id && roles.includes(reader.role) ? [`${secret} ${reader.file}`] : [],
      ),
    );
  };
  test("of servers are not read by workers", () => {
    expect(reads(server(2))).toEqual([
      "north-production/cluster/token /etc/rancher/rke2/token",
      "north-production/cluster/agent-token /etc/rancher/rke2/agent-token",
    ]);
    expect(reads(worker)).toEqual(["north-production/cluster/agent-token /etc/rancher/rke2/agent-token"]);
  });
  test("name the CA once it is learned, by the bytes of its file", () => {
    const folder = mkdtempSync(join(tmpdir(), "databridge-token-"));
    try {
      const later = rendered({}, { clusterCa: ca }).files(worker).get(`${at}cluster-ca.crt`) ?? "";
      const program = readFileSync(
        join(__dirname, "../../../ansible/roles/cluster/files/platform-cluster-token"),
        "utf8",
      )
        .replace("/etc/rancher/rke2/cluster-ca.crt", join(folder, "ca"))
        .replace("/run/platform-rke2", join(folder, "run"));
      writeFileSync(join(folder, "token"), "value\n");
      const made = () => {
        execFileSync("sh", ["-c", program, "platform-cluster-token", join(folder, "token"), "node"]);
        return readFileSync(join(folder, "run", "token"), "utf8");
      };
      expect(made()).toBe("value\n");
      writeFileSync(join(folder, "ca"), later);
      expect(made()).toBe(`K10${createHash("sha256").update(`${ca}\n`).digest("hex")}::node:value\n`);
      expect(existsSync(join(folder, "run", "token.part"))).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test("people are known by who vouches for them, and can be nobody whom Kubernetes made", () => {
  expect(parse(files(server(1)).get(`${at}authentication.yaml`) ?? "").jwt).toEqual([
    {
      issuer: { url: "https://login.example.org/realm", audiences: ["platform"] },
      claimMappings: {
        username: { claim: "email", prefix: "people:" },
        groups: { claim: "groups", prefix: "people:" },
      },
    },
  ]);
  expect(config(server(1))["kube-apiserver-arg"]).toEqual([`authentication-config=${at}authentication.yaml`]);
});

test("pipelines are let in by their project and a protected branch, whoever had them run", () => {
  const pipelines = { issuer: "https://git.example.org", audience: "platform", projects: ["team/a", "team/b"] };
  const sites = [
    { ...north({ production: tenancy({ runs: [bastion(), proxy(), vault(), cluster()] }) }), identity: { pipelines } },
  ];
  const { registers } = gather(sites);
  const [place] = registers.places;
  const host = place?.hosts.find(({ name }) => name === "cluster-server-1");
  const all = place && host ? filesOf(host, place, registers) : [];
  const { jwt } = parse(all.find(({ path }) => path === `${at}authentication.yaml`)?.text ?? "");
  expect(jwt[0].claimValidationRules.map(({ expression }: { expression: string }) => expression)).toEqual([
    'claims["project_path"] in ["team/a","team/b"]',
    'string(claims["ref_protected"]) == "true"',
  ]);
});

test("where nobody vouches for people, nothing is said of them", () => {
  const { registers } = gather([north({ production: tenancy({ runs: [bastion(), proxy(), cluster()] }) })]);
  const [place] = registers.places;
  const host = place?.hosts.find(({ name }) => name === "cluster-server-1");
  const all = place && host ? filesOf(host, place, registers) : [];
  expect(all.map(({ path }) => path)).not.toContain(`${at}authentication.yaml`);
  expect(all.find(({ path }) => path === `${at}config.yaml`)?.text).not.toContain("authentication-config");
});

test("pods are restricted, but those of RKE2 itself", () => {
  const [plugin] = parse(files(server(1)).get(`${at}pod-security.yaml`) ?? "").plugins;
  expect(plugin.configuration.defaults.enforce).toBe("restricted");
  expect(plugin.configuration.exemptions.namespaces).toEqual(["kube-system"]);
});

test("no content of what is secret is written down", () => {
  const { rules } = parse(files(server(1)).get(`${at}audit-policy.yaml`) ?? "");
  const secrets = rules.findIndex(({ resources = [] }: { resources?: { resources?: string[] }[] }) =>
    resources.some((each) => each.resources?.includes("secrets")),
  );
  expect(rules[secrets].level).toBe("Metadata");
  for (const rule of rules.slice(0, secrets)) expect(rule.level).toBe("None");
});

describe("snapshots", () => {
  const copies = { at: there, endpoint: "object.south.example.org" };
  test("stay on their volumes unless the description names a place", () =>
    expect(Object.keys(config(server(1))).filter((key) => key.startsWith("etcd-s3"))).toEqual([]));
  test("go to the bucket of another site through the forward proxy, by credentials that no file of ours has", () => {
    const { config, registers, files } = rendered({ snapshots: copies });
    const told = config(server(1));
    expect(Object.fromEntries(Object.entries(told).filter(([key]) => key.startsWith("etcd-s3")))).toEqual({
      "etcd-s3": true,
      "etcd-s3-endpoint": "object.south.example.org",
      "etcd-s3-bucket": "south-production-backups",
      "etcd-s3-region": "us-east-1",
      "etcd-s3-folder": "north-production",
      "etcd-s3-retention": 60,
      "etcd-s3-proxy": "http://10.20.0.11:3128",
    });
    expect([...files(server(1)).keys()].filter((path) => path.includes("config.yaml.d"))).toEqual([]);
    const secret = registers.secrets.find(({ id }) => id === "north-production/cluster/snapshots");
    expect(secret?.readers.map(({ file }) => file)).toEqual(["/etc/rancher/rke2/config.yaml.d/50-snapshots.yaml"]);
    expect(registers.places[0]?.hosts.find(({ id }) => id === server(1))?.volumes[0]?.backup).toEqual(there);
  });
});

test("images and keys come through the forward proxy; nothing inside does", () => {
  expect(files(worker).get("/etc/default/rke2-agent")?.split("\n").slice(1)).toEqual([
    "HTTP_PROXY=http://10.20.0.11:3128",
    "HTTPS_PROXY=http://10.20.0.11:3128",
    "NO_PROXY=127.0.0.0/8,localhost,.svc,.cluster.local,10.20.0.0/20,10.42.0.0/16,10.43.0.0/16,.production.north.example.org",
    "",
  ]);
  const names = (id: string) =>
    registers.flows.flatMap(({ from, names }) =>
      "hosts" in from && from.hosts.some((host) => host.id === id) ? (names ?? []) : [],
    );
  expect(names(server(1))).toContain("login.example.org");
  expect(names(worker)).toEqual(expect.arrayContaining(["github.com", "registry-1.docker.io"]));
  expect(names(worker)).not.toContain("ghcr.io");
  expect(names("south-production-cluster-server-1")).toContain("ghcr.io");
});

test("etcd's data are on its volume", () => {
  const unit = "/etc/systemd/system/var-lib-rancher-rke2-server-db.mount";
  expect(files(server(1)).get(unit)?.split("\n")).toEqual(
    expect.arrayContaining([
      "RequiresMountsFor=/srv/etcd",
      "What=/srv/etcd/db",
      "Where=/var/lib/rancher/rke2/server/db",
    ]),
  );
  expect(files(server(1)).get("/etc/systemd/system/rke2-server.service.d/platform.conf")).toContain(
    "\nRequiresMountsFor=/var/lib/rancher/rke2/server/db\n",
  );
});

test("hosts of no cluster have nothing of one", () =>
  expect([...files("north-production-proxy").keys(), ...files("south-production-vault-1").keys()]).toEqual([]));
