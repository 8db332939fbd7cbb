import { z } from "zod";
import { programHosts } from "../../model/programs";
import { tlsFiles } from "../../model/site/certificate";
import { type Component, component } from "../../model/site/component";
import { tcp } from "../../model/site/need";
import { home, type PlaceName } from "../../model/site/place-name";
import { type Fate, fate, flavor } from "../../model/site/specs";
import { collectorRole as role } from "../../model/telemetry";
import { type Fields, text } from "../../model/words/parse";
import { type Duration, hours, mbitPerSecond, type Rate, rate, time } from "../../model/words/quantity";
import { collectorPanels } from "./panels";
import { account, names, ports } from "./places";
import { diskOf } from "./queue";
import { collectorMetrics, queueFill, signalsOfCollector } from "./signals";

/** What a tenancy holds while home is away. */
export interface CollectorOptions {
  /** How long it holds everything while nobody takes it, e.g. `hours(24)`. */
  readonly survives: Duration;
  /** What the site produces, metrics and logs together, e.g. `mbitPerSecond(20)`. */
  readonly at: Rate;
  /** Where it delivers: a tenancy that runs `monitoring()`. @default - production at home */
  readonly deliversTo?: PlaceName;
  /** What becomes of the queue when the collector leaves the description. @default "keep" */
  readonly fate?: Fate;
  /** @default "medium" */
  readonly flavor?: string;
}

const schema = z.strictObject({
  survives: time,
  at: rate,
  deliversTo: z.strictObject({ site: text("a site"), tenancy: text("a tenancy") }).default({ ...home }),
  fate: fate.default("keep"),
  flavor: flavor.default("medium"),
} satisfies Fields<CollectorOptions>);

/** Gathers metrics and logs of a tenancy, and holds them on disk through an outage of the line or of home. */
export const collector = (options: CollectorOptions): Component =>
  component(
    "collector",
    "collector",
    {
      schema,
      input: options,
      fallback: { survives: hours(1), at: mbitPerSecond(1) },
    },
    (is) => ({
      collectors: [{ deliversTo: is.deliversTo, survives: is.survives, at: is.at }],
      hosts: [
        {
          name: "collector",
          roles: [role],
          subnet: "services",
          slot: 20,
          flavor: is.flavor,
          flavorOption: "flavor",
          volumes: [{ name: "queue", size: diskOf(is), fate: is.fate }],
        },
      ],
      services: [
        { service: names.logs, on: { role }, traffic: tcp(ports.otlp), auth: "tls" },
        { service: names.metrics, on: { role }, traffic: tcp(ports.metrics), auth: "none" },
      ],
      scrapes: [{ scrape: names.collector, service: names.metrics, metrics: collectorMetrics }],
      recordings: [queueFill],
      panels: collectorPanels,
      needs: [
        {
          need: "flow",
          from: { every: "host" },
          to: { service: names.logs },
          why: "hosts bring what they write",
        },
        {
          need: "flow",
          from: { role },
          to: { service: "telemetry", at: is.deliversTo },
          why: "metrics and logs are delivered",
          option: "deliversTo",
          acrossEnvironments: true,
        },
        {
          need: "certificate",
          by: { role },
          service: names.logs,
          proves: true,
          // It looks for another one by itself.
          owner: account,
          files: tlsFiles(names.tls),
          why: "hosts know their collector, and home knows whose metrics and logs these are",
        },
        {
          need: "flow",
          from: { every: "host" },
          to: { outside: "internet" },
          through: "forward-proxy",
          traffic: tcp(443),
          names: programHosts,
          why: "hosts fetch the collector, which Debian does not have",
          remedy: "add proxy()",
        },
        ...signalsOfCollector,
      ],
    }),
  );
