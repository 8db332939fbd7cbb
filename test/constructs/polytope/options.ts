import { z } from "zod";

/*
 * What programs of Polytope take, written down from their sources: everything that they read of a file, strictly. None of them refuses what
 * it does not know.
 */

const port = z.int().min(1).max(65535);
const strings = z.array(z.string());
const perRealm = z.record(z.string(), strings);
const seconds = z.number().positive();

/** @see bits-broker at 91738d2, bits/src/dispatcher/mod.rs: ExecutorKind; queue/mod.rs: QueueKind; executor/remote_pool.rs */
const dispatcher = z.strictObject({
  queue: z.enum(["fifo", "cost_weighted", "age_priority"]).optional(),
  queue_capacity: z.int().min(1).optional(),
  executor: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("async_pool"), concurrency: z.int().optional() }),
      z.strictObject({ type: z.literal("thread_pool"), concurrency: z.int().optional() }),
      z.strictObject({ type: z.literal("remote_pool"), heartbeat_timeout_secs: seconds.optional() }),
    ])
    .optional(),
});

/** @see polytope-server at e71520d, frontend/src/actions; bits-broker at 91738d2, bits/src/config.rs: parse_action */
const step = z.union([
  z.string().regex(/^(check|transform|target)::\w+$/),
  z.strictObject({ "check::has_role": perRealm }),
  z.strictObject({ "check::match": z.record(z.string(), z.union([z.string(), strings])) }),
  z.strictObject({ "check::has_key": z.strictObject({ key: z.string() }) }),
  z.strictObject({ "check::has_license": z.strictObject({ license: z.string() }) }),
  z.strictObject({
    "check::date_checker": z.strictObject({
      key: z.string().optional(),
      allowed_values: z.array(z.string().regex(/^[<>] *(\d+[dhm])+$/)),
    }),
  }),
  z.strictObject({ "transform::metkit_expansion": z.strictObject({}) }),
]);

/** Routes of one name each. */
const routes = z.array(z.record(z.string(), z.array(step).min(1)).refine((one) => Object.keys(one).length === 1));

/**
 * The configuration of the frontend.
 * @see polytope-server at e71520d, frontend/src/config.rs: RawServerConfig and what it has; frontend/src/lib.rs: build_app
 */
export const frontend = z
  .strictObject({
    server: z
      .strictObject({
        host: z.string().optional(),
        port: port.optional(),
        internal_poll_port: port.optional(),
        completed_redirect_ttl_secs: z.int().min(1).optional(),
        v1_poll_timeout_ms: z.int().optional(),
        v2_poll_timeout_ms: z.int().optional(),
      })
      .optional(),
    polytope: z.strictObject({ site: z.string().regex(/^[a-z0-9]{1,3}$/), env: z.string().regex(/^[a-z0-9]{1,3}$/) }),
    bits: z.strictObject({
      bits: z
        .strictObject({
          worker_server: z.strictObject({ host: z.string().optional(), port: port.optional() }).optional(),
          max_jobs: z.int().min(1).optional(),
          sweep_interval_secs: seconds.optional(),
          reconnect_buffer_secs: seconds.optional(),
        })
        .optional(),
      targets: z.record(z.string(), z.strictObject({ type: z.literal("remote"), dispatcher: dispatcher.optional() })),
      routes: routes.optional(),
      collections: z.record(z.string(), routes),
    }),
    authentication: z
      .strictObject({
        url: z.url(),
        secret: z.string().optional(),
        timeout_ms: z.int().optional(),
        cache_ttl_secs: z.int().optional(),
        cache_capacity: z.int().optional(),
        allow_anonymous: z.boolean().optional(),
      })
      .optional(),
    admin_bypass_roles: perRealm.optional(),
    metrics: z
      .strictObject({
        enabled: z.boolean().optional(),
        port: port.optional(),
        duration_buckets: z.array(z.number()).optional(),
        queue_wait_buckets: z.array(z.number()).optional(),
      })
      .optional(),
    support: z
      .strictObject({ default_url: z.url().optional(), realms: z.record(z.string(), z.url()).optional() })
      .optional(),
    mcp: z
      .strictObject({
        catalogue_url: z.url().optional(),
        inline_result_max_bytes: z.int().optional(),
        allowed_hosts: strings.optional(),
        allowed_origins: strings.optional(),
      })
      .optional(),
  })
  // A target by name is one that is stated.
  .refine(({ bits: { targets, collections } }) =>
    Object.values(collections)
      .flat()
      .flatMap((route) => Object.values(route).flat())
      .every((one) => typeof one !== "string" || !one.startsWith("target::") || one.slice(8) in targets),
  );

