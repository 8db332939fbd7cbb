import {
  type Component,
  component,
  type Fields,
  flag,
  type Size,
  size,
  tcp,
  tlsFiles,
  z,
} from "data-bridge-cdk/component";
import { gib } from "data-bridge-cdk/vocabulary";

interface TilesOptions {
  /** @default gib(200) */
  readonly cache?: Size;
  /** @default false */
  readonly large?: boolean;
}

const schema = z.strictObject({
  cache: size.default(gib(200)),
  large: flag.default(false),
} satisfies Fields<TilesOptions>);

/** A map server that the library does not know: its host, its volume, and everybody who reaches it by HTTPS. */
export const tiles = (options: TilesOptions = {}): Component =>
  component("tiles", "tiles", { schema, input: options }, ({ cache, large }) => ({
    hosts: [
      {
        name: "tiles",
        roles: ["tiles"],
        subnet: "services",
        slot: 80,
        flavor: large ? "large" : "small",
        volumes: [{ name: "cache", size: cache, fate: "keep" }],
      },
    ],
    services: [
      {
        service: "tiles",
        on: { role: "tiles" },
        traffic: tcp(8443),
        auth: "tls+token",
        entrance: { relay: "proxy", port: 443 },
      },
      { service: "tiles-metrics", on: { role: "tiles" }, traffic: tcp(9200), auth: "none" },
    ],
    scrapes: [
      {
        scrape: "tiles",
        service: "tiles-metrics",
        metrics: [{ metric: "tiles_queue_length", what: "maps that wait to be drawn" }],
      },
    ],
    needs: [
      { need: "flow", from: { outside: "internet" }, to: { service: "tiles" }, why: "everybody looks at maps" },
      {
        need: "signal",
        signal: "tiles_queue_length",
        by: { role: "tiles" },
        thresholds: { warning: { above: 100 } },
        what: "maps that wait to be drawn",
        why: "people look at old ones",
        runbook: "https://example.org/tiles",
      },
      {
        need: "certificate",
        by: { role: "tiles" },
        service: "tiles",
        files: tlsFiles("/etc/tiles"),
        reloads: "tiles",
        why: "browsers trust it",
      },
    ],
  }));
