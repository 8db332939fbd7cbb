import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./command";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

test("databridge inventory speaks Ansible's protocol, and writes what ssh has to know of hosts", () => {
  const key = "ssh-ed25519 AAAA";
  for (const value of ["public.bastion=203.0.113.5", `hostKeys.bastion=${key}`])
    expect(checkout.databridge("learn", "north", `production.${value}`).code).toBe(0);
  const { code, out, err } = checkout.databridge("inventory", "north", "--list");
  expect([code, err]).toEqual([0, ""]);
  const { _meta, role_bastion, unpinned, site_south } = JSON.parse(out);
  expect(role_bastion.hosts).toEqual(["north-production-bastion"]);
  expect(unpinned.hosts).toEqual([
    "north-production-proxy",
    "north-production-ecflow-prod",
    "north-production-ecflow-prod-standby",
  ]);
  expect(site_south).toBeUndefined();
  const one = checkout.databridge("inventory", "--host", "north-production-proxy");
  expect(JSON.parse(one.out)).toEqual(_meta.hostvars["north-production-proxy"]);
  const ssh = (file: string) => readFileSync(join(checkout.folder, ".databridge", "ssh", file), "utf8");
  expect(ssh("known_hosts")).toBe(`bastion.production.north.example.org ${key}\n`);
  expect(ssh("config")).toContain("Host north-production-bastion\n  HostName 203.0.113.5\n");
});

test("a host that is none is told", () => {
  const { code, err } = checkout.databridge("inventory", "--host", "north-production-prxy");
  expect([code, err]).toEqual([2, expect.stringContaining('there is no host "north-production-prxy"')]);
});

test("databridge configure says where it can work", () => {
  const { code, err } = checkout.databridge("configure", "north");
  expect([code, err]).toEqual([2, expect.stringContaining("a checkout of data-bridge-cdk")]);
  expect(existsSync(join(checkout.folder, "cdktf.out"))).toBe(false);
});
