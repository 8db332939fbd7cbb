import { z } from "zod";
import { tlsFiles } from "../../model/site/certificate";
import { type Component, component } from "../../model/site/component";
import { hostName, type Need, type Service, tcp } from "../../model/site/need";
import {
  type Collection,
  collectionsSchema,
  type Features,
  featuresSchema,
  forms,
  queueLength,
  type Tags,
  tagsSchema,
} from "../../model/site/polytope";
import { image, type WorkloadSpec } from "../../model/site/workload";
import type { DescribedFields } from "../../model/words/assumed";
import type { Environment } from "../../model/words/environment";
import { type Fields, names, oneOf, text, url, whole } from "../../model/words/parse";
import { listed, type Problem } from "../../model/words/problem";
import { type Duration, days, gib, mib, minutes, type Size, size, time } from "../../model/words/quantity";
import { pathOf } from "../../model/words/record";
import { quotaOf } from "../cluster/quota";
import { entranceConf } from "./entrance";
import { panels } from "./panels";
import { files, metAt, namespace, poolOf, ports, services, spoolFolder, workloads } from "./places";
import { recordings, scrapesOf, signalsOf } from "./signals";
import { spoolYaml } from "./spool";

/** How people get data of the FDB of a tenancy. */
export interface PolytopeOptions {
  /** As clients know it, in full: `polytope.lumi.apps.dte.destination-earth.eu`. */
  readonly address: string;
  /** What tells its requests from those of other Polytopes, in their ids. It stays: requests under way are lost with it. */
  readonly tags: Tags;
  readonly images: Images;
  /** What may be asked for, by name: as the FDB lays its fields out. */
  readonly collections: Readonly<Record<string, Collection>>;
  /** Where results lie until they are fetched. */
  readonly spool: Spool;
  /** Workers that bring fields, each one request at a time: 1 to 50. @default 2 */
  readonly workers?: number;
  /** What cuts features out of fields. @default - nobody does: fields come whole */
  readonly features?: Features & { readonly workers?: number };
  /** Requests of a pool of workers that wait, at most. @default 1000 */
  readonly queue?: number;
  /** How long a result waits for who asked for it. @default 10 minutes */
  readonly kept?: Duration;
  /** Outside networks of those who ask. @default - everybody: the internet */
  readonly from?: readonly string[];
  /**
   * Whose certificate it shows: one that our Vault issues, which strangers do not trust; or one that people bring as the secret
   * `polytope/certificate`. @default "issued"
   */
  readonly certificate?: "issued" | "brought";
  /** The service that vouches for who asks, on pods of the cluster, and what both have in common. @default - auth-o-tron's */
  readonly asks?: Asks;
  /** Where users who are told of an error find help. @default - they are told none */
  readonly support?: string;
}

/** What pods are made of, each with its digest. */
export interface Images {
  /** nginx, unprivileged. */
  readonly entrance: string;
  readonly frontend: string;
  /** `fdb-worker` */
  readonly fields: string;
  /** `polytope-fe-worker` @default - there is none */
  readonly features?: string;
  /** BOBS. */
  readonly spool: string;
}

/** Where results wait until they are fetched. */
interface Spool {
  readonly size: Size;
  /** A volume of the cluster, or a disk of a node; either way what is on it is asked for again by who misses it. */
  readonly on: (typeof spools)[number];
}

/** By what the frontend learns who asks. */
interface Asks {
  readonly service: string;
  /** The secret by which its tokens are signed, and the key of it. */
  readonly secret: string;
  readonly key: string;
}

const spools = ["volume", "node"] as const;

const count = whole(1, 50, "1 to 50 workers", "leave it out for the default");
const authOTron: Asks = { service: "auth-o-tron", secret: "auth-o-tron/jwt", key: "secret" };

const schema = z.strictObject({
  address: hostName,
  tags: tagsSchema,
  images: z.strictObject({
    entrance: image,
    frontend: image,
    fields: image,
    features: image.exactOptional(),
    spool: image,
  } satisfies Fields<Images>),
  collections: collectionsSchema,
  spool: z.strictObject({ size, on: oneOf(spools) } satisfies Fields<Spool>),
  workers: count.default(2),
  features: featuresSchema.extend({ workers: count.default(2) }).exactOptional(),
  queue: queueLength.default(1000),
  kept: time.default(minutes(10)),
  from: names("the name of an outside network").default(["internet"]),
  certificate: oneOf(["issued", "brought"]).default("issued"),
  asks: z
    .strictObject({
      service: text("a service"),
      secret: text("a secret of the tenancy"),
      key: text("a key of it"),
    } satisfies Fields<Asks>)
    .default(authOTron),
  support: url("whoever helps users").exactOptional(),
} satisfies Fields<PolytopeOptions>);
type Is = z.output<typeof schema>;

