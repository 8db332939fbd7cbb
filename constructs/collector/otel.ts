import { stringify } from "yaml";
import { fileOf } from "./queue";

/** A configuration of the OpenTelemetry Collector: components by their ids, `otlp_http/home`, and pipelines of them. */
export interface OtelConfig {
  readonly extensions: Components;
  readonly receivers: Components;
  readonly processors: Components;
  readonly exporters: Components;
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<Record<string, Pipeline>>;
    readonly telemetry: object;
  };
}
export type Components = Readonly<Record<string, object>>;
interface Pipeline {
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

/** As the program reads it. What it would take for a variable is written twice. @see OpenTelemetry Collector, "Configuration", environment variables */
export const otelText = (at: string, config: OtelConfig): string =>
  `${at}\n${stringify(config, { lineWidth: 0, aliasDuplicateObjects: false })}`;

/** Text that is none of its variables. */
export const verbatim = (text: string): string => text.replaceAll("$", "$$$$");

/** What it tells of itself: metrics at one address, and lines to the journal. */
export const telemetry = (host: string, port: number): object => ({
  logs: { encoding: "console", disable_stacktrace: true },
  metrics: {
    level: "normal",
    readers: [
      {
        pull: {
          exporter: {
            prometheus: { host, port, without_scope_info: true, without_type_suffix: false, without_units: false },
          },
        },
      },
    ],
  },
});

/** Refuses more before the system ends it: what is refused stays where it is. @see memory limiter processor: a fifth for spikes */
export const memoryLimiter = (mib: number): object => ({
  check_interval: "1s",
  limit_mib: mib,
  spike_limit_mib: Math.floor(mib / 5),
});

export interface QueueProps {
  /** An extension that stores. */
  readonly storage: string;
  readonly bytes: number;
}

/**
 * A queue on disk, and nothing in memory that a death would lose: batches are made of what is taken off it. It never gives up.
 * @see OpenTelemetry Collector, exporterhelper, "Persistent Queue"
 */
export const queued = ({ storage, bytes }: QueueProps): object => ({
  timeout: "30s",
  retry_on_failure: { enabled: true, initial_interval: "1s", max_interval: "30s", max_elapsed_time: 0 },
  sending_queue: {
    enabled: true,
    storage,
    sizer: "bytes",
    queue_size: bytes,
    num_consumers: 4,
    batch: { flush_timeout: "2s", min_size: mib, max_size: 4 * mib },
  },
});

const mib = 2 ** 20;

/** A folder of queues, of which each may have so many bytes in it. Room in a file is given back once it is nearly empty. */
export const stored = (directory: string, bytes: number): object => ({
  directory,
  create_directory: true,
  recreate: true,
  max_size: fileOf(bytes),
  compaction: {
    directory,
    on_start: true,
    cleanup_on_start: true,
    on_rebound: true,
    rebound_needed_threshold_mib: 256,
    rebound_trigger_threshold_mib: 64,
  },
});
