import { bastion, proxy } from "../../constructs/edge/spec";
import { gather } from "../../model/gather";
import { givenBy, keysOf } from "../../operate/learning";
import type { Inventory } from "../../operate/openstack/inventory";
import { north, tenancy } from "../model/platform";

const place = gather([north({ production: tenancy({ runs: [bastion(), proxy()] }) })]).registers.places[0];
if (!place) throw new Error("no place");
const router = (ip?: string) => ({
  name: place.id,
  external_gateway_info: ip === undefined ? null : { external_fixed_ips: [{ ip_address: ip }] },
});
const address = (host: string, ip: string) => ({ description: `north-production-${host}`, floating_ip_address: ip });
const given = (routers: readonly object[], floatingIps: readonly object[]) =>
  givenBy({ routers, floatingIps } as Inventory, place);

test("a cloud gives the router's address, and that of each host which has one", () => {
  const ips = [address("bastion", "198.51.100.1"), address("proxy", "198.51.100.2"), address("other", "198.51.100.3")];
  expect(given([router("192.0.2.1"), { name: "other" }], ips)).toEqual([
    { key: "production.router", value: "192.0.2.1" },
    { key: "production.public.bastion", value: "198.51.100.1" },
    { key: "production.public.proxy", value: "198.51.100.2" },
  ]);
});

test("what is not there, has no address, or is there twice, is told and not guessed", () => {
  const twice = [address("bastion", "198.51.100.1"), address("bastion", "198.51.100.2")];
  expect(given([router()], twice)).toEqual([
    { key: "production.router", why: "the router north-production has no address yet" },
    {
      key: "production.public.bastion",
      why: "the cloud has 2 of a public address described as north-production-bastion",
    },
    { key: "production.public.proxy", why: "the cloud has not a public address described as north-production-proxy" },
  ]);
  expect(given([], [])[0]).toEqual({ key: "production.router", why: "the cloud has not a router north-production" });
});

test("keys come from the console of the one server of that name", async () => {
  const servers = [{ id: "s1", name: "north-production-bastion" }];
  const console = "-----BEGIN SSH HOST KEY KEYS-----\nssh-ed25519 AAAA root@x\n-----END SSH HOST KEY KEYS-----";
  expect(await keysOf({ servers }, place, async (id) => (id.id === "s1" ? console : ""))).toEqual([
    { key: "production.hostKeys.bastion", value: "ssh-ed25519 AAAA" },
    { key: "production.hostKeys.proxy", why: "the cloud has not a server north-production-proxy" },
  ]);
});
