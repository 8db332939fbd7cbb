import type { Registers } from "../../model/registers";
import { isAsked } from "../../model/signals";
import { watchdog } from "./watchdog";

/**
 * What rings for one fault rings once. No source of a rule is held back by another that it could hold back itself: both would be.
 * Labels that neither alert has are equal.
 * @see Alertmanager, "inhibit_rule"
 */
export const inhibitionsOf = (registers: Registers) => [
  // Whoever gathers there is away: of the rest nothing is known.
  {
    source_matchers: ['alertname="SiteSilent"'],
    target_matchers: [`alertname!~"SiteSilent|${watchdog}"`],
    equal: ["site", "tenancy"],
  },
  {
    source_matchers: ['alertname="HostDown"'],
    target_matchers: ['alertname!~"HostDown|SiteSilent"'],
    equal: ["site", "tenancy", "host"],
  },
  // One tenancy alone may have lost its login: those of others go on to ring.
  {
    source_matchers: ['alertname="HpcUnreachable"'],
    target_matchers: ['alertname!~"HpcUnreachable|HostDown|SiteSilent"', 'supercomputer!=""'],
    equal: ["site", "tenancy", "supercomputer"],
  },
  ...[
    ["critical", "warning|info"],
    ["warning", "info"],
  ].map(([louder, quieter]) => ({
    source_matchers: [`severity="${louder}"`],
    target_matchers: [`severity=~"${quieter}"`],
    equal: ["alertname", ...tellingApart(registers)],
  })),
];

/** All labels by which one series is told from another: what a certificate and a file system do not share is empty in both. */
const tellingApart = ({ signals, places }: Registers): readonly string[] => {
  const asked = signals.filter((signal) => isAsked(signal, places));
  return [
    ...new Set([
      "host",
      "signal",
      "file",
      ...asked.flatMap(({ labels, each = [] }) => [...Object.keys(labels), ...each]),
    ]),
  ].sort();
};
