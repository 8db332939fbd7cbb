import { z } from "zod";
import { type Component, component } from "../../model/site/component";
import { type Need, type Service, tcp } from "../../model/site/need";
import { type Fate, fates, flavor } from "../../model/site/specs";
import { type Fields, names, oneOf, whole } from "../../model/words/parse";
import { gib, type Size, size } from "../../model/words/quantity";

export interface FdbOptions {
  /** Servers that hold the data, 1 to 20. */
  readonly stores: number;
  /** The volume of each store. */
  readonly volume: Size;
  /** What becomes of the data when the FDB leaves the description. */
  readonly fate: Fate;
  /** The volume of the catalogue. @default gib(500) */
  readonly index?: Size;
  /** Roles of this tenancy that read and write. @default - none */
  readonly clients?: readonly string[];
  /** @default 10000, as on the bridges that can be seen in public; FDB's own default is 7654 */
  readonly port?: number;
  /**
   * The ports of data connections, `{ from: 40000, to: 40199 }`; as many clients at a time.
   * @default - none: a client's one connection carries control and data (`preferSingleConnection`)
   */
  readonly dataPorts?: { readonly from: number; readonly to: number };
  /** Flavor of catalogue and stores. @default "large" */
  readonly flavor?: string;
}

const port = whole(1024, 65535, "1024 to 65535", "leave it out for the default");

const schema = z.strictObject({
  stores: whole(1, 20, "1 to 20 stores", "write a number"),
  volume: size,
  fate: oneOf(fates, 'write "keep", or "disposable" if nobody would miss the data'),
  index: size.default(gib(500)),
  clients: names("a role of the tenancy").default([]),
  port: port.default(10000),
  dataPorts: z
    .strictObject({ from: port, to: port })
    .refine(({ from, to }) => from <= to, { params: { allowed: "ports with the lower first", fix: "exchange them" } })
    .optional(),
  flavor: flavor.default("large"),
} satisfies Fields<FdbOptions>);

/** An FDB: a catalogue and stores, for clients inside the tenancy only, since its protocol asks nobody who they are. */
export const fdb = (options: FdbOptions): Component =>
  component("fdb", "fdb", { schema, input: options, fallback: { stores: 1, volume: gib(1), fate: "keep" } }, (is) => {
    const roles = ["fdb-catalogue", "fdb-store"];
    const services = roles.flatMap((role): readonly Service[] => [
      { service: role, on: { role }, traffic: tcp(is.port), auth: "none" },
      ...(is.dataPorts
        ? [
            {
              service: `${role}-data`,
              on: { role },
              traffic: tcp(is.dataPorts.from, is.dataPorts.to),
              auth: "none" as const,
            },
          ]
        : []),
    ]);
    const flow = (from: string, service: string, why: string): Need => ({
      need: "flow",
      from: { role: from },
      to: { service },
      why,
    });
    return {
      hosts: [
        {
          name: "fdb-catalogue",
          roles: ["fdb-catalogue"],
          subnet: "data",
          slot: 10,
          flavor: is.flavor,
          flavorOption: "flavor",
          volumes: [{ name: "index", size: is.index, fate: is.fate }],
        },
        ...Array.from({ length: is.stores }, (_, i) => ({
          name: `fdb-store-${i + 1}`,
          roles: ["fdb-store"],
          subnet: "data" as const,
          slot: 11 + i,
          flavor: is.flavor,
          flavorOption: "flavor",
          volumes: [{ name: "data", size: is.volume, fate: is.fate }],
          apart: { group: "fdb-store", policy: "soft-anti-affinity" as const },
        })),
      ],
      services,
      needs: [
        ...services
          .filter(({ on }) => "role" in on && on.role === "fdb-store")
          .map(({ service }) => flow("fdb-catalogue", service, "the catalogue speaks to its stores")),
        ...is.clients.flatMap((role) =>
          services.map(({ service }) => ({
            ...flow(role, service, `${role} reads and writes fields`),
            option: "clients",
          })),
        ),
      ],
    };
  });
