import { type Threshold, ThresholdsConfigBuilder, ThresholdsMode } from "@grafana/grafana-foundation-sdk/dashboard";
import type { SignalEntry } from "../../../model/signal-entries";
import { numberOf, type Severity, severities, sortOf } from "../../../model/site/signal";
import type { Panel, Unit } from "../../../model/site/telemetry";

const bad = "red";
const good = "green";
const plain = "blue";
const loud: Readonly<Record<Severity, string>> = { info: "yellow", warning: "orange", critical: bad };

/** Where nothing is said, Grafana would have everything above 80 red. */
const byUnit: Readonly<Record<Unit, readonly Threshold[]>> = {
  none: [{ value: null, color: plain }],
  percentunit: [{ value: null, color: plain }],
  // What is left.
  seconds: [
    { value: null, color: bad },
    { value: 0, color: plain },
  ],
  bytes: [{ value: null, color: plain }],
  "bytes-per-second": [{ value: null, color: plain }],
  "per-second": [{ value: null, color: plain }],
  time: [{ value: null, color: plain }],
  bool: [
    { value: null, color: bad },
    { value: 1, color: good },
  ],
  faults: [
    { value: null, color: good },
    { value: 1, color: bad },
  ],
  warnings: [
    { value: null, color: good },
    { value: 1, color: loud.warning },
  ],
};

/** Colours of what a panel shows: as loud as it rings, or by its unit. */
export const coloursOf = ({ signal, unit }: Panel, signals: readonly SignalEntry[]): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([...(ringing(signals.filter((each) => each.signal === signal)) ?? byUnit[unit])]);

/** Where all signals of a name ring at the same numbers. */
function ringing(signals: readonly SignalEntry[]): readonly Threshold[] | undefined {
  const [steps, ...others] = signals.map(stepsOf);
  return others.every((each) => JSON.stringify(each) === JSON.stringify(steps)) ? steps : undefined;
}

function stepsOf({ thresholds }: SignalEntry): readonly Threshold[] | undefined {
  const rings = severities.flatMap((severity) => {
    const threshold = thresholds[severity];
    return threshold ? [{ sort: sortOf(threshold), value: numberOf(threshold), color: loud[severity] }] : [];
  });
  if (rings.every(({ sort }) => sort === "above"))
    return [{ value: null, color: good }, ...rings.map(({ value, color }) => ({ value, color }))];
  if (!rings.every(({ sort }) => sort === "below")) return undefined;
  // A step begins where that which is louder ends.
  const louder = [...rings].reverse();
  return [
    ...louder.map(({ color }, i) => ({ value: louder[i - 1]?.value ?? null, color })),
    { value: louder.at(-1)?.value ?? null, color: good },
  ];
}
