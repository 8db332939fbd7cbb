import { stringify } from "yaml";
import type { Event, Roles, StatedAviso } from "../../model/site/aviso";
import type { Duration } from "../../model/words/quantity";
import { authOTronUrl } from "../auth-o-tron/places";
import { roomOf } from "./capacity";
import { ports } from "./places";

/**
 * What aviso-server is told, of all that it knows: it passes over most keys that it does not know, so that a misspelt one is none. What is
 * secret comes by variables.
 * @see aviso-server 0.13.1, src/configuration/types.rs and auth.rs
 */
interface Config {
  readonly application: { readonly host: string; readonly port: number; readonly base_url: string };
  readonly notification_backend: { readonly kind: "jetstream"; readonly jetstream: JetStream };
  readonly auth: {
    readonly enabled: boolean;
    readonly mode: "direct" | "trusted_proxy";
    readonly auth_o_tron_url: string;
    readonly admin_roles: Roles;
    readonly timeout_ms: number;
  };
  readonly metrics: { readonly enabled: boolean; readonly host: string; readonly port: number };
  readonly logging: { readonly level: string; readonly format: string };
  readonly notification_schema_strict: boolean;
  readonly notification_schema: Readonly<Record<string, EventSchema>>;
}

interface JetStream {
  readonly nats_url: string;
  readonly storage_type: "file" | "memory";
  readonly replicas: number;
  readonly retention_policy: "limits" | "interest";
  readonly discard_policy: "old" | "new";
}

interface EventSchema {
  readonly payload: { readonly required: boolean };
  readonly topic: { readonly base: string; readonly key_order: readonly string[] };
  readonly identifier: Readonly<Record<string, IdentifierField>>;
  readonly auth: { readonly required: boolean; readonly read_roles?: Roles; readonly write_roles?: Roles };
  readonly storage_policy: {
    readonly retention_time: string;
    readonly max_size: string;
    readonly allow_duplicates: boolean;
    readonly compression: boolean;
  };
}

/** @see aviso-validators 0.13.1, src/types.rs */
type IdentifierField = { readonly required: boolean; readonly description?: string } & (
  | { readonly type: "StringHandler"; readonly max_length?: number }
  | { readonly type: "DateHandler"; readonly canonical_format: string }
  | { readonly type: "EnumHandler"; readonly values: readonly string[] }
  | { readonly type: "ExpverHandler" }
  | { readonly type: "IntHandler"; readonly range?: readonly [number, number] }
  | { readonly type: "FloatHandler" }
  | { readonly type: "TimeHandler" }
);

/** Variables in which it has what is secret. */
export const variables = { jwt: "AVISOSERVER_AUTH__JWT_SECRET", config: "AVISOSERVER_CONFIG_FILE" } as const;

export interface ServerProps {
  readonly events: StatedAviso["events"];
  /** As people know it: `aviso.lumi.apps.dte.destination-earth.eu`. */
  readonly address: string;
  /** Who may delete what others notified, and notify of everything. */
  readonly admins: Roles;
}

export const configText = ({ events, address, admins }: ServerProps): string =>
  stringify(
    {
      application: { host: "0.0.0.0", port: ports.http, base_url: `https://${address}` },
      notification_backend: {
        kind: "jetstream",
        jetstream: {
          nats_url: `nats://127.0.0.1:${ports.nats}`,
          storage_type: "file",
          replicas: 1,
          retention_policy: "limits",
          discard_policy: "old",
        },
      },
      auth: {
        enabled: true,
        mode: "direct",
        auth_o_tron_url: authOTronUrl,
        admin_roles: admins,
        timeout_ms: 5000,
      },
      metrics: { enabled: true, host: "0.0.0.0", port: ports.metrics },
      logging: { level: "info", format: "json" },
      notification_schema_strict: true,
      notification_schema: Object.fromEntries(
        Object.entries(events).map(([name, event]) => [name, schemaOf(name, event)]),
      ),
    } satisfies Config,
    { lineWidth: 0, aliasDuplicateObjects: false },
  );

const schemaOf = (name: string, event: Event): EventSchema => ({
  payload: { required: event.payload },
  topic: { base: event.topic ?? name, key_order: Object.keys(event.identifier) },
  identifier: Object.fromEntries(Object.entries(event.identifier).map(([key, is]) => [key, fieldOf(is)])),
  auth: {
    required: true,
    ...(event.reads ? { read_roles: event.reads } : {}),
    ...(event.writes ? { write_roles: event.writes } : {}),
  },
  storage_policy: {
    retention_time: literalOf(event.kept),
    max_size: `${roomOf(event)}Mi`,
    allow_duplicates: event.repeats,
    compression: true,
  },
});

function fieldOf(key: Event["identifier"][string]): IdentifierField {
  const more = { required: key.asked, ...(key.what === undefined ? {} : { description: key.what }) };
  switch (key.is) {
    case "text":
      return { type: "StringHandler", ...(key.longest === undefined ? {} : { max_length: key.longest }), ...more };
    case "date":
      return { type: "DateHandler", canonical_format: "%Y%m%d", ...more };
    case "time":
      return { type: "TimeHandler", ...more };
    case "expver":
      return { type: "ExpverHandler", ...more };
    case "number":
      return { type: "FloatHandler", ...more };
    case "one-of":
      return { type: "EnumHandler", values: key.values, ...more };
    case "integer":
      return { type: "IntHandler", ...rangeOf(key), ...more };
  }
}

/** Both ends, or neither: it takes no other. */
const rangeOf = ({ from, to }: { readonly from?: number; readonly to?: number }) =>
  from === undefined && to === undefined
    ? {}
    : { range: [from ?? Number.MIN_SAFE_INTEGER, to ?? Number.MAX_SAFE_INTEGER] as const };

/** `7d`, `12h`, `30m`, in its own words. */
function literalOf({ seconds }: Duration): string {
  for (const [unit, of] of [
    ["d", 86400],
    ["h", 3600],
    ["m", 60],
  ] as const)
    if (seconds % of === 0) return `${seconds / of}${unit}`;
  return `${seconds}s`;
}
