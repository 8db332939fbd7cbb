/** Workloads: who is met, who tells workers what to do, who works, who keeps results. */
export const workloads = {
  entrance: "polytope",
  frontend: "polytope-frontend",
  fields: "polytope-fdb-worker",
  features: "polytope-fe-worker",
  spool: "polytope-bobs",
} as const;

export const namespace = "polytope";

/** Services; of workers, metrics alone. */
export const services = {
  entrance: "polytope",
  frontend: "polytope-api",
  broker: "polytope-broker",
  spool: "polytope-bobs",
  metricsOf: (workload: string): string => `${workload}-metrics`,
} as const;

/**
 * @see polytope-server, frontend/src/config.rs: 3000, 9090; workers/common/src/config.rs: 9090; bits-broker, bits/src/config.rs: 9001;
 * bobs, docs/src/configuration.md: 3000, 9464
 */
export const ports = {
  entrance: 8443,
  frontend: 3000,
  broker: 9001,
  metrics: 9090,
  spool: 3000,
  spoolMetrics: 9464,
} as const;

export const files = {
  entrance: "/etc/nginx/polytope.conf",
  tls: "/run/tls",
  frontend: "/etc/polytope/config.yaml",
  /** What the frontend and who vouches for users have in common. */
  secret: "/run/secrets/polytope/auth",
  worker: "/etc/worker/config.yaml",
  spool: "/etc/bobs/config.yaml",
} as const;

/** Where results lie until they are fetched. */
export const spoolFolder = "/var/lib/bobs";

/** The pool of workers, which is their target in routes, and part of where they ask for work. */
export const poolOf = { fields: "fdb", features: "features" } as const;

/** How a service of ours is met inside the cluster. @see Kubernetes, DNS for Services and Pods */
export const metAt = (service: string, port: number): string => `${service}.${namespace}.svc.cluster.local:${port}`;

/** Below it results are fetched, and by it BOBS writes their addresses: of its first pod, which is the only one. */
export const downloads = { route: "download", path: "/download-0" } as const;
