import { filesOf } from "../../../constructs/files";
import { sshdConfig } from "../../../constructs/hosts/sshd";
import { bastion, ecflow, proxy, vault } from "../../../constructs/specs";
import { firstPrincipalsOf } from "../../../model/accounts";
import { gather } from "../../../model/gather";
import { manifestOf } from "../../../model/host-file";
import { north, tenancy } from "../../model/platform";
import { otherRoot, root } from "../../model/roots";

const lock = { version: 1, trust: { sshUserCa: "ssh-ed25519 AAAA" } };
const calendar = { forecast: "02:00-09:00" };
const site = north({ production: tenancy({ calendar, runs: [bastion(), proxy(), ecflow("prod")] }) });
const { registers } = gather([site], { north: lock });
const place = registers.places[0];
const files = (name: string) => {
  const host = place?.hosts.find((each) => each.name === name);
  return host && place ? filesOf(host, place, registers) : [];
};
const text = (name: string, path: string) => files(name).find((file) => file.path === path)?.text ?? "";

test("each file begins with where it comes from, where its form has comments", () => {
  const all = ["bastion", "proxy", "ecflow-prod"].flatMap(files);
  for (const { text } of all.filter(({ path }) => !path.endsWith(".json")))
    expect(text).toMatch(/^(#|\/\/) north-production-[a-z-]+: from sites\/north\.ts by databridge synth; .*\n/);
});

test("each file of a host is there once", () => {
  for (const name of ["bastion", "proxy", "ecflow-prod"]) {
    const paths = files(name).map(({ path }) => path);
    expect(paths).toEqual([...new Set(paths)]);
  }
});

test("an operator of hosts is nobody at the bastion, where whoever passes has an account of its own", () => {
  const principal = (name: string, account: string) => text(name, `/etc/ssh/principals/${account}`).split("\n")[1];
  expect(principal("ecflow-prod", "operator")).toBe("operator@north-production");
  expect(principal("bastion", "operator")).toBe("bastion-operator@north-production");
  expect(principal("bastion", "jump")).toBe("jump@north-production");
  expect(files("ecflow-prod").map(({ path }) => path)).not.toContain("/etc/ssh/principals/jump");
  expect(text("bastion", "/etc/sudoers.d/10-platform")).not.toContain("jump");
});

test("an operator of hosts, and Ansible, are nobody where Vault runs", () => {
  const { registers } = gather([north({ production: tenancy({ runs: [bastion(), proxy(), vault()] }) })], {
    north: lock,
  });
  const [at] = registers.places;
  const host = at?.hosts.find(({ name }) => name === "vault-1");
  const found = at && host ? filesOf(host, at, registers) : [];
  const principal = (account: string) =>
    found.find(({ path }) => path === `/etc/ssh/principals/${account}`)?.text.split("\n")[1];
  expect(["operator", "ansible"].map(principal)).toEqual([
    "vault-operator@north-production",
    "vault-ansible@north-production",
  ]);
  expect(host && at && firstPrincipalsOf(host, at)).toEqual({ principal: "vault-ansible@north-production" });
});

test("a bastion passes on for one account, which can open no session, and logs where to", () => {
  const sshd = text("bastion", "/etc/ssh/sshd_config");
  const [everybody = "", passing = ""] = sshd.split("Match User jump\n");
  expect(everybody).toContain("\nAllowTcpForwarding no\n");
  expect(everybody).toContain("\nAllowUsers ansible operator jump\n");
  expect(everybody).toContain("\nLogVerbose serverloop.c:server_request_direct_tcpip():*\n");
  expect(passing).toBe(
    [
      "  AllowTcpForwarding local",
      "  PermitOpen 10.20.0.11:22 10.20.4.60:22",
      "  MaxSessions 0",
      "  PermitTTY no",
      "  ForceCommand /usr/sbin/nologin",
      "",
    ].join("\n"),
  );
  expect(sshdConfig({ header: "#", opens: [] })).toContain("\n  PermitOpen none\n");
});

test("several CAs are trusted at a time, withdrawn keys by nobody, roots of TLS by programs, two at a time", () => {
  const key = (text: string) => `ssh-ed25519 ${text}`;
  const trust = {
    sshUserCa: key("AAAA"),
    sshUserCaToo: key("AAAB"),
    revoked: { lost: key("AAAC") },
    tlsRoot: root,
    tlsRootToo: otherRoot,
  };
  const trusting = gather([site], { north: { version: 2, trust } }).registers;
  const [at] = trusting.places;
  const [host] = at?.hosts ?? [];
  const all = host && at ? filesOf(host, at, trusting) : [];
  const lines = (path: string) =>
    all
      .find((file) => file.path === path)
      ?.text.split("\n")
      .slice(1, -1);
  expect(lines("/etc/ssh/platform-user-ca.pub")).toEqual([key("AAAA"), key("AAAB")]);
  expect(lines("/etc/ssh/platform-revoked")).toEqual([key("AAAC")]);
  const file = "/usr/local/share/ca-certificates/platform-root.crt";
  expect(all.find(({ path }) => path === file)?.text).toBe(`${root}\n${otherRoot}\n`);
  expect(files("proxy").map(({ path }) => path)).not.toContain(file);
});

test("where no key of a host is signed, sshd looks for no certificate", () => {
  for (const name of ["bastion", "proxy"]) expect(text(name, "/etc/ssh/sshd_config")).not.toContain("HostCertificate");
});

test("a host lets in whom its bastion lets through, by a certificate for this tenancy", () => {
  const sshd = text("ecflow-prod", "/etc/ssh/sshd_config").split("\n");
  expect(sshd).toContain("AllowUsers ansible@10.20.0.10 operator@10.20.0.10");
  expect(sshd).toContain("AllowTcpForwarding no");
  expect(sshd).toContain("AuthorizedKeysFile none");
  expect(text("ecflow-prod", "/etc/ssh/principals/operator")).toMatch(/\noperator@north-production\n$/);
  expect(text("ecflow-prod", "/etc/ssh/platform-user-ca.pub")).toMatch(/\nssh-ed25519 AAAA\n$/);
});

test("until the CA is known, there is no file of it", () => {
  const unknown = gather([site]).registers;
  const host = unknown.places[0]?.hosts[0];
  const paths = host && unknown.places[0] ? filesOf(host, unknown.places[0], unknown).map(({ path }) => path) : [];
  expect(paths).toContain("/etc/ssh/sshd_config");
  expect(paths).not.toContain("/etc/ssh/platform-user-ca.pub");
});

test("clocks and resolvers are those of the site", () => {
  expect(text("proxy", "/etc/chrony/chrony.conf")).toContain("\nserver 192.53.103.108 iburst\n");
  expect(text("proxy", "/etc/systemd/resolved.conf.d/10-platform.conf")).toContain("\nDNS=\nDNS=9.9.9.9\n");
});

test("packages come by the proxy, whose own host asks by itself", () => {
  const path = "/etc/apt/apt.conf.d/10-platform-proxy";
  expect(text("ecflow-prod", path)).toContain('Acquire::http::Proxy "http://10.20.0.11:3128/";');
  expect(text("proxy", path)).toContain('Acquire::http::Proxy "DIRECT";');
});

test("packages come from where the proxy lets through, by names that it can see, and are signed", () => {
  const sources = text("ecflow-prod", "/etc/apt/sources.list.d/platform.sources");
  const urls = [...sources.matchAll(/^URIs: (.*)$/gm)].map(([, url = ""]) => new URL(url));
  expect(urls.map(({ protocol }) => protocol)).toEqual(["http:", "http:"]);
  const squid = text("proxy", "/etc/squid/squid.conf");
  for (const { hostname } of urls) expect(squid).toContain(`to-${hostname} port-80 !CONNECT`);
  expect(sources.match(/^Signed-By: \/usr\/share\/keyrings\/debian-archive-keyring\.gpg$/gm)).toHaveLength(2);
  expect(sources).toContain("\nSuites: bookworm-security\nComponents: main\n");
});

test("what upgrades may restart is restarted after the forecast, and what was missed waits", () => {
  const timer = text("proxy", "/etc/systemd/system/apt-daily-upgrade.timer.d/platform.conf");
  expect(timer).toMatch(/\n\[Timer\]\nOnCalendar=\nOnCalendar=\*-\*-\* 10:00:00 UTC\nRandomizedDelaySec=60min\n/);
  expect(timer).toContain("\nPersistent=false\n");
});

test("redirects are refused at every interface: the kernel takes them while one of two switches is on", () => {
  expect(text("proxy", "/etc/sysctl.d/60-platform.conf")).toContain("\nnet.ipv4.conf.*.accept_redirects = 0\n");
});

test("volumes are named with their size and where they are mounted", () => {
  expect(text("ecflow-prod", "/etc/platform/volumes")).toMatch(/\nhome 100 \/srv\/home\n$/);
  expect(files("proxy").map(({ path }) => path)).not.toContain("/etc/platform/volumes");
});

test("the manifest says what a change of each file does", () => {
  expect(JSON.parse(manifestOf(files("ecflow-prod")))).toMatchObject({
    "/etc/ssh/sshd_config": { role: "base", reloads: "ssh.service" },
    "/etc/chrony/chrony.conf": { role: "time", restarts: "chrony.service" },
    "/etc/ssh/principals/operator": { role: "users" },
  });
});
