import type { Registers } from "../../model/registers";
import type { SignalEntry } from "../../model/signal-entries";
import { isAsked } from "../../model/signals";
import { numberOf, severities, sortOf } from "../../model/site/signal";
import { counted } from "../../model/words/problem";
import { lastDay, ownLabels, ringsAt } from "../../operate/signal-words";
import { table } from "../print/table";
import { isWanted, soundDescription } from "../project/description";

/** `databridge signals [site…]`: what rings whom, and from where on. @returns the exit code */
export function runSignals(sites: readonly string[], { json = false }: { readonly json?: boolean }): number {
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  const signals = registers.signals.filter(({ labels }) => isWanted(labels.site ?? "", sites));
  console.log(json ? JSON.stringify(signals.map(told), undefined, 2) : signalsText(signals, registers));
  return 0;
}

/** Seconds, and numbers; hosts by their ids. */
function told({ by, thresholds, for: lasts, ...is }: Registers["signals"][number]) {
  return {
    ...is,
    by: "hosts" in by ? { hosts: by.hosts.map(({ host }) => host.id) } : by,
    thresholds: Object.fromEntries(
      severities.flatMap((severity) => {
        const threshold = thresholds[severity];
        return threshold === undefined ? [] : [[severity, { [sortOf(threshold)]: numberOf(threshold) }]];
      }),
    ),
    for: lasts.seconds,
  };
}

function signalsText(signals: readonly SignalEntry[], { places }: Registers): string {
  const idle = signals.filter((each) => !isAsked(each, places));
  const ofPods = idle.filter(({ by }) => "pods" in by);
  const rows = [...signals].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return [
    table(
      ["signal", "at", "of", "by", ...severities, "rings"],
      rows.map((each) => [
        nameOf(each),
        placeOf(each),
        [ownLabels(each), ...(each.each ?? []).map((label) => `each ${label}`)].join(" ").trim(),
        exposed(each),
        ...severities.map((severity) => ringsAt(each, severity)),
        each.owner,
      ]),
    ),
    "",
    ` ${signals.length - idle.length} signals that ring by rules of home; docs/runbooks tells what to do`,
    ...(ofPods.length > 0 ? [` ${ofPods.length} that nothing asks for yet: what pods have`] : []),
    ...(idle.length > ofPods.length
      ? [
          ` ${idle.length - ofPods.length} that nothing asks for: of tenancies without a collector, or of supercomputers that let nobody of us in yet`,
        ]
      : []),
  ].join("\n");
}

const key = (each: SignalEntry): string => `${nameOf(each)} ${each.id}`;

/** As its alerts are called, where several are of one series; else as its series. */
const nameOf = ({ alert, signal, thresholds, silent }: SignalEntry): string =>
  alert === undefined
    ? signal.replace(/(_timestamp)?_seconds$/, "")
    : `${alert}${silent && Object.keys(thresholds).length === 0 ? "Silent" : ""}`;

const placeOf = ({ labels: { site, tenancy } }: SignalEntry): string =>
  [site, tenancy].filter((each) => each !== undefined).join("-");

function exposed({ by }: SignalEntry): string {
  if ("pods" in by) return "pods";
  if ("ends" in by) return `until ${lastDay(by.ends)}`;
  return counted(by.hosts.length, "host");
}
