import { stringify } from "yaml";
import type { Size } from "../../model/words/quantity";
import { downloads, ports, spoolFolder } from "./places";

/**
 * Everything that BOBS is told. It passes over what it does not know, and takes its own default for what is not said.
 * @see bobs at d1f30fe, docs/src/configuration.md; at 36c778e, src/config.rs
 */
interface SpoolKeys {
  readonly host: string;
  readonly port: number;
  readonly data_dir: string;
  /** Bytes that a reader sees at once, and of all that it has in memory. */
  readonly page_size: number;
  readonly max_cache_bytes: number;
  /** Results that nobody has fetched whole, at most; by itself as many as pages fit into memory. Who comes then is turned away. */
  readonly max_live_spools: number;
  /** Of one result. */
  readonly max_spool_bytes: number;
  readonly writer_inactivity_timeout_secs: number;
  /** How long a result stays that nobody fetches, and one that was fetched whole. */
  readonly read_idle_ttl_secs: number;
  readonly full_read_complete_ttl_secs: number;
  /** Of `https://<host_prefix>.<domain>/<route_name>-<pod>/<key>`, where clients are sent. */
  readonly host_prefix: string;
  readonly domain: string;
  readonly route_name: string;
  readonly metrics: {
    readonly enabled: true;
    readonly bind_address: string;
    readonly port: number;
    readonly allowed_labels: readonly string[];
  };
}

const mib = 2 ** 20;

/** How large a result may be. @see bobs at d1f30fe, docs/src/configuration.md: max_spool_bytes, its own default */
const largest = 8 * 1024 * mib;

/** @param at the first line @param address by which clients know Polytope @param kept seconds that a result waits for who asked for it @param room for all of them */
export function spoolYaml(at: string, address: string, kept: number, room: Size): string {
  const [prefix = "", ...domain] = address.split(".");
  const keys: SpoolKeys = {
    host: "0.0.0.0",
    port: ports.spool,
    data_dir: spoolFolder,
    page_size: 16 * mib,
    max_cache_bytes: 256 * mib,
    max_live_spools: 4096,
    max_spool_bytes: Math.min(largest, room.mib * mib),
    writer_inactivity_timeout_secs: 300,
    read_idle_ttl_secs: kept,
    full_read_complete_ttl_secs: 30,
    host_prefix: prefix,
    domain: domain.join("."),
    route_name: downloads.route,
    metrics: { enabled: true, bind_address: "0.0.0.0", port: ports.spoolMetrics, allowed_labels: ["collection"] },
  };
  return `${at}\n${stringify(keys, { lineWidth: 0 })}`;
}
