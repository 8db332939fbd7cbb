import { z } from "zod";
import { tlsFiles } from "../../model/site/certificate";
import { type Component, component } from "../../model/site/component";
import {
  type Delivery,
  deliverySchema,
  type Heartbeat,
  heartbeatSchema,
  type Mail,
  mailSchema,
  type Retention,
  retentionSchema,
  type Team,
  teamsSchema,
} from "../../model/site/monitoring";
import { type Need, tcp } from "../../model/site/need";
import { type Fate, fate, flavor } from "../../model/site/specs";
import type { DescribedFields } from "../../model/words/assumed";
import { type Fields, names } from "../../model/words/parse";
import { type Size, size, tib } from "../../model/words/quantity";
import { grafanaAdmin, grafanaNeeds } from "./grafana-needs";
import { monitoringPanels } from "./panels";
import { ringingNeeds, ringingSecrets } from "./ringing";
import { monitoringRecordings, monitoringScrapes, monitoringServices, monitoringSignals } from "./signals";

/** What keeps metrics and logs of all sites, shows them, and rings. */
export interface MonitoringOptions {
  /** Outside networks whose people read dashboards. @default ["operators"] */
  readonly readBy?: readonly string[];
  /** Who takes everything for good. @default - kept here only */
  readonly delivery?: Delivery;
  /** Who is rung: every owner of a tenancy, a secret or an acknowledgement, by name. @default - nobody is */
  readonly teams?: Readonly<Record<string, Team>>;
  /** By whom mail goes out to them. */
  readonly mail?: Mail;
  /** Who rings when nothing of this rings any more. @default - nobody does */
  readonly heartbeat?: Heartbeat;
  /** How long things can be looked up here. */
  readonly keeps?: Retention;
  /** @default tib(2) */
  readonly volume?: Size;
  /** What becomes of the metrics when monitoring leaves the description. @default "keep" */
  readonly fate?: Fate;
  /** @default "large" */
  readonly flavor?: string;
}

const schema = z.strictObject({
  readBy: names("the name of an outside network").default(["operators"]),
  delivery: deliverySchema.optional(),
  teams: teamsSchema.default({}),
  mail: mailSchema.optional(),
  heartbeat: heartbeatSchema.optional(),
  keeps: retentionSchema.prefault({}),
  volume: size.default(tib(2)),
  fate: fate.default("keep"),
  flavor: flavor.default("large"),
} satisfies Fields<MonitoringOptions>);

/** Takes what the sites' collectors deliver, keeps it, shows it, and passes it on. */
export const monitoring = (options: DescribedFields<MonitoringOptions> = {}): Component =>
  component("monitoring", "monitoring", { schema, input: options }, (is) => ({
    scrapes: monitoringScrapes,
    recordings: monitoringRecordings,
    panels: monitoringPanels,
    secrets: [grafanaAdmin, ...ringingSecrets(is)],
    monitoring: [
      {
        keeps: is.keeps,
        teams: is.teams,
        ...(is.delivery ? { delivery: is.delivery } : {}),
        ...(is.mail ? { mail: is.mail } : {}),
        ...(is.heartbeat ? { heartbeat: is.heartbeat } : {}),
      },
    ],
    hosts: [
      {
        name: "monitoring",
        roles: ["monitoring"],
        subnet: "services",
        slot: 21,
        flavor: is.flavor,
        flavorOption: "flavor",
        volumes: [{ name: "metrics", size: is.volume, fate: is.fate }],
      },
    ],
    services: [
      // @see OTLP specification: 4318 is the default port of OTLP over HTTP
      {
        service: "telemetry",
        on: { role: "monitoring" },
        traffic: tcp(4318),
        auth: "mtls",
        entrance: { relay: "proxy" },
      },
      {
        service: "dashboards",
        on: { role: "monitoring" },
        traffic: tcp(3000),
        auth: "tls+password",
        entrance: { relay: "proxy", port: 443 },
      },
      ...monitoringServices,
    ],
    problems:
      is.mail !== undefined || Object.keys(is.teams).length === 0
        ? []
        : [
            {
              path: "mail",
              value: undefined,
              allowed: "by whom mail goes out to teams",
              fix: "write mail: { to, smarthost, from }",
            },
          ],
    needs: [
      ...monitoringSignals,
      ...ringingNeeds(is),
      {
        need: "certificate",
        by: { role: "monitoring" },
        service: "telemetry",
        files: tlsFiles("/etc/platform/tls/telemetry"),
        reloads: "haproxy.service",
        why: "clients know that it is telemetry",
      },
      ...grafanaNeeds("monitoring"),
      ...is.readBy.map(
        (network): Need => ({
          need: "flow",
          from: { outside: network },
          to: { service: "dashboards" },
          why: `${network} read dashboards`,
          option: "readBy",
        }),
      ),
      ...(is.delivery === undefined
        ? []
        : [
            {
              need: "flow" as const,
              from: { role: "monitoring" },
              to: { outside: is.delivery.to },
              traffic: tcp(443),
              why: "observability data goes to ECMWF's platform for good",
              option: "delivery",
            },
          ]),
    ],
  }));
