import { z } from "zod";
import { type Component, component } from "../../model/site/component";
import { type FdbClient, fdbAccount, fdbClient } from "../../model/site/fdb";
import { type Layout, layoutSchema } from "../../model/site/layout";
import { type Need, type Service, tcp } from "../../model/site/need";
import { type Fate, fates, flavor } from "../../model/site/specs";
import type { DescribedFields } from "../../model/words/assumed";
import { nameOf } from "../../model/words/name";
import { type Fields, flag, oneOf, whole } from "../../model/words/parse";
import type { Problem } from "../../model/words/problem";
import { gib, type Size, size, time } from "../../model/words/quantity";
import { type Archiving, added, archivingSchema } from "./archiving";
import { capacityProblems, type Retention } from "./capacity";
import { unitOf, wipeFile } from "./places";
import { type SpaceOptions, spaceProblems, spaceSchema, volumesOf } from "./spaces";

/** How large an FDB is, who reaches it, and what becomes of its data. */
export interface FdbOptions {
  /** Servers that hold the data, 1 to 20. */
  readonly stores: number;
  /** The volume of each store, `data`. @default - what `spaces` says */
  readonly volume?: Size;
  /**
   * Volumes of each store, in groups by name, `{ main: { volumes: [tib(40)] } }`: the first group that a field is of takes it, the last all that is
   * left. Names are labels of file systems. @default - the one of `volume` takes all
   */
  readonly spaces?: Readonly<Record<string, SpaceOptions>>;
  /** What becomes of the data when the FDB leaves the description. */
  readonly fate: Fate;
  /** How fields are laid out, which stays while there is data. */
  readonly layout: Layout;
  /** What the volumes are to hold. @default - nobody has said */
  readonly retention?: Retention;
  /** Whether clients may delete, any of them anything: FDB asks nobody who he is. @default false */
  readonly wipe?: boolean;
  /** The volume of the catalogue. @default gib(500) */
  readonly index?: Size;
  /** Who reads and writes: hosts of a role, or pods of a workload, of this tenancy. @default - nobody */
  readonly clients?: readonly FdbClient[];
  /** How output of the supercomputer comes in: `direct(…)`, `datamover({ … })` or `transferJob({ … })`. @default - it does not */
  readonly archiving?: Archiving;
  /** @default 10000, as on the bridges that can be seen in public; FDB's own default is 7654 */
  readonly port?: number;
  /**
   * The ports of data connections, `{ from: 40000, to: 40199 }`; as many clients at a time.
   * @default - none: a client's one connection carries control and data (`supportedConnections`)
   */
  readonly dataPorts?: { readonly from: number; readonly to: number };
  /** Flavor of catalogue and stores. @default "large" */
  readonly flavor?: string;
}

const port = whole(1024, 65535, "1024 to 65535", "leave it out for the default");

const schema = z.strictObject({
  stores: whole(1, 20, "1 to 20 stores", "write a number"),
  volume: size.exactOptional(),
  spaces: z.record(nameOf("rename it"), spaceSchema).exactOptional(),
  fate: oneOf(fates, 'write "keep", or "disposable" if nobody would miss the data'),
  layout: layoutSchema,
  retention: z.strictObject({ daily: size, kept: time } satisfies Fields<Retention>).optional(),
  wipe: flag.default(false),
  index: size.default(gib(500)),
  clients: z.array(fdbClient).default([]),
  archiving: archivingSchema.exactOptional(),
  port: port.default(10000),
  dataPorts: z
    .strictObject({ from: port, to: port })
    .refine(({ from, to }) => from <= to, { params: { allowed: "ports with the lower first", fix: "exchange them" } })
    .optional(),
  flavor: flavor.default("large"),
} satisfies Fields<FdbOptions>);

const key = { class: {} };
const fallback = {
  stores: 1,
  volume: gib(1),
  fate: "keep",
  layout: { rules: [{ dataset: key, collocation: key, element: key }] },
};

const roles = { catalogue: "fdb-catalogue", store: "fdb-store" } as const;

