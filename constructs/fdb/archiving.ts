import { z } from "zod";
import type { Place } from "../../model/site/component";
import type { FdbClient, FdbSpec } from "../../model/site/fdb";
import { readPublicKey } from "../../model/site/lock";
import { type Need, type Service, tcp } from "../../model/site/need";
import { type Description, type Fate, flavor, type HostSpec } from "../../model/site/specs";
import type { DescribedFields } from "../../model/words/assumed";
import { type Fields, text, whole, word } from "../../model/words/parse";
import type { Problem } from "../../model/words/problem";
import { type Size, size } from "../../model/words/quantity";

/** How what a forecast leaves at the supercomputer comes into the FDB beside it. */
export type Archiving = Direct | Datamover | TransferJob;

/** Its nodes write themselves. */
export interface Direct {
  readonly by: "direct";
  /** A private network of the site's `outside`, held by that supercomputer alone. */
  readonly from: string;
}

/** A host here fetches whole files, and archives them. */
export interface Datamover {
  readonly by: "datamover";
  /** The folder there into which files are moved once they are whole: `/gpfs/scratch/ehpc01/outbox`. */
  readonly outbox: string;
  /** The volume for what is not archived yet. */
  readonly staging: Size;
  /** @default "large" */
  readonly flavor?: string;
}

/** A job there archives, through a connection that it opens. */
export interface TransferJob {
  readonly by: "job";
  /** The private key by which it is known, there: `$HOME/.ssh/databridge-fdb`. */
  readonly key: string;
  /** Public halves of such keys, without comment; two while one takes the place of the other. */
  readonly authorized: readonly string[];
  /** The port of the relay. @default 2022 */
  readonly port?: number;
  /** @default "medium" */
  readonly flavor?: string;
}

/** Nodes of the supercomputer write themselves, from a private network that nobody else is in. @param from of the site's `outside` */
export const direct = (from: string): Direct => ({ by: "direct", from });
/** A host of the tenancy logs in to the supercomputer, fetches whole files, and archives them. */
export const datamover = (is: DescribedFields<Omit<Datamover, "by">>): DescribedFields<Datamover> => ({
  by: "datamover",
  ...is,
});
/** A job of the supercomputer archives, through a connection to a gate that knows it by its key. */
export const transferJob = (is: DescribedFields<Omit<TransferJob, "by">>): DescribedFields<TransferJob> => ({
  by: "job",
  ...is,
});

const path = (pattern: RegExp, example: string) =>
  word(
    (v) => (typeof v === "string" && pattern.test(v) && !v.includes("/..") ? v : undefined),
    `a path at the supercomputer, ${example}`,
    "write it in full",
  );

const publicKey = word(
  (v) => (typeof v === "string" && readPublicKey(v) === v ? v : undefined),
  'a public key without comment, "ssh-ed25519 AAAA…"',
  "ssh-keygen -y tells it",
);

export const archivingSchema = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("direct"), from: text("an outside network of the site") } satisfies Fields<Direct>),
  z.strictObject({
    by: z.literal("datamover"),
    // rsync hands no `$HOME` to a shell there.
    outbox: path(/^(\/[\w.-]+)+$/, "/gpfs/scratch/project/outbox"),
    staging: size,
    flavor: flavor.default("large"),
  } satisfies Fields<Datamover>),
  z.strictObject({
    by: z.literal("job"),
    key: path(/^(\$HOME)?(\/[\w.-]+)+$/, "$HOME/.ssh/databridge-fdb"),
    authorized: z.array(publicKey).max(4),
    port: whole(1024, 65535, "1024 to 65535", "leave it out for 2022").default(2022),
    flavor: flavor.default("medium"),
  } satisfies Fields<TransferJob>),
]);
export type StatedArchiving = z.output<typeof archivingSchema>;

const mover = { role: "fdb-datamover", as: "datamover", staging: "staging" };
const gate = { role: "fdb-gate", service: "fdb-gate" };

/** What a way of archiving adds to an FDB. */
export interface Added extends Required<Pick<Description, "hosts" | "services" | "needs" | "problems">> {
  readonly fdb: Pick<FdbSpec, "gate" | "datamover">;
  /** Who speaks to catalogue and stores by it. */
  readonly clients: readonly FdbClient[];
}

const nothing: Added = { hosts: [], services: [], needs: [], problems: [], fdb: {}, clients: [] };

export function added(is: StatedArchiving | undefined, servers: readonly Service[], fate: Fate, here: Place): Added {
  if (!is) return nothing;
  const { supercomputer } = here;
  if (!supercomputer) return { ...nothing, problems: [nobodyBeside(is, here)] };
  if (is.by === "direct")
    return {
      ...nothing,
      needs: servers.map(
        ({ service }): Need => ({
          need: "flow",
          from: { outside: is.from },
          to: { service },
          why: `nodes of ${supercomputer.name} write fields`,
          option: "archiving.from",
        }),
      ),
    };
  const host = (name: string, slot: number): HostSpec => ({
    name,
    roles: [name],
    subnet: "services",
    slot,
    flavor: is.flavor,
    flavorOption: "archiving.flavor",
  });
  if (is.by === "datamover")
    return {
      ...nothing,
      hosts: [{ ...host(mover.role, 45), volumes: [{ name: mover.staging, size: is.staging, fate }] }],
      needs: [
        {
          need: "flow",
          from: { role: mover.role },
          to: { supercomputer: supercomputer.name, nodes: "login", as: mover.as, submits: false },
          traffic: tcp(22),
          why: "it fetches what the forecast left",
          option: "archiving",
        },
      ],
      fdb: { datamover: { ...mover, supercomputer: supercomputer.name, outbox: is.outbox } },
      clients: [{ role: mover.role }],
    };
  return {
    ...nothing,
    // Its neighbour, 47, is nobody's: FDB tells networks apart by pairs.
    hosts: [host(gate.role, 46)],
    services: [
      {
        service: gate.service,
        on: { role: gate.role },
        traffic: tcp(2222),
        auth: "ssh-key",
        entrance: { relay: "proxy", port: is.port, option: "archiving.port" },
      },
    ],
    needs: [
      {
        need: "flow",
        from: { supercomputer: supercomputer.name, nodes: "compute" },
        to: { service: gate.service },
        why: "transfer jobs open a connection to catalogue and stores",
        option: "archiving",
      },
    ],
    fdb: { gate: { ...gate, authorized: is.authorized, key: is.key } },
    clients: [{ role: gate.role }],
  };
}

const nobodyBeside = ({ by }: StatedArchiving, { site }: Place): Problem => ({
  path: "archiving",
  value: by,
  allowed: `a supercomputer beside the cloud, since it is how what ${site}'s leaves comes in`,
  fix: "state supercomputer of the site, or leave archiving out",
});
