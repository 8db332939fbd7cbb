import { stringify } from "yaml";
import type { FeatureOptions } from "../../model/site/polytope";
import type { ClientKeys } from "../fdb/server";
import { metAt, ports, services } from "./places";

/**
 * What all workers are told: where results go, and where they tell of themselves. They pass over what they do not know.
 * @see polytope-server at e71520d, workers/common/src: config.rs, delivery_config.rs
 */
interface WorkerKeys {
  readonly delivery: { readonly delivery_type: "bobs"; readonly bobs_url: string };
  readonly management: { readonly port: number };
}

/** @see polytope-server at e71520d, workers/fdb-worker/src/main.rs: the section goes to FDB as it is */
type FieldsKeys = WorkerKeys & { readonly fdb: ClientKeys };

/** @see polytope-server at e71520d, workers/polytope-fe-worker/polytope.py: PolytopeDataSource */
type FeaturesKeys = WorkerKeys & {
  readonly polytope: {
    readonly type: "polytope";
    readonly fdb_config: ClientKeys;
    readonly gribjump_config: { readonly servermap: readonly Beside[]; readonly forwardExtraction: true };
    readonly datacube: { readonly type: "gribjump" };
    readonly options: FeatureOptions;
  };
};

/** A store of the FDB, and GribJump beside it: `10.20.8.11:10000`. */
export interface Beside {
  readonly fdb: string;
  readonly gribjump: string;
}

const common: WorkerKeys = {
  delivery: { delivery_type: "bobs", bobs_url: `http://${metAt(services.spool, ports.spool)}` },
  management: { port: ports.metrics },
};

const written = (at: string, keys: FieldsKeys | FeaturesKeys): string =>
  `${at}\n${stringify(keys, { lineWidth: 0, aliasDuplicateObjects: false })}`;

/** Of a worker that brings fields whole. @param at the first line */
export const fieldsYaml = (at: string, fdb: ClientKeys): string => written(at, { ...common, fdb });

/** Of a worker that cuts features out of fields. @param at the first line */
export const featuresYaml = (
  at: string,
  fdb: ClientKeys,
  servermap: readonly Beside[],
  options: FeatureOptions,
): string =>
  written(at, {
    ...common,
    polytope: {
      type: "polytope",
      fdb_config: fdb,
      gribjump_config: { servermap, forwardExtraction: true },
      datacube: { type: "gribjump" },
      options,
    },
  });
