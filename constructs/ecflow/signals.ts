import type { SignalNeed } from "../../model/site/signal";
import { hours } from "../../model/words/quantity";
import { homeOf, keptOf } from "./places";

/** How old the last copy of a server's state is, on its host and on one that stands by: one is kept each quarter of an hour. */
export const signalOfCopies = (role: string, volume: string): SignalNeed => ({
  need: "signal",
  signal: "platform_snapshot_timestamp_seconds",
  by: { role, file: { kind: "age-of-file", path: `${keptOf(homeOf(volume))}/*.check.gz` } },
  labels: { of: role },
  thresholds: { warning: { age: hours(1) }, critical: { age: hours(6) } },
  what: `the last copy of what ${role} knows`,
  why: "what suites have done since is lost with the host",
  runbook: "docs/runbooks/expiry.md#snapshots",
});
