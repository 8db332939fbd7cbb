import { assumed } from "../../model/vocabulary";

/** Of its releases for containers, the version that hosts run; its digest is that of the registry. */
export const collectorImage = assumed(
  "ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib:0.160.0@sha256:0000000000000000000000000000000000000000000000000000000000000000",
  "crane digest, on a machine that reaches ghcr.io",
);
