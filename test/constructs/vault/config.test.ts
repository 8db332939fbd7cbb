import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { filesOf } from "../../../constructs/files";
import { backups, bastion, ecflow, proxy, vault, vaultAgent } from "../../../constructs/specs";
import { gather } from "../../../model/gather";
import { closedAt } from "../../../model/hours";
import type { Tenancy } from "../../../model/site/tenancy";
import { learned, learnedLocks, north, south, tenancy } from "../../model/platform";

const there = { site: "south", tenancy: "production" };
const hostCa = "ssh-ed25519 AAAA";
const sites = [
  north({
    production: tenancy({
      calendar: { forecast: "02:00-09:00", freezes: [{ from: "2027-01-01", to: "2027-01-03", why: "new year" }] },
      runs: [bastion(), proxy(), vaultAgent({ at: there }), ecflow("prod", { submitsTo: ["polaris"] })],
    }),
  }),
  {
    ...south({
      production: tenancy({
        network: { cidr: "10.36.0.0/20" },
        runs: [bastion(), proxy(), vault(), vaultAgent({ at: there }), ecflow("own")],
      }),
    }),
    identity: { people: { issuer: "https://login.example.org", audience: "platform" } },
  },
];
const locks = JSON.parse(JSON.stringify(learnedLocks(gather(sites))));
const { registers, problems } = gather(sites, {
  ...locks,
  north: { ...locks.north, version: 4, trust: { sshHostCa: hostCa } },
});
const files = (id: string) => {
  const place = registers.places.find(({ hosts }) => hosts.some((host) => host.id === id));
  const host = place?.hosts.find((each) => each.id === id);
  return place && host ? filesOf(host, place, registers) : [];
};
const text = (id: string, path: string) => files(id).find((file) => file.path === path)?.text ?? "";
const linesOf = (id: string, path: string) => text(id, path).split("\n");

test("the platform of these tests is sound", () => expect(problems).toEqual([]));

describe("names that no resolver has to know", () => {
  const named = (id: string) => linesOf(id, "/etc/hosts").filter((line) => line.includes("vault.production.south"));
  test("lead in Vault's own tenancy to all servers, of which each knows the others by name", () => {
    const all = [1, 2, 3].map((n) => `10.36.4.1${n} vault-${n}.production.south.example.org`);
    expect(named("south-production-ecflow-own")).toEqual(all.map((one) => `${one} vault.production.south.example.org`));
    expect(named("south-production-vault-2")).toHaveLength(3);
  });
  test("lead elsewhere, at the forward proxy alone, to the relay", () => {
    const relay = registers.places
      .find(({ id }) => id === "south-production")
      ?.hosts.find(({ name }) => name === "proxy");
    const address =
      relay?.public && "known" in relay.public.address ? relay.public.address.known.replace("/32", "") : "";
    expect(named("north-production-proxy")).toEqual([
      `${address} proxy.production.south.example.org vault.production.south.example.org`,
    ]);
    expect(named("north-production-ecflow-prod")).toEqual([]);
  });
  test("keep the host itself, and nobody writes them anew", () => {
    expect(linesOf("north-production-ecflow-prod", "/etc/hosts").slice(1, 3)).toEqual([
      "127.0.0.1 localhost",
      "10.20.4.60 ecflow-prod.production.north.example.org ecflow-prod",
    ]);
    expect(text("north-production-ecflow-prod", "/etc/cloud/cloud.cfg.d/90-platform.cfg")).toContain(
      "\nmanage_etc_hosts: false\n",
    );
  });
});

describe("a server", () => {
  const lines = linesOf("south-production-vault-1", "/etc/openbao/openbao.hcl").map((line) => line.trim());
  test("joins the others by name, held against the root of the platform", () => {
    expect(lines.filter((line) => line.startsWith("leader_api_addr"))).toEqual(
      [2, 3].map((n) => `leader_api_addr = "https://vault-${n}.production.south.example.org:8200"`),
    );
    expect(lines).toContain('leader_ca_cert_file = "/usr/local/share/ca-certificates/platform-root.crt"');
  });
  test("believes its relays who connects, and nobody else", () => {
    expect(lines).toContain('proxy_protocol_authorized_addrs = ["10.36.0.11"]');
    expect(lines).toContain('tls_min_version = "tls13"');
  });
  test("lets nobody keep a machine out by wrong logins", () =>
    expect(lines.slice(lines.indexOf('user_lockout "approle" {')).slice(0, 3)).toEqual([
      'user_lockout "approle" {',
      'disable_lockout = "true"',
      "}",
    ]));
  test("fetches keys of issuers over the forward proxy, and meets the other servers straight", () => {
    const unit = linesOf("south-production-vault-1", "/etc/systemd/system/openbao.service");
    expect(unit).toContain("Environment=HTTPS_PROXY=http://10.36.0.11:3128");
    const [, straight = ""] = unit.find((line) => line.startsWith("Environment=NO_PROXY="))?.split("NO_PROXY=") ?? [];
    for (const n of [1, 2, 3])
      expect(straight.split(",")).toEqual(
        expect.arrayContaining([`vault-${n}.production.south.example.org`, `10.36.4.1${n}`]),
      );
    expect(text("south-production-proxy", "/etc/squid/squid.conf")).toContain(
      "http_access allow from-vault to-login.example.org port-443 CONNECT",
    );
  });
  test("has audit devices in its configuration, and no setting that only the other product knows", () => {
    expect(lines).toContain('audit "file" "file" {');
    expect(lines.join("\n")).not.toContain("mlock");
  });
  test("of the other product has its names, and its own settings", () => {
    const runs = [bastion(), proxy(), vault({ product: "vault" })];
    const { registers } = learned([north({ production: tenancy({ runs }) })]);
    const [place] = registers.places;
    const host = place?.hosts.find(({ name }) => name === "vault-1");
    const all = place && host ? filesOf(host, place, registers) : [];
    const hcl = all.find(({ path }) => path === "/etc/vault.d/vault.hcl");
    expect(hcl?.restarts).toBe("vault.service");
    expect(hcl?.text).toContain("\ndisable_mlock = true\n");
    expect(hcl?.text).not.toContain("audit");
  });
});