const anything = `example.org/it:0@sha256:${"0".repeat(64)}`;
const fallback = {
  address: "polytope.example.org",
  tags: { site: "x", env: "x" },
  images: { entrance: anything, frontend: anything, fields: anything, spool: anything },
  collections: { none: { serves: { class: ["none"] } } },
  spool: { size: gib(1), on: "node" },
};

/**
 * Polytope: people ask for fields by HTTPS, and get them of the FDB of the tenancy. A frontend, workers that ask it for work, and BOBS that
 * keeps results until they are fetched, on the cluster. **Untried**: the images are behind a login, and could not be built.
 */
export const polytope = (options: DescribedFields<PolytopeOptions>): Component =>
  component("polytope", "polytope", { schema, input: options, fallback }, (is, here) => {
    const all = workloadsOf(is, here.environment);
    const workers = [workloads.fields, ...(is.features ? [workloads.features] : [])];
    return {
      problems: problemsOf(is),
      namespaces: [{ namespace, quota: quotaOf(all), why: "people get data" }],
      workloads: all,
      polytope: [
        {
          polytope: "polytope",
          fdb: "fdb",
          workers,
          asks: is.asks.service,
          tags: is.tags,
          address: is.address,
          collections: is.collections,
          queue: is.queue,
          ...(is.support === undefined ? {} : { support: is.support }),
          ...(is.features ? { features: { gribjump: is.features.gribjump, options: is.features.options } } : {}),
        },
      ],
      services: servicesOf(is, workers),
      secrets:
        is.certificate === "brought"
          ? [
              {
                secret: certificate,
                keys: ["certificate", "key"],
                // Public issuers sign for 200 days since March 2026, for 100 from March 2027 on.
                greatestAge: days(80),
                rotation: {
                  steps: ["have another certificate issued", "write both, with the certificates of its issuers"],
                  test: `openssl s_client -connect ${is.address}:443 -servername ${is.address} shows its end`,
                },
                why: `strangers know ${is.address} by it`,
              },
            ]
          : [],
      needs: [...needsOf(is, workers), ...signalsOf(is.queue, is.spool.size)],
      scrapes: scrapesOf(workers),
      recordings,
      panels,
    };
  });

const certificate = "polytope/certificate";

/** What only shows when several options are looked at. */
function problemsOf({ collections, features, images }: Is): readonly Problem[] {
  return [
    ...Object.entries(collections).flatMap(([name, { as }]): readonly Problem[] =>
      as === "features" && !features
        ? [
            {
              path: pathOf("collections", name, "as"),
              value: as,
              allowed: listed(forms.filter((form) => form !== "features")),
              fix: "add features: { … }, or leave it out",
            },
          ]
        : [],
    ),
    ...(features && images.features === undefined
      ? [
          {
            path: "images.features",
            value: images.features,
            allowed: "an image of workers for features, where there are some",
            fix: "add it: crane digest tells the digest",
          },
        ]
      : []),
  ];
}

