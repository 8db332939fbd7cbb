import { join } from "node:path";
import { filesOf } from "../../../constructs/files";
import { bastion, ecflow, proxy, vault, vaultAgent } from "../../../constructs/specs";
import { readSites } from "../../../engine/world";

import { type Registers, rulesIn } from "../../../model/registers";
import { type FlowNeed, tcp } from "../../../model/site/need";
import { learned, north, saying, south, tenancy } from "../../model/platform";

const runs = [bastion(), proxy(), ecflow("prod", { submitsTo: ["polaris"], relayPort: 3200, standby: true })];
const fileOf = ({ places, ...rest }: Registers, host: string, path: string): string => {
  const place = places.find(({ hosts }) => hosts.some(({ id }) => id === host));
  const entry = place?.hosts.find(({ id }) => id === host);
  const files = place && entry ? filesOf(entry, place, { places, ...rest }) : [];
  return files.find((file) => file.path === path)?.text ?? "";
};
const squidOf = (registers: Registers, host = "north-production-proxy") =>
  fileOf(registers, host, "/etc/squid/squid.conf").split("\n");
const haproxyOf = (registers: Registers) =>
  fileOf(registers, "north-production-proxy", "/etc/haproxy/haproxy.cfg").split("\n");
const { registers, problems } = learned([north({ production: tenancy({ runs }) })]);

test("the platform of these tests is sound", () => expect(problems).toEqual([]));

describe("the sshd of a bastion", () => {
  const lines = fileOf(registers, "north-production-bastion", "/etc/ssh/sshd_config").split("\n");
  test("passes connections on to what flows let it reach, and to nothing else", () => {
    expect(lines.filter((line) => line.includes("AllowTcpForwarding"))).toEqual([
      "AllowTcpForwarding no",
      "  AllowTcpForwarding local",
    ]);
    expect(lines.filter((line) => line.includes("PermitOpen"))).toEqual([
      "  PermitOpen 10.20.0.11:22 10.20.4.60:22 10.20.4.61:22",
    ]);
  });
  test("says everything of logins, and lends no agent", () => {
    expect(lines).toContain("LogLevel VERBOSE");
    expect(lines).toContain("AllowAgentForwarding no");
    expect(lines).toContain("AllowUsers ansible operator jump");
  });
});

describe("squid", () => {
  test("lets hosts to where packages are, at port 80, and denies all else; asks for addresses of allowed names alone", () => {
    const access = squidOf(registers).filter((line) => line.startsWith("http_access"));
    expect(access).toEqual([
      "http_access allow from-every-host to-deb.debian.org port-80 !CONNECT !inside",
      "http_access allow from-every-host to-security.debian.org port-80 !CONNECT !inside",
      "http_access deny all",
    ]);
  });
  test("takes no name for a host of the internet that leads inside, by any address that is special", () => {
    const inside = squidOf(registers).find((line) => line.startsWith("acl inside "));
    expect(inside?.split(" ")).toEqual(expect.arrayContaining(["100.64.0.0/10", "0.0.0.0/8", "::1/128", "fc00::/7"]));
  });
  test("lets hosts to networks without asking for names", () => {
    const need: FlowNeed = {
      need: "flow",
      from: { role: "ecflow-prod" },
      to: { supercomputer: "polaris", nodes: "login" },
      traffic: tcp(443),
      through: "forward-proxy",
      why: "it asks the queue",
    };
    const more = learned([north({ production: tenancy({ runs: [...runs, saying({ needs: [need] })] }) })]);
    expect(more.problems).toEqual([]);
    const lines = squidOf(more.registers).filter((line) => /198\.51\.100|http_access.*443/.test(line));
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines)
      expect(line).toMatch(/^acl to-\S+ dst -n |^http_access allow from-ecflow-prod to-\S+ port-443 CONNECT$/);
  });
  test("is started again if it ends", () => {
    const path = "/etc/systemd/system/squid.service.d/platform.conf";
    expect(fileOf(registers, "north-production-proxy", path)).toContain("\n[Service]\nRestart=on-failure\n");
  });
  test("lets those who need it to a name that they declare, by a tunnel", () => {
    const need: FlowNeed = {
      need: "flow",
      from: { role: "ecflow-prod" },
      to: { outside: "internet" },
      traffic: tcp(443),
      through: "forward-proxy",
      names: ["aviso.example.org"],
      why: "it listens to notifications",
    };
    const more = learned([north({ production: tenancy({ runs: [...runs, saying({ needs: [need] })] }) })]);
    expect(more.problems).toEqual([]);
    const lines = squidOf(more.registers);
    expect(lines).toContain("acl from-ecflow-prod src 10.20.4.60 10.20.4.61");
    expect(lines).toContain("http_access allow from-ecflow-prod to-aviso.example.org port-443 CONNECT !inside");
  });
  test("lets hosts to the relay of another tenancy by its name, at its port", () => {
    const home = { ...north({ production: tenancy({ runs: [...runs, saying({})] }) }) };
    const vault = saying(
      {
        hosts: [{ name: "vault", roles: ["vault"], subnet: "services", slot: 70, flavor: "small" }],
        services: [
          {
            service: "vault",
            on: { role: "vault" },
            traffic: tcp(8200),
            auth: "tls+token",
            ownTrust: true,
            entrance: { relay: "proxy" },
          },
        ],
      },
      "vault-like",
    );
    const there = { site: "south", tenancy: "production" };
    const both = learned([
      { ...home, tenancies: { production: tenancy({ runs: [...runs, vaultAgent({ at: there })] }) } },
      south({ production: tenancy({ network: { cidr: "10.36.0.0/20" }, runs: [bastion(), proxy(), vault] }) }),
    ]);
    expect(both.problems).toEqual([]);
    const access = squidOf(both.registers).filter((line) => /http_access.* port-8200 /.test(line));
    expect(access.map((line) => line.replace(/203\.0\.113\.\d+/, "address"))).toEqual([
      "http_access allow from-every-host to-address port-8200 CONNECT",
      "http_access allow from-every-host to-proxy.production.south.example.org port-8200 CONNECT !inside",
      "http_access allow from-every-host to-vault.production.south.example.org port-8200 CONNECT !inside",
    ]);
  });
});