describe("copies", () => {
  const unit = (name: string, product = "openbao") => `/etc/systemd/system/${product}-${name}.service`;
  const all = (product: "openbao" | "vault") => {
    const copies = { at: { site: "north", tenancy: "production" }, endpoint: "object.example.org" };
    const { registers } = learned([
      north({ production: tenancy({ runs: [bastion(), proxy(), backups()] }) }),
      south({
        production: tenancy({
          network: { cidr: "10.36.0.0/20" },
          runs: [bastion(), proxy(), vault({ product, copies }), vaultAgent({ at: there })],
        }),
      }),
    ]);
    const place = registers.places.find(({ id }) => id === "south-production");
    const host = place?.hosts.find(({ name }) => name === "vault-2");
    const all = place && host ? filesOf(host, place, registers) : [];
    return (path: string) => all.find((file) => file.path === path)?.text.split("\n") ?? [];
  };
  const of = all("openbao");
  test("leave after each snapshot, for a folder of their server in the bucket of the other site", () => {
    expect(of(unit("snapshot"))).toContain("OnSuccess=openbao-copies.service");
    expect(of(unit("copies"))).toEqual(
      expect.arrayContaining([
        "User=openbao",
        "Environment=HTTPS_PROXY=http://10.36.0.11:3128",
        "ExecStart=/usr/local/sbin/platform-copies /etc/openbao/copies /srv/raft/snapshots .snap all copies:north-production-backups/south-production/vault/vault-2 12 30",
        // Where it looks how long ago all was brought.
        "ExecStartPost=/usr/bin/touch /var/lib/openbao-copies/brought",
        "StateDirectory=openbao-copies",
      ]),
    );
    expect(JSON.parse(of("/etc/platform/expiry.json").join("\n")).readings).toContainEqual(
      expect.objectContaining({ kind: "age-of-file", path: "/var/lib/openbao-copies/brought" }),
    );
  });
  test("are told where, and no key: agents write that beside", () => {
    expect(of("/etc/openbao/copies/rclone.conf").slice(1)).toEqual([
      "[copies]",
      "type = s3",
      "provider = Other",
      "env_auth = true",
      "endpoint = https://object.example.org",
      "region = us-east-1",
      "no_check_bucket = true",
      "",
    ]);
    expect(of("/etc/vault-agent/agent.hcl").filter((line) => /vault\/copies.*Data\.data /.test(line))).toHaveLength(2);
  });
  test("of the other product have its names", () => {
    const other = all("vault");
    expect(other(unit("snapshot", "vault"))).toContain("OnSuccess=vault-copies.service");
    expect(other(unit("copies", "vault")).find((line) => line.startsWith("ExecStart="))).toContain(
      " /etc/vault.d/copies ",
    );
  });
  test("stay on their server where no site is named", () => {
    expect(linesOf("south-production-vault-1", unit("snapshot")).join("\n")).not.toContain("OnSuccess");
    expect(files("south-production-vault-1").filter(({ path }) => path.includes("copies"))).toEqual([]);
  });
});

