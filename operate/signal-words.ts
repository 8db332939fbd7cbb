import type { SignalEntry } from "../model/signal-entries";
import type { Severity, Threshold } from "../model/site/signal";
import type { Duration } from "../model/words/quantity";

/** From where on a signal rings as loud as this: `14 days left`; nothing if it never does. */
export const ringsAt = ({ thresholds, silent }: SignalEntry, severity: Severity): string =>
  [
    ...(thresholds[severity]
      ? [inWords(thresholds[severity], unitOf(Object.values(thresholds).flatMap(timesIn)))]
      : []),
    ...(silent === severity ? ["silent"] : []),
  ].join(", ");

const inWords = (threshold: Threshold, unit: Unit): string =>
  "left" in threshold
    ? `${timeIn(threshold.left, unit)} left`
    : "age" in threshold
      ? `${timeIn(threshold.age, unit)} old`
      : "by" in threshold
        ? `by ${threshold.by} UTC`
        : "below" in threshold
          ? `below ${threshold.below}`
          : `above ${threshold.above}`;

type Unit = readonly [unit: string, seconds: number];
const units: readonly Unit[] = [
  ["d", 86400],
  ["h", 3600],
  ["min", 60],
];

const timesIn = (threshold: Threshold): readonly Duration[] =>
  "left" in threshold ? [threshold.left] : "age" in threshold ? [threshold.age] : [];

/** The largest unit in which one of them is a whole number, and none less than one: they are read beside each other. */
const unitOf = (times: readonly Duration[]): Unit =>
  units.find(
    ([, of]) => times.some(({ seconds }) => seconds % of === 0) && times.every(({ seconds }) => seconds >= of),
  ) ?? ["min", 60];

const timeIn = ({ seconds }: Duration, [unit, of]: Unit): string => `${Math.round((10 * seconds) / of) / 10} ${unit}`;

/** The last day of what the description knows the end of. */
export const lastDay = (ends: number): string => new Date((ends - 1) * 1000).toISOString().slice(0, 10);

/** What tells a signal from others of its tenancy. */
export const ownLabels = ({ labels: { site: _, tenancy: __, environment: ___, ...own } }: SignalEntry): string =>
  Object.values(own).join(" ");
