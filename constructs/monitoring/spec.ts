import { z } from "zod";
import { tlsFiles } from "../../model/site/certificate";
import { type Component, component } from "../../model/site/component";
import { type Need, tcp } from "../../model/site/need";
import { type Fate, fate, flavor } from "../../model/site/specs";
import { type Fields, names, text } from "../../model/words/parse";
import { type Size, size, tib } from "../../model/words/quantity";

export interface MonitoringOptions {
  /** Outside networks whose people read dashboards. @default ["operators"] */
  readonly readBy?: readonly string[];
  /** The outside network that takes everything for good. @default - kept here only */
  readonly deliversTo?: string;
  /** @default tib(2) */
  readonly volume?: Size;
  /** What becomes of the metrics when monitoring leaves the description. @default "keep" */
  readonly fate?: Fate;
  /** @default "large" */
  readonly flavor?: string;
}

const schema = z.strictObject({
  readBy: names("the name of an outside network").default(["operators"]),
  deliversTo: text("the name of an outside network").optional(),
  volume: size.default(tib(2)),
  fate: fate.default("keep"),
  flavor: flavor.default("large"),
} satisfies Fields<MonitoringOptions>);

/** Takes what the sites' collectors deliver, keeps it, shows it, and passes it on. */
export const monitoring = (options: MonitoringOptions = {}): Component =>
  component("monitoring", "monitoring", { schema, input: options }, (is) => ({
    hosts: [
      {
        name: "monitoring",
        roles: ["monitoring"],
        subnet: "services",
        slot: 21,
        flavor: is.flavor,
        flavorOption: "flavor",
        volumes: [{ name: "metrics", size: is.volume, fate: is.fate }],
      },
    ],
    services: [
      // @see OTLP specification: 4317 is the default port of OTLP over gRPC
      {
        service: "telemetry",
        on: { role: "monitoring" },
        traffic: tcp(4317),
        auth: "mtls",
        entrance: { relay: "proxy" },
      },
      {
        service: "dashboards",
        on: { role: "monitoring" },
        traffic: tcp(3000),
        auth: "tls+password",
        entrance: { relay: "proxy", port: 443 },
      },
    ],
    needs: [
      ...["telemetry", "dashboards"].map(
        (service): Need => ({
          need: "certificate",
          by: { role: "monitoring" },
          service,
          files: tlsFiles(`/etc/platform/tls/${service}`),
          why: `clients know that it is ${service}`,
        }),
      ),
      ...is.readBy.map(
        (network): Need => ({
          need: "flow",
          from: { outside: network },
          to: { service: "dashboards" },
          why: `${network} read dashboards`,
          option: "readBy",
        }),
      ),
      ...(is.deliversTo === undefined
        ? []
        : [
            {
              need: "flow" as const,
              from: { role: "monitoring" },
              to: { outside: is.deliversTo },
              traffic: tcp(443),
              why: "observability data goes to ECMWF's platform for good",
              option: "deliversTo",
            },
          ]),
    ],
  }));
