import type { SignalEntry } from "../../model/signal-entries";
import { severities, type Threshold } from "../../model/site/signal";
import { days, hours, minutes } from "../../model/vocabulary";
import { ringsAt } from "../../operate/signal-words";

test.each<[string, Partial<Record<(typeof severities)[number], Threshold>>, readonly string[]]>([
  ["one unit", { warning: { left: hours(180) }, critical: { left: minutes(3456) } }, ["", "180 h left", "57.6 h left"]],
  ["the largest", { info: { age: hours(36) }, warning: { age: days(3) } }, ["1.5 d old", "3 d old", ""]],
  ["none less than one", { info: { age: hours(1) }, warning: { age: days(3) } }, ["1 h old", "72 h old", ""]],
])("thresholds of a signal are told in the same unit: %s", (_, thresholds, told) =>
  expect(severities.map((severity) => ringsAt({ thresholds } as unknown as SignalEntry, severity))).toEqual(told));
