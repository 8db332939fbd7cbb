import { stringify } from "yaml";
import type { StatedFdb } from "../../model/site/fdb";
import type { FdbSpace, SpaceHandler } from "../../model/site/fdb-space";
import { at, type Ipv4, internet, offsetIn } from "../../model/words/address";
import { files, rootOf } from "./places";
import { regexOf } from "./spaces";

/** Where a server listens. */
export interface Listens {
  readonly port: number;
  /** @default - one connection carries all */
  readonly dataPorts?: { readonly from: number; readonly to: number };
}

const gateNetwork = "gate";

/** Where a store is met: by all, and by those who come through the gate. */
export interface Store {
  /** `10.20.8.11:10000` */
  readonly default: string;
  /** `localhost:11001`, of their own node. @default - nobody comes by a gate */
  readonly [gateNetwork]?: string;
}

/**
 * Everything that the files of FDB may say. It passes over what it does not know, misspelt rights among it: so nothing else is written.
 * @see fdb, docs/fdb/content/config-schema
 */
interface ServerKeys {
  readonly serverPort: number;
  readonly dataPortStart?: number;
  readonly dataPortCount?: number;
  /** 1: one connection for control and data. That clients prefer it is not passed on to stores. */
  readonly supportedConnections?: readonly [1];
  readonly schema: string;
  readonly spaces: readonly Space[];
}

interface Space {
  readonly regex: string;
  readonly handler: SpaceHandler;
  readonly roots: readonly (Rights & { readonly path: string })[];
}

/** @see fdb, src/fdb5/toc/RootManager.cc */
interface Rights {
  readonly writable: boolean;
  readonly visit: boolean;
  readonly list: boolean;
  readonly retrieve: boolean;
  readonly archive: boolean;
  readonly wipe: boolean;
}

type CatalogueKeys = ServerKeys & {
  readonly type: "catalogue";
  readonly engine: "toc";
  /** How clients of a network meet stores; all others by `default`, which the index has of every field. */
  readonly networks?: readonly { readonly name: typeof gateNetwork; readonly netmask: string }[];
  readonly stores: readonly Store[];
};
type StoreKeys = ServerKeys & { readonly type: "store" };

/** All that a client may be told. */
export interface ClientKeys {
  readonly type: "remote";
  readonly host: string;
  readonly port: number;
  readonly engine: "remote";
  readonly store: "remote";
  /** Fields are told apart by it before anybody is asked; without it, programs look for one below FDB_HOME, and end. */
  readonly schema: string;
  readonly preferSingleConnection?: true;
}

const written = (at: string, keys: CatalogueKeys | StoreKeys | ClientKeys): string =>
  `${at}\n${stringify(keys, { lineWidth: 0 })}`;

const serverKeys = (
  { port, dataPorts }: Listens,
  { wipe, layout }: StatedFdb,
  spaces: readonly FdbSpace[],
): ServerKeys => ({
  serverPort: port,
  ...(dataPorts
    ? { dataPortStart: dataPorts.from, dataPortCount: dataPorts.to - dataPorts.from + 1 }
    : { supportedConnections: [1] }),
  schema: files.schema,
  spaces: spaces.map(({ of, handler, archive, volumes }) => ({
    regex: regexOf(layout, of),
    handler,
    roots: volumes.map((volume) => ({
      path: rootOf(volume),
      writable: archive,
      visit: true,
      list: true,
      retrieve: true,
      archive,
      wipe,
    })),
  })),
});

/**
 * @param header the first line
 * @param stores fields are found by their `default` for as long as they lie there
 * @param gates addresses of hosts through which jobs come
 */
export const catalogueYaml = (
  header: string,
  listens: Listens,
  said: StatedFdb,
  stores: readonly Store[],
  gates: readonly Ipv4[],
): string =>
  written(header, {
    type: "catalogue",
    engine: "toc",
    ...serverKeys(listens, said, said.catalogue.spaces),
    ...(gates.length > 0 ? { networks: gates.map((gate) => ({ name: gateNetwork, netmask: pairOf(gate) })) } : {}),
    stores,
  });

/** A network of one address is refused, without a word of why: so it is the pair of which it is one. @see eckit, src/eckit/net/NetMask.cc */
const pairOf = (address: Ipv4): string => `${at(internet, 2 * Math.floor(offsetIn(internet, address) / 2))}/31`;

export const storeYaml = (at: string, listens: Listens, said: StatedFdb): string =>
  written(at, { type: "store", ...serverKeys(listens, said, said.store.spaces) });

/** What is told to whoever reads and writes by the network. @param host of the catalogue, which names the stores */
export const clientKeys = (host: string, { port, dataPorts }: Listens, schema: string = files.schema): ClientKeys => ({
  type: "remote",
  host,
  port,
  engine: "remote",
  store: "remote",
  schema,
  ...(dataPorts ? {} : { preferSingleConnection: true as const }),
});

/** The same, as a file. */
export const clientYaml = (at: string, keys: ClientKeys): string => written(at, keys);
