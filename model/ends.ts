import { type PlaceEntry, pathTo } from "./entries";
import { holdsOf } from "./holds";
import { hpcLogins } from "./hpc-logins";
import type { Registers } from "./registers";
import { isGiven } from "./standing";
import type { Day } from "./words/calendar";
import type { Environment } from "./words/environment";
import { listed } from "./words/problem";
import { pathOf } from "./words/record";

/** Something of which the description states the last day. */
export interface End {
  readonly kind: "account" | "grant" | "user" | "acknowledgement" | "hold";
  /** Its path in the description: `lumi.supercomputer.accounts.production`. */
  readonly target: string;
  /** What ends, in the words of the description: a user, a ticket, what is acknowledged. */
  readonly of: string;
  /** The last day on which it holds. */
  readonly until: Day;
  readonly site: string;
  /** @default - it is of the whole site */
  readonly place?: PlaceEntry;
  readonly environment?: Environment;
  /** The team that answers for it. */
  readonly owner: string;
}

type Described = Pick<Registers, "sites" | "places" | "flows" | "locks">;

/** All ends that the description states. */
export const endsOf = (registers: Described): readonly End[] => [
  ...accounts(registers),
  ...registers.places.flatMap(grants),
  ...registers.places.flatMap(users),
  ...acknowledgements(registers),
  ...registers.places.flatMap((place) => holds(place, registers)),
];

/** Accounts at supercomputers: of environments, and of people, who experiment. */
function accounts(registers: Described): readonly End[] {
  return registers.sites.flatMap(({ name, supercomputer }) => {
    if (!supercomputer) return [];
    const all = [
      ...Object.entries(supercomputer.accounts).map(
        ([key, account]) => ({ key, in: "accounts", environment: key as Environment, account }) as const,
      ),
      ...Object.entries(supercomputer.people).map(
        ([key, account]) => ({ key, in: "people", environment: "experiments", account }) as const,
      ),
    ];
    return all.flatMap(({ key, in: list, environment, account: { user, expires } }) =>
      expires === undefined
        ? []
        : {
            kind: "account" as const,
            target: `${name}.supercomputer.${list}.${key}`,
            of: user,
            until: expires,
            site: name,
            environment,
            owner: whoLogsIn(name, environment, registers),
          },
    );
  });
}

/** Who has jobs run by it, or answers for what stands beside, or for anything at all. */
function whoLogsIn(site: string, environment: Environment, registers: Described): string {
  const logins = hpcLogins(registers).filter(({ to }) => to.name === site);
  const those = [...logins.map(({ place }) => place), ...registers.places.filter((place) => place.site.name === site)];
  const found = those.find(({ tenancy }) => tenancy.environment === environment) ?? those[0] ?? registers.places[0];
  return found?.tenancy.owner ?? "?";
}

const grants = (place: PlaceEntry): readonly End[] =>
  Object.entries(place.tenancy.grants).flatMap(([grant, is]) =>
    is.until === undefined || !isGiven(is)
      ? []
      : {
          kind: "grant" as const,
          target: `${pathTo(place)}.grants.${grant}`,
          of: is.ticket,
          until: is.until,
          ...at(place),
        },
  );

const users = (place: PlaceEntry): readonly End[] =>
  place.ecflow.flatMap(({ said, because }) =>
    Object.entries(said.users).flatMap(([user, { until }]) =>
      until === undefined
        ? []
        : { kind: "user" as const, target: pathOf(because, "users", user), of: user, until, ...at(place) },
    ),
  );

const acknowledgements = ({ sites }: Described): readonly End[] =>
  sites.flatMap(({ name, acknowledged }) =>
    acknowledged.map(({ rule, targets, until, owner }) => ({
      kind: "acknowledgement" as const,
      target: `${name}.acknowledged.${rule}`,
      of: listed(targets),
      until,
      site: name,
      owner,
    })),
  );

const holds = (place: PlaceEntry, { locks }: Described): readonly End[] =>
  holdsOf({ locks, places: [place] }).map(({ stack, reason, until }) => ({
    kind: "hold" as const,
    target: `${place.site.name}.lock.holds.${stack}`,
    of: `${stack}, ${reason}`,
    until,
    ...at(place),
  }));

const at = (place: PlaceEntry) => ({
  site: place.site.name,
  place,
  environment: place.tenancy.environment,
  owner: place.tenancy.owner,
});
