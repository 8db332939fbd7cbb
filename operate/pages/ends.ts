import { endsOf } from "../../model/ends";
import type { Registers } from "../../model/registers";
import type { SignalEntry } from "../../model/signal-entries";
import { severities } from "../../model/site/signal";
import { ownLabels, ringsAt } from "../signal-words";
import { rows } from "./markdown";

/** Days after which something holds no more, as the description states them. */
export function daysOf(registers: Registers, site: string): readonly string[] {
  const ends = endsOf(registers).filter((end) => end.site === site);
  if (ends.length === 0) return ["No day is known on which something ends."];
  return rows(
    ["until", "what", "of", "answers"],
    [...ends]
      .sort((a, b) => (`${a.until} ${a.target}` < `${b.until} ${b.target}` ? -1 : 1))
      .map(({ until, kind, target, of, owner }) => [until, kind, `${of} (\`${target}\`)`, owner]),
  );
}

/** Whether a signal tells that something will be over: by its time, of which there is more or less left. */
const isEnd = ({ thresholds, signal }: SignalEntry): boolean =>
  /_(expiry|written)_timestamp_seconds$/.test(signal) || Object.values(thresholds).some((each) => "left" in each);

/** What is renewed, and when it rings that it was not. */
export const endingOf = (registers: Registers, site: string): readonly string[] =>
  table(registers, site, (signal) => isEnd(signal) && !("ends" in signal.by));

/** What rings besides. */
export const ringingOf = (registers: Registers, site: string): readonly string[] =>
  table(registers, site, (signal) => !isEnd(signal));

function table({ signals }: Registers, site: string, isWanted: (signal: SignalEntry) => boolean): readonly string[] {
  const those = signals.filter((signal) => signal.labels.site === site && isWanted(signal));
  const owners = [...new Set(those.map(({ owner }) => owner))];
  const [one] = owners;
  return [
    ...(owners.length === 1 ? [`All of it rings ${one}.`, ""] : []),
    ...rows(
      ["what", "of", "told by", ...severities, ...(owners.length === 1 ? [] : ["rings"])],
      those.map((signal) => [
        signal.what,
        [signal.labels.tenancy ?? "", ownLabels(signal)].join(" ").trim(),
        toldBy(signal),
        ...severities.map((severity) => ringsAt(signal, severity)),
        ...(owners.length === 1 ? [] : [signal.owner]),
      ]),
    ),
  ];
}

/** Hosts, as far as anybody reads them. */
function toldBy({ by }: SignalEntry): string {
  if (!("hosts" in by)) return "nobody yet: pods";
  const names = by.hosts.map(({ host }) => host.name);
  return names.length > 3 ? `${names[0]} and ${names.length - 1} more` : names.join(", ");
}