describe("haproxy", () => {
  test("relays each port that the model allocated, from whom flows name, to the hosts behind it", () => {
    const lines = haproxyOf(registers);
    expect(lines).toContain("  bind 10.20.0.11:3200");
    expect(lines).toContain("  acl known src 198.51.100.64/26");
    expect(lines).toContain("  server ecflow-prod 10.20.4.60:3141 check");
    expect(lines).toContain("  tcp-request connection reject if !known");
  });
  test("leads nobody to a server that waits, and everybody to it once it is promoted", () => {
    const servers = (of: Registers) => haproxyOf(of).filter((line) => line.startsWith("  server "));
    expect(servers(registers)).toEqual(["  server ecflow-prod 10.20.4.60:3141 check"]);
    const promoted = ecflow("prod", { submitsTo: ["polaris"], standby: "promoted" });
    const after = learned([north({ production: tenancy({ runs: [bastion(), proxy(), promoted] }) })]);
    expect(after.problems).toEqual([]);
    expect(servers(after.registers)).toEqual(["  server ecflow-prod-standby 10.20.4.61:3141 check"]);
  });
  test("asks each member of a service how it is, as the service says, and prefers none", () => {
    const need: FlowNeed = { need: "flow", from: { outside: "operators" }, to: { service: "vault" }, why: "they look" };
    const more = learned([
      north({ production: tenancy({ runs: [bastion(), proxy(), vault(), saying({ needs: [need] })] }) }),
    ]);
    expect(more.problems).toEqual([]);
    const lines = haproxyOf(more.registers);
    expect(lines.slice(lines.indexOf("backend tcp-8200"), -1)).toEqual([
      "backend tcp-8200",
      "  option httpchk",
      "  http-check send meth GET uri /v1/sys/health",
      "  http-check expect status 200",
      ...[1, 2, 3].map((n) => `  server vault-${n} 10.20.4.${10 + n}:8200 send-proxy-v2 check check-ssl verify none`),
    ]);
  });
  test("lets nobody in while nobody's address is known", () => {
    const open = ecflow("prod", { users: { operators: { is: "team", from: ["front-ends"], why: "watch" } } });
    const awaiting = { outside: { "front-ends": { pending: "who knows" }, operators: { pending: "who knows" } } };
    const site = north({ production: tenancy({ runs: [bastion(), proxy(), open] }) }, awaiting as never);
    const { registers, problems } = learned([site]);
    expect(problems).toEqual([]);
    expect(haproxyOf(registers)).toContain("  tcp-request connection reject");
    expect(haproxyOf(registers).join("\n")).not.toContain("acl known");
  });
});

test("at every site, relays listen on what the groups of their hosts let in, and on nothing else", () => {
  const all = learned(readSites(join(__dirname, "..", "..", "..", "sites")).sites).registers;
  expect(all.places.length).toBeGreaterThan(3);
  for (const place of all.places)
    for (const host of place.hosts.filter(({ roles }) => roles.includes("proxy"))) {
      const text = `${fileOf(all, host.id, "/etc/haproxy/haproxy.cfg")}${fileOf(all, host.id, "/etc/squid/squid.conf")}`;
      const bound = [...text.matchAll(/^(?: {2}bind|http_port) [\d.]+:(\d+)$/gm)].map(([, port]) => Number(port));
      const open = rulesIn(all, place)
        .filter(({ group, direction }) => group.role === "proxy" && direction === "in")
        .map(({ traffic }) => traffic.from);
      expect([place.id, [...new Set(bound)].sort()]).toEqual([place.id, [...new Set(open)].sort()]);
    }
});
