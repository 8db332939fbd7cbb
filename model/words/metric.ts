import { word } from "./parse";

/** A schema for the name of a metric. @see Prometheus, "Metric names and labels" */
export const metricName = word(
  (v) => (typeof v === "string" && (/^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(v) || v === "up") ? v : undefined),
  "a name of a metric, platform_certificate_expiry_timestamp_seconds",
  "write it in lower case, with its unit at the end",
);
