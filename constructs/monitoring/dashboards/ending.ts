import type { SignalEntry } from "../../../model/signal-entries";
import { numberOf, sortOf } from "../../../model/site/signal";
import type { Panel } from "../../../model/site/telemetry";
import { grouped } from "../../../model/words/grouped";
import { alertOf } from "../rules";
import { selecting } from "../selecting";
import { alertsBy, isOf } from "./sorts";
import { filter } from "./variables";

/** What ends, or is to be made anew: of each, how long it lasts, however its series tells that. */
export function ending(asked: readonly SignalEntry[]): readonly Panel[] {
  const all = asked.filter((signal) => isOf(signal, ["left", "age"]));
  if (all.length === 0) return [];
  const names = alertsBy(all, ["left", "age"]).join("|");
  const ring = (severity: string): string =>
    `count(ALERTS{alertstate="firing",severity="${severity}",alertname=~"(${names})(Missing|Silent)?",${filter}}) or vector(0)`;
  return [
    {
      panel: "Critical alerts",
      on: "expiry",
      as: "stat",
      unit: "faults",
      queries: [{ query: ring("critical"), legend: "ring" }],
      what: "What has ended, or will within days.",
    },
    {
      panel: "Warnings",
      on: "expiry",
      as: "stat",
      unit: "warnings",
      queries: [{ query: ring("warning"), legend: "ring" }],
      what: "What should have been renewed by now.",
    },
    ...byPeople(all),
    {
      panel: "Everything that ends",
      on: "expiry",
      as: "table",
      unit: "seconds",
      queries: [{ query: `sort(${leftOf(all, all, filter)})`, legend: "left" }],
      what: "Time that is left until it ends, or is too old. What renews itself may live for hours: what has not come back by then rings.",
    },
  ];
}

function byPeople(all: readonly SignalEntry[]): readonly Panel[] {
  const those = all.filter(isByPeople);
  if (those.length === 0) return [];
  return [
    {
      panel: "What people have to renew next",
      on: "platform",
      as: "table",
      unit: "seconds",
      queries: [{ query: `sort(bottomk(8, ${leftOf(those, all)}))`, legend: "left" }],
      what: "Time that is left until it ends, or is too old: nothing renews it by itself. The dashboard of expiries has the rest.",
    },
    {
      panel: "What people have to renew",
      on: "expiry",
      as: "table",
      unit: "seconds",
      queries: [{ query: `sort(${leftOf(those, all, filter)})`, legend: "left" }],
      what: "Time that is left until it ends, or is too old. Below nothing, it has ended.",
    },
  ];
}

/** Of what hosts have alike, the one that ends first: what rings names the host. */
const by = ["site", "tenancy", "kind", "of"];

/** What is told of weeks before, or is written by hand. */
const isByPeople = ({ thresholds, by }: SignalEntry): boolean =>
  thresholds.info !== undefined || ("hosts" in by && by.hosts.some(({ from }) => from?.kind === "secret"));

/** How long these of all last, by site and tenancy: `kind` and `of`, which say of what, are made here. */
const leftOf = (those: readonly SignalEntry[], all: readonly SignalEntry[], filter?: string): string =>
  [...grouped(those, ({ signal }) => signal)]
    .flatMap(([signal, named]) => lastsOf(named, all.filter((each) => each.signal === signal).length, filter))
    .join(" or ");

/** Of signals of one name. They are named each where others have it too; but `or` takes of the last only what was not there before. */
function lastsOf(those: readonly SignalEntry[], total: number, filter?: string): readonly string[] {
  const own = [...new Set(those.flatMap(({ labels, each = [] }) => [...Object.keys(labels).filter(isOwn), ...each]))];
  const joined = (own.length > 0 ? own : ["of"]).map((label) => `"${label}"`).join(", ");
  const limits = [...grouped(those, (each) => `${ageOf(each)}`).values()].sort((a, b) => a.length - b.length);
  return limits.flatMap((group, i) => {
    const isRest = those.length === total && i === limits.length - 1;
    return (isRest ? group.slice(0, 1) : group).map((each) => {
      const series = `${each.signal}${selecting(isRest ? {} : each.labels, filter === undefined ? [] : [filter])}`;
      const age = ageOf(each);
      const left = age === undefined ? `${series} - time()` : `${age} - (time() - ${series})`;
      return `min by (${by.join(", ")}) (label_replace(label_join(${left}, "of", " ", ${joined}), "kind", "${kindOf(each)}", "", ""))`;
    });
  });
}

const isOwn = (label: string): boolean => !["site", "tenancy", "environment"].includes(label);

/** From which age on it rings last, in seconds. */
function ageOf({ thresholds }: SignalEntry): number | undefined {
  const last = thresholds.critical ?? thresholds.warning ?? thresholds.info;
  return last && sortOf(last) === "age" ? numberOf(last) : undefined;
}

/** `ssh certificate` of `PlatformSshCertificateExpiry`. */
const kindOf = (signal: SignalEntry): string =>
  alertOf(signal)
    .replace(/^Platform(?=.)|(?<=.)Expiry$/g, "")
    .replace(/(?<=.)([A-Z])/g, " $1")
    .toLowerCase();
