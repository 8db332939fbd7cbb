import Ajv from "ajv/dist/2020";
import { z } from "zod";
import { filesOf } from "../../constructs/files";
import { bastion, ecflow, proxy, vaultAgent } from "../../constructs/specs";
import { gather } from "../../model/gather";
import { ansibleInventory, printed } from "../../operate/ansible-inventory";
import { inventorySchema } from "../../operate/inventory-schema";
import { type SshIdentity, sshTexts } from "../../operate/reach";
import { north, south, tenancy } from "../model/platform";

const site = north({ production: tenancy({ runs: [bastion(), proxy(), ecflow("prod")] }) });
const key = (text: string): string => `ssh-ed25519 ${text}`;
const registersWith = (hostKeys: Readonly<Record<string, string>>, address = "203.0.113.9") =>
  gather([site], {
    north: { version: 1, learned: { production: { public: { bastion: address }, hostKeys } } },
  }).registers;
const inventoryOf = (registers: ReturnType<typeof registersWith>) =>
  ansibleInventory(registers, {
    world: "production",
    isWanted: () => true,
    filesOf: (host, place) => filesOf(host, place, registers),
    hostsFolder: "/out/hosts",
    sshConfig: "/work folder/ssh/config",
  });
const all = { bastion: key("AAAB"), proxy: key("AAAP"), "ecflow-prod": key("AAAE") };
const registers = registersWith(all);
const inventory = inventoryOf(registers);

test("hosts are in groups by site, tenancy and role, by names that Ansible takes", () => {
  expect(Object.fromEntries(inventory.groups)).toEqual({
    site_north: ["north-production-bastion", "north-production-proxy", "north-production-ecflow-prod"],
    tenancy_north_production: ["north-production-bastion", "north-production-proxy", "north-production-ecflow-prod"],
    role_bastion: ["north-production-bastion"],
    role_proxy: ["north-production-proxy"],
    role_ecflow_prod: ["north-production-ecflow-prod"],
    unpinned: [],
    unreached: [],
  });
});

test("Ansible asks for nothing, and takes the way that the written configuration knows", () => {
  for (const id of ["north-production-ecflow-prod", "north-production-bastion"])
    expect(inventory.hostvars[id]?.ansible_ssh_common_args).toBe(
      "-F '/work folder/ssh/config' -o StrictHostKeyChecking=yes -o BatchMode=yes",
    );
});

test("connections of one world are never taken for those of another", () => {
  const folder = (sshConfig: string) =>
    ansibleInventory(registers, {
      world: "production",
      isWanted: () => true,
      filesOf: () => [],
      hostsFolder: "/out",
      sshConfig,
    }).hostvars["north-production-proxy"]?.ansible_control_path_dir;
  expect(folder("/a/ssh/config")).toMatch(/^~\/\.ansible\/cp-[0-9a-f]{8}$/);
  expect(folder("/a/ssh/config")).not.toBe(folder("/b/ssh/config"));
});

test("a host is told where its files are, and which volumes it has", () => {
  expect(inventory.hostvars["north-production-ecflow-prod"]).toMatchObject({
    databridge_folder: "/out/hosts/north-production-ecflow-prod",
    databridge_files: expect.arrayContaining(["/etc/ssh/sshd_config", "/etc/platform/volumes"]),
    databridge_volumes: [{ name: "home", gib: 100, mount: "/srv/home" }],
    databridge_accounts: [{ name: "operator", shell: "/bin/bash" }],
  });
  expect(inventory.hostvars["north-production-bastion"]?.databridge_accounts).toContainEqual({
    name: "jump",
    shell: "/usr/sbin/nologin",
  });
});