/** An FDB: a catalogue and stores, for clients that are named alone, since its protocol asks nobody who they are. */
export const fdb = (options: DescribedFields<FdbOptions>): Component =>
  component("fdb", "fdb", { schema, input: options, fallback }, (is, here) => {
    const entrance = is.archiving?.by === "direct" ? { entrance: "routed" as const } : {};
    const services = Object.values(roles).flatMap((role): readonly Service[] =>
      [
        { service: role, traffic: tcp(is.port) },
        ...(is.dataPorts ? [{ service: `${role}-data`, traffic: tcp(is.dataPorts.from, is.dataPorts.to) }] : []),
      ].map((each) => ({ ...each, on: { role }, auth: "none", ...entrance })),
    );
    const spaces = is.spaces ?? {
      data: { volumes: [is.volume ?? gib(1)], handler: "Default" as const, archive: true },
    };
    const volumes = Object.entries(spaces).flatMap(([name, space]) => volumesOf(name, space));
    const open = Object.entries(spaces).flatMap(([name, space]) => (space.archive ? volumesOf(name, space) : []));
    const way = added(is.archiving, services, is.fate, here);
    const clients = [...is.clients, ...way.clients];
    const server = (role: string) => ({
      role,
      service: role,
      ...(is.dataPorts ? { data: `${role}-data` } : {}),
    });
    return {
      problems: [
        ...oneOrTheOther(is),
        ...dataPortProblems(is),
        ...(is.spaces ? spaceProblems(is.spaces, is.layout) : []),
        ...(is.retention ? capacityProblems(is.retention, is.stores, open) : []),
        ...way.problems,
      ],
      // Whether they run, and answer, is seen as of every unit and every service.
      unobserved: "it has no metrics: its units, ports, logs and volumes are seen as those of all",
      fdb: [
        {
          fdb: "fdb",
          layout: is.layout,
          catalogue: {
            ...server(roles.catalogue),
            spaces: [{ handler: "Default", archive: true, volumes: ["index"] }],
          },
          store: {
            ...server(roles.store),
            spaces: Object.entries(spaces).map(([name, space]) => ({
              ...(space.of ? { of: space.of } : {}),
              handler: space.handler,
              archive: space.archive,
              volumes: volumesOf(name, space).map((volume) => volume.name),
            })),
          },
          clients,
          wipe: is.wipe,
          ...way.fdb,
        },
      ],
      hosts: [
        {
          name: "fdb-catalogue",
          roles: [roles.catalogue],
          subnet: "data",
          slot: 10,
          flavor: is.flavor,
          flavorOption: "flavor",
          volumes: [{ name: "index", size: is.index, fate: is.fate }],
        },
        ...Array.from({ length: is.stores }, (_, i) => ({
          name: `fdb-store-${i + 1}`,
          roles: [roles.store],
          subnet: "data" as const,
          slot: 11 + i,
          flavor: is.flavor,
          flavorOption: "flavor",
          volumes: volumes.map((volume) => ({ ...volume, fate: is.fate })),
          apart: { group: "fdb-store", policy: "soft-anti-affinity" as const },
        })),
        ...way.hosts,
      ],
      secrets: is.wipe
        ? [{ secret: "fdb", keys: ["wipe"], why: "catalogue and stores know each other when they delete" }]
        : [],
      services: [...services, ...way.services],
      needs: [
        ...services
          .filter(({ on }) => "role" in on && on.role === roles.store)
          .map(({ service }) => flow({ role: roles.catalogue }, service, "the catalogue speaks to its stores")),
        ...clients.flatMap((client) =>
          services.map(({ service }) => ({
            ...flow(client, service, `${"role" in client ? client.role : client.workload} reads and writes fields`),
            option: "clients",
          })),
        ),
        ...way.needs,
        ...(is.wipe
          ? Object.values(roles).map(
              (role): Need => ({
                need: "secret",
                by: { role },
                secret: "fdb",
                key: "wipe",
                file: wipeFile,
                owner: fdbAccount,
                restarts: unitOf(role),
                why: "it deletes for nobody but the other",
              }),
            )
          : []),
      ],
    };
  });

const flow = (from: FdbClient, service: string, why: string): Need => ({ need: "flow", from, to: { service }, why });

const oneOrTheOther = ({ volume, spaces }: z.output<typeof schema>): readonly Problem[] =>
  (volume === undefined) === (spaces === undefined)
    ? [
        {
          path: "volume",
          value: volume === undefined ? undefined : `${volume}`,
          allowed: "the volume of each store, or spaces of several",
          fix: volume === undefined ? "write volume: tib(40)" : "leave volume out",
        },
      ]
    : [];

/** Data by ports of their own come by no gate, and not where all else comes. */
function dataPortProblems({ dataPorts, port, archiving }: z.output<typeof schema>): readonly Problem[] {
  if (!dataPorts) return [];
  const { from, to } = dataPorts;
  const path = "dataPorts";
  return [
    ...(from <= port && port <= to
      ? [
          {
            path,
            value: `${from} to ${to}`,
            allowed: `ports without ${port}, at which it answers`,
            fix: "choose others",
          },
        ]
      : []),
    ...(archiving?.by === "job"
      ? [
          {
            path,
            value: `${from} to ${to}`,
            allowed:
              "no ports of their own with transferJob(): a job has one connection to each server, for control and data",
            fix: "leave dataPorts out",
          },
        ]
      : []),
  ];
}
