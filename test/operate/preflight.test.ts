import { bastion, proxy } from "../../constructs/edge/spec";
import { gather } from "../../model/gather";
import { allocated, granted } from "../../model/vocabulary";
import { CloudError } from "../../operate/openstack/session";
import { type Asked, preflight } from "../../operate/preflight";
import { north, tenancy } from "../model/platform";

const site = north({
  production: tenancy({ runs: [bastion(), proxy()], public: { bastion: allocated, proxy: granted("192.0.2.9") } }),
});
const place = gather([site]).registers.places[0];
if (!place) throw new Error("no place");

/** A cloud that is as described, but for what a test says. */
const cloud = (is: Readonly<Record<string, unknown>> = {}, more: Partial<Asked> = {}): Asked => {
  const answers: Readonly<Record<string, unknown>> = {
    "/images/deb12000-0000-4000-8000-000000000001": { status: "active", name: "Debian 12" },
    "/flavors/detail": [
      { name: "s", vcpus: 2, ram: 4096 },
      { name: "m", vcpus: 4, ram: 16384 },
    ],
    "/networks?router:external=true": [{ name: "external" }],
    "compute /limits": {
      limits: {
        absolute: { maxTotalCores: 1000, maxTotalRAMSize: 4096000, maxTotalInstances: 100, maxServerGroups: 10 },
      },
    },
    "volume /limits": { limits: { absolute: { maxTotalVolumeGigabytes: -1, maxTotalVolumes: 100 } } },
    "/quotas/p": { quota: { floatingip: 10, port: 500, security_group: 100, security_group_rule: 1000 } },
    "/floatingips?project_id=p": [{ floating_ip_address: "192.0.2.9" }],
    ...is,
  };
  const answer = (service: string, path: string): unknown => {
    const found = answers[`${service} ${path}`] ?? answers[path];
    if (found === undefined) throw new CloudError(`no ${path}`, 404);
    return found;
  };
  return {
    project: { id: "p", name: "north-production" },
    roles: ["member"],
    has: () => true,
    get: async (service, path) => answer(service, path),
    list: async (service, path) => answer(service, path) as unknown[],
    ...more,
  };
};
const told = async (asked: Asked) =>
  (await preflight(asked, place))
    .filter(({ verdict }) => verdict !== "as described")
    .map(({ path, described, found, verdict }) => [verdict, path, described, found].join(" | "));

test("a cloud that is as described is told as that, fact by fact; what the API does not tell is unseen", async () => {
  expect(await told(cloud())).toEqual([]);
  expect((await preflight(cloud(), place)).length).toBeGreaterThan(15);
  expect(await told(cloud({ "/quotas/p": { quota: {} } }))).toContainEqual(
    "unseen | north.production.quota.ports | 500 | not told",
  );
});

test.each<[string, Asked, string]>([
  [
    "an image that is not there",
    cloud({ "/images/deb12000-0000-4000-8000-000000000001": undefined }),
    "missing | north.cloud.images.debian12 | deb12000-0000-4000-8000-000000000001 | not there",
  ],
  [
    "an image that cannot be used",
    cloud({ "/images/deb12000-0000-4000-8000-000000000001": { status: "deactivated", name: "old" } }),
    "differs | north.cloud.images.debian12 | deb12000-0000-4000-8000-000000000001 | old, deactivated",
  ],
  [
    "a flavor of another size",
    cloud({
      "/flavors/detail": [
        { name: "s", vcpus: 1, ram: 2048 },
        { name: "m", vcpus: 4, ram: 16384 },
      ],
    }),
    "differs | north.cloud.flavors.small | s: 2 vCPU, 4 GiB | s: 1 vCPU, 2 GiB",
  ],
  [
    "another external network",
    cloud({ "/networks?router:external=true": [{ name: "public" }] }),
    "missing | north.cloud.external | external | external networks: public",
  ],
  [
    "a service that is not there",
    cloud({}, { has: (service) => service !== "dns" }),
    "missing | north.cloud.has | designate | not there",
  ],
  [
    "too small a quota",
    cloud({ "/quotas/p": { quota: { floatingip: 1, port: 500, security_group: 100, security_group_rule: 1000 } } }),
    "differs | north.production.quota.floatingIps | 10 | 1",
  ],
  [
    "an address that is not ours",
    cloud({ "/floatingips?project_id=p": [] }),
    "missing | north.production.public.proxy | 192.0.2.9 | not there",
  ],
  [
    "an administrator's credentials",
    cloud({}, { roles: ["member", "admin"] }),
    "differs | north.production.project | a member, and no administrator | member, admin",
  ],
])("%s", async (_, asked, expected) => expect(await told(asked)).toContainEqual(expected));

test("a cloud that refuses is no cloud in which things are missing", () =>
  expect(
    preflight(
      cloud({}, { get: async () => Promise.reject(new CloudError("image answered 403 to /v2/images", 403)) }),
      place,
    ),
  ).rejects.toThrow(/403/));
