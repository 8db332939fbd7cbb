import type { SignalEntry } from "../model/signal-entries";
import type { Severity, Threshold } from "../model/site/signal";

/** From where on a signal rings as loud as this: `14 days left`; nothing if it never does. */
export const ringsAt = ({ thresholds, silent }: SignalEntry, severity: Severity): string =>
  [...(thresholds[severity] ? [inWords(thresholds[severity])] : []), ...(silent === severity ? ["silent"] : [])].join(
    ", ",
  );

const inWords = (threshold: Threshold): string =>
  "left" in threshold
    ? `${threshold.left} left`
    : "age" in threshold
      ? `${threshold.age} old`
      : "by" in threshold
        ? `by ${threshold.by} UTC`
        : "below" in threshold
          ? `below ${threshold.below}`
          : `above ${threshold.above}`;

/** The last day of what the description knows the end of. */
export const lastDay = (ends: number): string => new Date((ends - 1) * 1000).toISOString().slice(0, 10);

/** What tells a signal from others of its tenancy. */
export const ownLabels = ({ labels: { site: _, tenancy: __, environment: ___, ...own } }: SignalEntry): string =>
  Object.values(own).join(" ");
