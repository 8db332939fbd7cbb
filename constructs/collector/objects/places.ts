/** What it reads in its pod. */
export const files = {
  config: "/etc/otelcol/objects.yaml",
  root: "/etc/otelcol/root.crt",
  queue: "/var/lib/otelcol",
} as const;
/** Where it says that it works. */
export const healthPort = 13133;
