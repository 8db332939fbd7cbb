import type { Registers } from "../../../model/registers";
import { labelsAt, type SignalEntry } from "../../../model/signal-entries";
import { isAsked } from "../../../model/signals";
import type { Panel } from "../../../model/site/telemetry";
import { collectorsIn } from "../../../model/telemetry";
import { selecting } from "../selecting";
import { ending } from "./ending";
import { alertsBy } from "./sorts";
import { filter } from "./variables";

/** What is to come by a time of day, and what ends. */
export function duePanels({ places, signals }: Registers): readonly Panel[] {
  const asked = signals.filter((signal) => isAsked(signal, places));
  return [...late(asked), ...ending(asked)];
}

/** Where nothing comes from, nothing else can ring; there are no series either, so that each is named. */
export function heardPanels({ places }: Registers): readonly Panel[] {
  const gathered = places.filter((place) => collectorsIn(place).length > 0).map(labelsAt);
  const silent = gathered.map(({ site, tenancy }) => `absent(up${selecting({ job: "collector", site, tenancy })})`);
  if (silent.length === 0) return [];
  return [
    {
      panel: "Silent sites",
      on: "platform",
      as: "stat",
      unit: "faults",
      queries: [{ query: `count(${silent.join(" or ")}) or vector(0)`, legend: "silent" }],
      what: "Tenancies of which nothing comes: they are cut off, or their collector is down. Nothing of them rings meanwhile.",
    },
    {
      panel: "Sites that are heard",
      on: "platform",
      as: "state-timeline",
      unit: "bool",
      queries: [
        {
          query: `max by (site, tenancy) (up{job="collector"} or 0 * (${silent.join(" or ")}))`,
          legend: "{{site}} {{tenancy}}",
        },
      ],
      what: "When metrics of a tenancy came, and when they did not.",
    },
  ];
}

/** What is to be there by a time of day, and is not, rings. */
function late(asked: readonly SignalEntry[]): readonly Panel[] {
  const daily = alertsBy(asked, ["by"]);
  if (daily.length === 0) return [];
  return (["platform", "forecast"] as const).map((on) => ({
    panel: "What is late",
    on,
    as: "table",
    unit: "none",
    queries: [
      {
        query: `sort_desc(count by (site, tenancy, server, milestone, severity) (ALERTS{alertstate="firing",alertname=~"${daily.join("|")}"${on === "platform" ? "" : `,${filter}`}}))`,
        legend: "series",
      },
    ],
    what: "What was to be done by a time of day, and has not been.",
  }));
}
