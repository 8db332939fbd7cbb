import { z } from "zod";
import type { PlaceEntry } from "../model/entries";
import type { CloudService } from "../model/site/cloud";
import { listed } from "../model/words/problem";
import { grantedIn } from "../model/words/public-address";
import { Size } from "../model/words/quantity";
import { CloudError, type ServiceType, type Session } from "./openstack/session";

/** Something that the site file says of a cloud, and what the cloud says. */
export interface Finding {
  /** Where the site file says it: `lumi.cloud.images.debian12`. */
  readonly path: string;
  readonly described: string;
  readonly found: string;
  /** `unseen`: the cloud does not tell us. */
  readonly verdict: "as described" | "differs" | "missing" | "unseen";
}

/** Services by which what a site file says a cloud `has` is known. */
const services: Readonly<Record<CloudService, ServiceType>> = {
  octavia: "balancer",
  designate: "dns",
  swift: "objects",
  "swift-versioning": "objects",
  cinder: "volume",
};

/** Holds what a site file says of a tenancy's cloud against the cloud. Changes nothing. */
export async function preflight(session: Asked, place: PlaceEntry): Promise<readonly Finding[]> {
  const parts = [roles, images, flavors, external, offered, quota, granted];
  const findings = await Promise.all(parts.map((part) => part(session, place)));
  return findings.flat();
}

/** What a cloud is asked by. */
export type Asked = Pick<Session, "project" | "roles" | "has" | "get" | "list">;

type Part = (session: Asked, place: PlaceEntry) => Promise<readonly Finding[]>;

const finding = (
  path: string,
  described: string,
  found: string | undefined,
  isSame = described === found,
): Finding => ({
  path,
  described,
  found: found ?? "not there",
  verdict: found === undefined ? "missing" : isSame ? "as described" : "differs",
});

const pathOf = ({ site, name }: PlaceEntry, ...rest: readonly string[]): string => [site.name, name, ...rest].join(".");

/** What is deployed as a plain member cannot harm others. */
const roles: Part = async (session, place) => [
  finding(
    pathOf(place, "project"),
    "a member, and no administrator",
    listed(session.roles),
    session.roles.includes("member") && !session.roles.some((role) => /admin/.test(role)),
  ),
];

const images: Part = async (session, { site, hosts }) => {
  const wanted = Object.entries(site.cloud.images).filter(([name]) => hosts.some(({ image }) => image === name));
  return Promise.all(
    wanted.map(async ([name, id]) => {
      const image = await unlessMissing(session.get("image", `/images/${id}`));
      const read = image === undefined ? undefined : z.object({ status: z.string(), name: z.string() }).parse(image);
      return finding(
        `${site.name}.cloud.images.${name}`,
        id,
        read && `${read.name}, ${read.status}`,
        read?.status === "active",
      );
    }),
  );
};

const flavorSchema = z.object({ name: z.string(), vcpus: z.number(), ram: z.number() });
const flavors: Part = async (session, { site, hosts }) => {
  const all = (await session.list("compute", "/flavors/detail", "flavors")).map((each) => flavorSchema.parse(each));
  const wanted = Object.entries(site.cloud.flavors).filter(([name]) => hosts.some(({ flavor }) => flavor === name));
  return wanted.map(([key, { name, vcpus, ram }]) => {
    const found = all.find((each) => each.name === name);
    const sized = (cpus: number, gib: number) => `${name}: ${cpus} vCPU, ${gib} GiB`;
    return finding(
      `${site.name}.cloud.flavors.${key}`,
      sized(vcpus, ram.gib),
      found && sized(found.vcpus, found.ram / 1024),
    );
  });
};

const external: Part = async (session, { site }) => {
  const networks = await session.list("network", "/networks?router:external=true", "networks");
  const names = networks.map((each) => z.object({ name: z.string() }).parse(each).name);
  const { external: name } = site.cloud;
  return [
    {
      ...finding(`${site.name}.cloud.external`, name, names.includes(name) ? name : undefined),
      ...(names.includes(name) ? {} : { found: `external networks: ${listed(names)}` }),
    },
  ];
};

const offered: Part = async (session, { site }) =>
  site.cloud.has.map((service) =>
    finding(`${site.name}.cloud.has`, service, session.has(services[service]) ? service : undefined),
  );

/** What a quota is called by the service that keeps it; `-1` is no limit. */
const limits = z.object({ limits: z.object({ absolute: z.record(z.string(), z.number()) }) });
const networkQuota = z.object({ quota: z.record(z.string(), z.unknown()) });
const quota: Part = async (session, place) => {
  const { quota: said } = place.tenancy;
  const compute = limits.parse(await session.get("compute", "/limits")).limits.absolute;
  const volume = session.has("volume") ? limits.parse(await session.get("volume", "/limits")).limits.absolute : {};
  const network = networkQuota.parse(await session.get("network", `/quotas/${session.project.id}`)).quota;
  const cloud: Readonly<Record<string, unknown>> = {
    vcpus: compute.maxTotalCores,
    ram: inGib(compute.maxTotalRAMSize),
    instances: compute.maxTotalInstances,
    serverGroups: compute.maxServerGroups,
    gigabytes: volume.maxTotalVolumeGigabytes,
    volumes: volume.maxTotalVolumes,
    floatingIps: network.floatingip,
    ports: network.port,
    securityGroups: network.security_group,
    securityGroupRules: network.security_group_rule,
  };
  return Object.entries(said).flatMap(([key, value]): readonly Finding[] => {
    const path = pathOf(place, "quota", key);
    const wanted = value instanceof Size ? value.gib : value;
    const found = cloud[key];
    if (wanted === undefined) return [];
    if (typeof found !== "number") return [{ path, described: String(wanted), found: "not told", verdict: "unseen" }];
    const isEnough = found === -1 || found >= wanted;
    return [finding(path, String(wanted), found === -1 ? "no limit" : String(found), isEnough)];
  });
};

const inGib = (mib: number | undefined): number | undefined => (mib === undefined || mib < 0 ? mib : mib / 1024);

const granted: Part = async (session, place) => {
  const wanted = place.hosts.flatMap(({ name, public: facing }) => {
    const address = grantedIn(facing?.how);
    return address === undefined ? [] : [{ name, address }];
  });
  if (wanted.length === 0) return [];
  const path = `/floatingips?project_id=${session.project.id}`;
  const ours = (await session.list("network", path, "floatingips")).map(
    (each) => z.object({ floating_ip_address: z.string() }).parse(each).floating_ip_address,
  );
  return wanted.map(({ name, address }) =>
    finding(pathOf(place, "public", name), address, ours.includes(address) ? address : undefined),
  );
};

async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CloudError && error.status === 404) return undefined;
    throw error;
  }
}
