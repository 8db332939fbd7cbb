import type { SignalEntry } from "../../../model/signal-entries";
import { type Sort, sortOf } from "../../../model/site/signal";
import { alertOf } from "../rules";

/** Whether one of its thresholds is of these sorts. */
export const isOf = ({ thresholds }: SignalEntry, sorts: readonly Sort[]): boolean =>
  Object.values(thresholds).some((each) => sorts.includes(sortOf(each)));

/** What alerts of such signals are called. */
export const alertsBy = (asked: readonly SignalEntry[], sorts: readonly Sort[]): readonly string[] => [
  ...new Set(asked.filter((signal) => isOf(signal, sorts)).map(alertOf)),
];