function workloadsOf(is: Is, environment: Environment): readonly WorkloadSpec[] {
  const env = { RUST_LOG: "info", POLYTOPE_ENV: environment };
  const worker = (of: "fields" | "features", made: string, replicas: number, memory: Size): WorkloadSpec => ({
    workload: workloads[of],
    namespace,
    runs: { kind: "Deployment", replicas },
    containers: [
      {
        name: "worker",
        image: made,
        args: ["--broker-url", `http://${metAt(services.broker, ports.broker)}/${poolOf[of]}`],
        env: { ...env, POLYTOPE_WORKER_POOL: poolOf[of] },
        milliCpu: 500,
        memory,
        scratch: ["/tmp"],
        health: { http: "/health", port: ports.metrics },
      },
    ],
    why: of === "fields" ? "brings fields of the FDB" : "cuts features out of fields",
  });
  return [
    {
      workload: workloads.entrance,
      namespace,
      runs: { kind: "Deployment", replicas: 2 },
      containers: [
        {
          name: "entrance",
          image: is.images.entrance,
          command: ["nginx", "-e", "stderr", "-c", files.entrance, "-g", "daemon off;"],
          milliCpu: 200,
          memory: mib(256),
          scratch: ["/tmp"],
          files: { [files.entrance]: entranceConf("# the way in to Polytope", is.address) },
          health: { tcp: ports.entrance },
        },
      ],
      why: "ends TLS, and tells requests from downloads",
    },
    {
      workload: workloads.frontend,
      namespace,
      // What is under way it has in memory alone: of two, each would know half.
      runs: { kind: "Deployment", replicas: 1 },
      containers: [
        {
          name: "frontend",
          image: is.images.frontend,
          args: [files.frontend],
          env,
          // Workers report to the one that gave them work.
          address: "POD_IP",
          milliCpu: 500,
          memory: gib(1),
          health: { http: "/api/v2/health", port: ports.frontend },
        },
      ],
      why: "takes requests, and hands them to workers",
    },
    worker("fields", is.images.fields, is.workers, gib(1)),
    ...(is.features && is.images.features ? [worker("features", is.images.features, is.features.workers, gib(4))] : []),
    {
      workload: workloads.spool,
      namespace,
      runs:
        is.spool.on === "volume"
          ? { kind: "StatefulSet", replicas: 1, volume: { path: spoolFolder, size: is.spool.size, fate: "disposable" } }
          : { kind: "Deployment", replicas: 1 },
      containers: [
        {
          name: "bobs",
          image: is.images.spool,
          command: ["bobs"],
          args: [files.spool],
          env: {
            RUST_LOG: "info",
            BOBS_DEPLOYMENT_ENV: environment,
            // It takes its number from its name, and has none as a pod of a Deployment.
            HOSTNAME: `${workloads.spool}-0`,
            BOBS_INTERNAL_BASE_URL_TEMPLATE: `http://${metAt(services.spool, ports.spool)}/api/v1`,
          },
          milliCpu: 500,
          memory: gib(2),
          files: { [files.spool]: spoolYaml("# results of Polytope", is.address, is.kept.seconds, is.spool.size) },
          ...(is.spool.on === "node" ? { scratch: [spoolFolder], scratchSize: is.spool.size } : {}),
          health: { http: "/api/v1/health", port: ports.spool },
        },
      ],
      user: 10001,
      why: "keeps results until they are fetched",
    },
  ];
}

function servicesOf(is: Is, workers: readonly string[]): readonly Service[] {
  const inside = (service: string, workload: string, port: number): Service => ({
    service,
    on: { workload },
    traffic: tcp(port),
    auth: "none",
  });
  return [
    {
      service: services.entrance,
      on: { workload: workloads.entrance },
      traffic: tcp(ports.entrance),
      auth: "tls+token",
      entrance: { ingress: "ingress" },
      publicNames: [is.address],
      ...(is.certificate === "brought" ? { ownTrust: true } : {}),
    },
    inside(services.frontend, workloads.frontend, ports.frontend),
    inside(services.broker, workloads.frontend, ports.broker),
    inside(services.spool, workloads.spool, ports.spool),
    ...[workloads.frontend, ...workers].map((each) => inside(services.metricsOf(each), each, ports.metrics)),
    inside(services.metricsOf(workloads.spool), workloads.spool, ports.spoolMetrics),
  ];
}

function needsOf(is: Is, workers: readonly string[]): readonly Need[] {
  const flow = (workload: string, service: string, why: string): Need => ({
    need: "flow",
    from: { workload },
    to: { service },
    why,
  });
  const { entrance, frontend } = workloads;
  return [
    ...is.from.map(
      (network): Need => ({
        need: "flow",
        from: { outside: network },
        to: { service: services.entrance },
        why: "people ask for data",
        option: "from",
      }),
    ),
    flow(entrance, services.frontend, "requests are handed on"),
    flow(entrance, services.spool, "results are fetched"),
    {
      need: "flow",
      from: { workload: frontend },
      to: { service: is.asks.service },
      why: "whoever asks is vouched for",
      option: "asks",
      remedy: "add what vouches for users, auth-o-tron",
    },
    {
      need: "secret",
      by: { workload: frontend },
      secret: is.asks.secret,
      key: is.asks.key,
      file: files.secret,
      variable: "AUTH_SECRET",
      why: "what vouches for users is known by it",
    },
    ...workers.flatMap((worker) => [
      flow(worker, services.broker, "workers ask for work, and tell how it ends"),
      flow(worker, services.spool, "workers bring results"),
    ]),
    ...(is.features
      ? [flow(workloads.features, is.features.gribjump, "values of fields are read where these lie")]
      : []),
    ...(is.certificate === "brought"
      ? (["certificate", "key"] as const).map(
          (key): Need => ({
            need: "secret",
            by: { workload: entrance },
            secret: certificate,
            key,
            file: tlsFiles(files.tls)[key],
            why: `clients know ${is.address}`,
          }),
        )
      : [
          {
            need: "certificate" as const,
            by: { workload: entrance },
            service: services.entrance,
            files: tlsFiles(files.tls),
            why: `clients know ${is.address}`,
          },
        ]),
  ];
}