/** @see fdb, docs/fdb/content/config-schema */
const fdb = z.strictObject({
  type: z.literal("remote"),
  host: z.string(),
  port,
  engine: z.literal("remote"),
  store: z.literal("remote"),
  schema: z.string().startsWith("/"),
  preferSingleConnection: z.boolean().optional(),
});

/** @see polytope-server at e71520d, workers/common/src: config.rs, delivery_config.rs: DeliveryConfig, for BOBS */
const common = {
  delivery: z.strictObject({ delivery_type: z.literal("bobs"), bobs_url: z.url() }),
  management: z.strictObject({ port: port.optional() }).optional(),
};

/** @see polytope-server at e71520d, workers/fdb-worker/src/main.rs */
export const fieldsWorker = z.strictObject({ ...common, fdb });

const axis = z.string().min(1);

/** @see polytope-python 2.1.17, polytope_feature/options.py, which forbids what it does not know */
const transformation = z.discriminatedUnion("name", [
  z.strictObject({ name: z.literal("cyclic"), range: z.array(z.number()).optional() }),
  z.strictObject({
    name: z.literal("mapper"),
    type: z.string(),
    resolution: z.union([z.int(), z.array(z.int())]),
    axes: z.array(axis),
    md5_hash: z.string().optional(),
    local: z.array(z.number()).optional(),
    axis_reversed: z.record(z.string(), z.boolean()).optional(),
  }),
  z.strictObject({ name: z.literal("reverse"), is_reverse: z.boolean().optional() }),
  z.strictObject({ name: z.literal("type_change"), type: z.string().optional() }),
  z.strictObject({ name: z.literal("merge"), other_axis: axis, linkers: strings }),
]);

/** @see polytope-server at e71520d, workers/polytope-fe-worker/polytope.py: PolytopeDataSource */
export const featuresWorker = z.strictObject({
  ...common,
  polytope: z.strictObject({
    type: z.literal("polytope"),
    fdb_config: fdb.optional(),
    gribjump_config: z.strictObject({
      servermap: z.array(z.strictObject({ fdb: z.string(), gribjump: z.string() })),
      forwardExtraction: z.boolean().optional(),
      threads: z.int().optional(),
    }),
    datacube: z.strictObject({ type: z.literal("gribjump") }),
    options: z.strictObject({
      axis_config: z.array(z.strictObject({ axis_name: axis, transformations: z.array(transformation) })),
      compressed_axes_config: z.array(axis),
      // A list here, of which the worker makes what a request says of each.
      pre_path: z.array(axis).optional(),
      alternative_axes: z.array(z.strictObject({ axis_name: axis, values: strings })).optional(),
    }),
  }),
});

/** @see bobs at d1f30fe, docs/src/configuration.md; at 36c778e, src/config.rs: Config, MetricsConfig and validate */
export const spool = z.strictObject({
  host: z.string().optional(),
  port: port.optional(),
  data_dir: z.string().startsWith("/"),
  page_size: z
    .int()
    .min(1)
    .max(2 ** 26)
    .optional(),
  max_cache_bytes: z.int().min(0).optional(),
  max_live_spools: z.int().min(1).max(65536).optional(),
  max_spool_bytes: z.int().min(1).optional(),
  create_admission_timeout_ms: z.int().min(1).optional(),
  enable_pprof: z.literal(false).optional(),
  writer_inactivity_timeout_secs: z.int().optional(),
  read_idle_ttl_secs: z.int().min(1).optional(),
  full_read_complete_ttl_secs: z.int().min(1).optional(),
  cleanup_sweep_interval_secs: z.int().min(1).optional(),
  long_poll_timeout_ms: z.int().min(1).optional(),
  io_uring_shards: z.int().min(1).optional(),
  io_uring_queue_capacity: z.int().min(1).optional(),
  host_prefix: z.string().min(1),
  domain: z.string().min(1),
  route_name: z.string().min(1),
  metrics: z
    .strictObject({
      enabled: z.boolean().optional(),
      bind_address: z.string().optional(),
      port: port.optional(),
      allowed_labels: strings.optional(),
      max_label_value_length: z.int().min(1).optional(),
    })
    .optional(),
});