describe("an agent", () => {
  const id = "north-production-ecflow-prod";
  const hcl = text(id, "/etc/vault-agent/agent.hcl");
  test("reads its own secrets, each key into a file, and when they were written, and asks for its certificate by its names", () => {
    const contents = [...hcl.matchAll(/contents = (".*")$/gm)].map(([, one = '""']) => JSON.parse(one));
    expect(contents).toEqual([
      '{{ with secret "kv-north-production/data/production/ecflow/prod" }}{{ with index .Data.data "ecflow" }}{{ . }}{{ end }}{{ end }}',
      '{{ with secret "kv-north-production/data/production/ecflow/prod" }}{{ with index .Data.data "probe" }}{{ . }}{{ end }}{{ end }}',
      '{{ with secret "kv-north-production/data/production/hpc/polaris" }}{{ with index .Data.data "private-key" }}{{ . }}{{ end }}{{ end }}',
      '{{ with secret "kv-north-production/data/production/ecflow/prod" }}{{ .Data.metadata.created_time }}{{ end }}',
      '{{ with secret "kv-north-production/data/production/hpc/polaris" }}{{ .Data.metadata.created_time }}{{ end }}',
      '{{ with pkiCert "pki-production/issue/north-production-ecflow-prod" "common_name=ecflow-prod.production.north.example.org" "ttl=2592000s" }}{{ .Cert }}{{ .CA }}{{ .Key }}{{ end }}',
    ]);
  });
  test("goes by the forward proxy where Vault is elsewhere, and directly at home", () => {
    const unit = (host: string) => text(host, "/etc/systemd/system/vault-agent.service");
    expect(unit(id)).toContain("\nEnvironment=HTTPS_PROXY=http://10.20.0.11:3128\n");
    expect(unit("south-production-ecflow-own")).toContain("\nExecStart=");
    expect(unit("south-production-ecflow-own")).not.toContain("HTTPS_PROXY");
    expect(hcl).toContain('\n  address = "https://vault.production.south.example.org:8200"\n');
  });
  test("says what becomes of what it fetches", () => {
    const about = JSON.parse(text(id, "/etc/vault-agent/host.json"));
    expect(about.secrets.map(({ file, owner, reloads }: Record<string, string>) => [file, owner, reloads])).toEqual([
      ["/etc/platform/ecflow-prod/passwords/ecflow", "ecflow", "ecflow-prod.service"],
      ["/etc/platform/ecflow-prod/passwords/probe", "ecflow", "ecflow-prod.service"],
      ["/etc/platform/hpc/polaris", "ecflow", undefined],
    ]);
    expect(about.machine).toBe("north-production-ecflow-prod");
    expect(about.closed).toEqual({ forecast: "02:00-09:00", days: [{ from: "2027-01-01", to: "2027-01-03" }] });
  });
  test("is one on every host, also where nobody reads anything", () => {
    for (const host of ["north-production-bastion", "south-production-vault-1", id])
      expect(files(host).flatMap(({ role, path }) => (role === "vault_agent" ? [path] : []))).toEqual([
        "/etc/vault-agent/agent.hcl",
        "/etc/vault-agent/host.json",
        "/etc/systemd/system/vault-agent.service",
        "/etc/systemd/system/vault-take.service",
        "/etc/systemd/system/vault-take.path",
        "/etc/systemd/system/vault-take.timer",
      ]);
    expect(text("north-production-bastion", "/etc/vault-agent/agent.hcl")).not.toContain("template {");
  });
  test("has its host key signed once the CA is learned, and sshd shows the certificate", () => {
    const told = (host: string) => JSON.parse(text(host, "/etc/vault-agent/host.json")).signs;
    expect(told(id)).toEqual([
      {
        key: "/etc/ssh/ssh_host_ed25519_key",
        kind: "host",
        path: `ssh-hosts/sign/${id}`,
        names: ["ecflow-prod.production.north.example.org", "10.20.4.60"],
        cas: [hostCa],
        owner: "root",
        reloads: "ssh.service",
      },
    ]);
    for (const host of [id, "north-production-bastion"])
      expect(linesOf(host, "/etc/ssh/sshd_config")).toContain("HostCertificate /etc/ssh/ssh_host_ed25519_key-cert.pub");
  });
});

test("hosts restart something in just those hours that the model calls open", () => {
  const calendars = [
    { forecast: "02:00-09:00", freezes: [{ from: "2027-01-02", to: "2027-01-03", why: "new year" }], maintenance: [] },
    { forecast: "22:00-03:00", freezes: [], maintenance: [] },
    { freezes: [], maintenance: [] },
  ] as unknown as readonly Tenancy["calendar"][];
  const moments = ["01T01:59", "01T02:00", "01T08:59", "01T09:00", "01T21:59", "01T22:00", "02T12:00", "04T00:00"];
  const asked = calendars.flatMap((calendar) =>
    moments.map((moment) => ({
      calendar: { ...calendar, days: [...calendar.freezes, ...calendar.maintenance] },
      at: `2027-01-${moment}:00+00:00`,
      closed: closedAt({ calendar }, new Date(`2027-01-${moment}:00Z`)) !== undefined,
    })),
  );
  const program = join(__dirname, "..", "..", "..", "ansible", "roles", "vault_agent", "files", "platform-vault");
  const script = `
import json, sys
from datetime import datetime
from importlib.machinery import SourceFileLoader
sys.dont_write_bytecode = True
there = SourceFileLoader("there", sys.argv[1]).load_module()
print(json.dumps([there.closed(each["calendar"], datetime.fromisoformat(each["at"])) for each in json.load(sys.stdin)]))`;
  const told = execFileSync("python3", ["-W", "ignore", "-c", script, program], {
    input: JSON.stringify(asked),
    encoding: "utf8",
  });
  expect(JSON.parse(told)).toEqual(asked.map(({ closed }) => closed));
});
