import { stringify } from "yaml";
import type { StatedPolytope } from "../../model/site/polytope";
import { poolOf, ports } from "./places";

/**
 * Everything that its file may say. The frontend passes over what it does not know, so nothing else is written: `collections` beside
 * `bits`, as its README has it, would be none at all.
 * @see polytope-server at e71520d, frontend/src/config.rs: RawServerConfig; frontend/src/lib.rs: build_app
 */
interface FrontendKeys {
  readonly server: { readonly host: string; readonly port: number };
  readonly polytope: { readonly site: string; readonly env: string };
  readonly bits: BrokerKeys;
  readonly authentication: { readonly url: string; readonly timeout_ms: number; readonly allow_anonymous: false };
  readonly metrics: { readonly enabled: true; readonly port: number };
  readonly support?: { readonly default_url: string };
}

/** @see bits-broker at 91738d2, bits/src/config.rs: parse_bootstrap; site and env the frontend adds by itself */
interface BrokerKeys {
  readonly bits: { readonly worker_server: { readonly host: string; readonly port: number } };
  readonly targets: Readonly<Record<string, Pool>>;
  /** What the frontend takes out, and adds route by route. */
  readonly collections: Readonly<Record<string, readonly Route[]>>;
}

/** Workers that ask for work at `/<its name>/work`. */
interface Pool {
  readonly type: "remote";
  readonly dispatcher: {
    readonly queue: "fifo";
    readonly queue_capacity: number;
    readonly executor: { readonly type: "remote_pool"; readonly heartbeat_timeout_secs: number };
  };
}

/** Steps by the name of a route; the first that refuses ends it. */
type Route = Readonly<Record<string, readonly Step[]>>;
/** @see polytope-server at e71520d, frontend/src/actions and metkit_expansion.rs */
type Step =
  /** Roles by realm, without a key between. */
  | { readonly "check::has_role": Readonly<Record<string, readonly string[]>> }
  | { readonly "check::match": Readonly<Record<string, readonly string[]>> }
  | { readonly "check::date_checker": { readonly allowed_values: readonly string[] } }
  | { readonly "transform::metkit_expansion": Readonly<Record<string, never>> }
  | `target::${string}`;

/** @param at the first line @param asks where who asks is vouched for, `http://auth-o-tron.auth-o-tron.svc.cluster.local:8080` */
export function frontendYaml(at: string, said: StatedPolytope, asks: string): string {
  const { tags, collections, support, queue } = said;
  const pools = said.features ? [poolOf.fields, poolOf.features] : [poolOf.fields];
  const keys: FrontendKeys = {
    server: { host: "0.0.0.0", port: ports.frontend },
    polytope: tags,
    bits: {
      bits: { worker_server: { host: "0.0.0.0", port: ports.broker } },
      targets: Object.fromEntries(pools.map((pool) => [pool, poolFor(queue)])),
      collections: Object.fromEntries(
        Object.entries(collections).map(([name, collection]) => [name, [{ [name]: stepsOf(collection) }]]),
      ),
    },
    authentication: { url: asks, timeout_ms: 5000, allow_anonymous: false },
    metrics: { enabled: true, port: ports.metrics },
    ...(support === undefined ? {} : { support: { default_url: support } }),
  };
  return `${at}\n${stringify(keys, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

/** Whoever has not said for a minute that it works has died, and its request with it. */
const poolFor = (queue: number): Pool => ({
  type: "remote",
  dispatcher: {
    queue: "fifo",
    queue_capacity: queue,
    executor: { type: "remote_pool", heartbeat_timeout_secs: 60 },
  },
});

/** Who asks, before what is asked is looked at; and that in the words of MARS, before it is held against anything. */
const stepsOf = ({ roles, serves, dates, as }: StatedPolytope["collections"][string]): readonly Step[] => [
  ...(roles ? [{ "check::has_role": roles }] : []),
  { "transform::metkit_expansion": {} },
  { "check::match": serves },
  ...(dates ? [{ "check::date_checker": { allowed_values: dates } }] : []),
  `target::${poolOf[as]}`,
];
