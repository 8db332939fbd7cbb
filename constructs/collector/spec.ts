import { z } from "zod";
import { type Component, component } from "../../model/site/component";
import { home, type PlaceName } from "../../model/site/place-name";
import { type Fate, fate, flavor } from "../../model/site/specs";
import { type Fields, text } from "../../model/words/parse";
import { type Duration, hours, mbitPerSecond, type Rate, rate, time, volumeOf } from "../../model/words/quantity";

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

/** Gathers metrics and logs of a site, and holds them on disk through an outage of the line or of home. */
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
      hosts: [
        {
          name: "collector",
          roles: ["collector"],
          subnet: "services",
          slot: 20,
          flavor: is.flavor,
          flavorOption: "flavor",
          volumes: [{ name: "queue", size: volumeOf(is.at, is.survives), fate: is.fate }],
        },
      ],
      needs: [
        {
          need: "flow",
          from: { role: "collector" },
          to: { service: "host-metrics" },
          why: "metrics of every host are scraped",
        },
        {
          need: "flow",
          from: { role: "collector" },
          to: { service: "telemetry", at: is.deliversTo },
          why: "metrics and logs are delivered",
          option: "deliversTo",
          acrossEnvironments: true,
        },
      ],
    }),
  );
