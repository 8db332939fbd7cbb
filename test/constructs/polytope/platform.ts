import {
  bastion,
  cluster,
  clusterCollector,
  collector,
  fdb,
  ingress,
  polytope,
  proxy,
  sharedServices,
  vault,
  vaultAgent,
} from "../../../constructs/specs";
import type { Component } from "../../../model/site/component";
import { tcp } from "../../../model/site/need";
import { gib, hours, mbitPerSecond, mib } from "../../../model/vocabulary";
import { givingVolumes, layout, learned, north, saying, south, tenancy } from "../../model/platform";

export const image = (name: string) => `registry.example.org/${name}:1@sha256:${"a".repeat(64)}`;

/** Sound options, to which a test adds what it is about. */
export const options: Parameters<typeof polytope>[0] = {
  address: "polytope.example.org",
  tags: { site: "nor", env: "prd" },
  images: { entrance: image("nginx"), frontend: image("frontend"), fields: image("fdb-worker"), spool: image("bobs") },
  collections: { all: { serves: { class: ["d1"] }, roles: { people: ["reader"] } } },
  spool: { size: gib(20), on: "node" },
};

/** What vouches for users: a service on pods, and what is known by both. */
export const asking: Component = saying(
  {
    namespaces: [{ namespace: "login", quota: { milliCpu: 1000, memory: gib(1), pods: 3 }, why: "vouches" }],
    workloads: [
      {
        workload: "auth-o-tron",
        namespace: "login",
        runs: { kind: "Deployment", replicas: 1 },
        containers: [{ name: "it", image: image("auth-o-tron"), milliCpu: 100, memory: mib(128) }],
        why: "vouches for users",
      },
    ],
    services: [{ service: "auth-o-tron", on: { workload: "auth-o-tron" }, traffic: tcp(8080), auth: "none" }],
    vouching: [{ vouching: "auth-o-tron", people: "people", platform: "platform", accounts: { robot: ["robots"] } }],
    secrets: [{ secret: "auth-o-tron/jwt", keys: ["secret"], why: "signs tokens" }],
  },
  "auth-o-tron",
);

/** GribJump on the stores of the FDB. */
export const jumping: Component = saying(
  { services: [{ service: "gribjump", on: { role: "fdb-store" }, traffic: tcp(10001), auth: "none" }] },
  "gribjump",
);

/** How a datacube is made of fields. */
export const cutting = {
  gribjump: "gribjump",
  options: {
    axis_config: [
      { axis_name: "step", transformations: [{ name: "type_change", type: "int" }] },
      {
        axis_name: "values",
        transformations: [{ name: "mapper", type: "octahedral", resolution: 2560, axes: ["latitude", "longitude"] }],
      },
      { axis_name: "longitude", transformations: [{ name: "cyclic", range: [0, 360] }] },
    ],
    compressed_axes_config: ["longitude", "latitude", "levtype", "step", "param"],
    pre_path: ["class", "date"],
  },
} as const;

/** Who reads the FDB. */
const workersOf = (is: object) =>
  ["polytope-fdb-worker", ...("features" in is ? ["polytope-fe-worker"] : [])].map((workload) => ({ workload }));

/** A platform with Polytope in `north.production`. */
export function platform(
  is: object = {},
  {
    more = [asking],
    fields = {},
    volumes = false,
  }: { more?: readonly Component[]; fields?: object | null; volumes?: boolean } = {},
) {
  const at = { site: "north", tenancy: "production" };
  const gathered = learned([
    north(
      {
        production: tenancy({
          runs: [
            bastion(),
            proxy(),
            vault({ from: [] }),
            vaultAgent({ at }),
            cluster({ servers: 1, workers: 1, ...(volumes ? { cloud: true } : {}) }),
            sharedServices({ vault: at }),
            ingress(),
            collector({ survives: hours(1), at: mbitPerSecond(1), deliversTo: at }),
            clusterCollector({ image: image("otelcol") }),
            ...(fields
              ? [fdb({ stores: 2, volume: gib(10), fate: "keep", layout, clients: workersOf(is), ...fields })]
              : []),
            polytope({ ...options, ...is } as typeof options),
            ...more,
          ],
        }),
      },
      volumes ? { cloud: givingVolumes } : {},
    ),
    south({}),
  ]);
  const place = gathered.registers.places.find(({ id }) => id === "north-production");
  if (!place) throw new Error("no place");
  return {
    place,
    registers: gathered.registers,
    told: gathered.problems
      .filter(({ path }) => path.includes("polytope"))
      .map(({ path, value, allowed, fix }) => `${path} | ${JSON.stringify(value)} | ${allowed} | ${fix}`),
  };
}