test("a host whose key is not learned is unpinned; behind such a bastion all others are not reached", () => {
  const { groups } = inventoryOf(registersWith({ bastion: all.bastion, proxy: all.proxy }));
  expect(groups.get("unpinned")).toEqual(["north-production-ecflow-prod"]);
  const behind = inventoryOf(registersWith({ proxy: all.proxy, "ecflow-prod": all["ecflow-prod"] })).groups;
  expect(behind.get("unpinned")).toEqual(["north-production-bastion"]);
  expect(behind.get("unreached")).toEqual(["north-production-proxy", "north-production-ecflow-prod"]);
});

test("what is printed has the form of Ansible's protocol, which its JSON Schema tells", () => {
  const valid = new Ajv({ strict: false }).compile(z.toJSONSchema(inventorySchema));
  const text = JSON.parse(JSON.stringify(printed(inventory)));
  expect([valid(text), valid.errors]).toEqual([true, null]);
  expect(Object.keys(text).slice(0, 2)).toEqual(["_meta", "all"]);
  expect(valid({ ...text, site_north: { hosts: [1] } })).toBe(false);
});

test("ssh knows pinned hosts alone, by their learned keys and no others", () => {
  const { config, knownHosts } = sshTexts(registersWith({ bastion: all.bastion, proxy: all.proxy }), {
    knownHosts: "/some folder/known_hosts",
  });
  const [bastionName, proxyName] = ["bastion", "proxy"].map((name) => `${name}.production.north.example.org`);
  expect(knownHosts).toBe(`${bastionName} ssh-ed25519 AAAB\n${proxyName} ssh-ed25519 AAAP\n`);
  expect(config).toContain(
    "Host north-production-proxy\n  HostName 10.20.0.11\n  HostKeyAlias proxy.production.north.example.org\n  ProxyJump jump@north-production-bastion\n",
  );
  expect(config).toContain("Host north-production-bastion\n  HostName 203.0.113.9\n");
  expect(config).not.toContain("ecflow-prod");
  expect(config).toContain("StrictHostKeyChecking yes");
});

test("ssh takes certificates of learned CAs, each for a host by its name and where keys are signed, beside the learned key", () => {
  const described = [
    north({ production: tenancy({ runs: [bastion(), proxy(), vaultAgent()] }) }),
    south({ production: tenancy({ network: { cidr: "10.36.0.0/20" }, runs: [bastion({ from: [] }), proxy()] }) }),
  ];
  const [first, next, lost] = [key("AAAC"), key("AAAD"), key("AAAL")];
  const keys = { hostKeys: { bastion: all.bastion }, public: { bastion: "203.0.113.9" } };
  const trust = { sshHostCa: first, sshHostCaToo: next, revoked: { lost } };
  const { registers } = gather(described, {
    north: { version: 4, learned: { production: keys }, trust },
    south: { version: 1, learned: { production: { ...keys, public: { bastion: "203.0.113.8" } } } },
  });
  const { config, knownHosts } = sshTexts(registers, { knownHosts: "/k" });
  const name = "bastion.production.north.example.org";
  expect(knownHosts.trimEnd().split("\n")).toEqual([
    `@revoked * ${lost}`,
    `${name} ${all.bastion}`,
    `@cert-authority ${name} ${first}`,
    `@cert-authority ${name} ${next}`,
    `bastion.production.south.example.org ${all.bastion}`,
  ]);
  expect(config).toContain("HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com,ssh-ed25519\n");
});

test("a key that is named is taken, and no other, wherever it is held", () => {
  const text = (identity?: SshIdentity) =>
    sshTexts(registers, { knownHosts: "/k", ...(identity ? { identity } : {}) }).config;
  const named = text({ key: "/keys/mine.pub", certificate: "/keys/mine-cert.pub" });
  expect(named).toContain(
    '  IdentityFile "/keys/mine.pub"\n  IdentitiesOnly yes\n  CertificateFile "/keys/mine-cert.pub"\n',
  );
  for (const config of [named, text()]) expect(config).not.toMatch(/IdentityAgent|BatchMode/);
  expect(text()).not.toMatch(/IdentitiesOnly/);
});
