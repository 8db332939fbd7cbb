import { type Flow, isOurs, type PlaceEntry } from "../entries";
import type { Registers } from "../registers";
import { type Auth, shown, type Traffic } from "../site/need";
import type { Site } from "../site/site";
import { grantsOf } from "../standing";
import { didYouMean, listed, type Problem } from "../words/problem";

/** Flows that could be built but must not be. */
export const flowProblems = ({ places, flows, sites }: Registers): readonly Problem[] => [
  ...flows.flatMap(knownSpeaker),
  ...places.flatMap(relayPorts),
  ...places.flatMap((place) => unknownGrants(place, flows)),
  ...withoutAccount(places, flows, sites),
];

/** Whoever logs in to a supercomputer does so as somebody, who belongs to one environment. */
function withoutAccount(
  places: readonly PlaceEntry[],
  flows: readonly Flow[],
  sites: readonly Site[],
): readonly Problem[] {
  const environments = new Map(places.map(({ id, tenancy }) => [id, tenancy.environment]));
  const missing = flows.flatMap(({ to, place, because }) => {
    const site = isOurs(to)
      ? undefined
      : sites.find(({ supercomputer }) => to.theirs === `${supercomputer?.name}.login`);
    const environment = environments.get(place);
    return site && environment && !site.supercomputer?.accounts[environment] ? [{ site, environment, because }] : [];
  });
  return [...new Map(missing.map((each) => [`${each.site.name}.${each.environment}`, each])).values()].map(
    ({ site, environment, because }) => ({
      path: `${site.name}.supercomputer.accounts.${environment}`,
      value: undefined,
      allowed: `an account for ${environment}, as which ${because} logs in`,
      fix: 'add it: service("user", "project")',
    }),
  );
}

function unknownGrants(place: PlaceEntry, flows: readonly Flow[]): readonly Problem[] {
  if (Object.keys(place.tenancy.grants).length === 0) return [];
  const needed = grantsOf(place, flows).map(({ grant }) => grant);
  return Object.keys(place.tenancy.grants)
    .filter((grant) => !needed.includes(grant))
    .map((grant) => ({
      path: `${place.site.name}.${place.name}.grants.${grant}`,
      value: grant,
      allowed: `what flows of the tenancy need: ${listed(needed)}`,
      fix: didYouMean(grant, needed, "leave it out"),
    }));
}

const knowNobody: readonly (Auth | "theirs")[] = ["none", "tls"];

/** Everybody behind a shared address can connect, so the service itself must know who speaks. */
const knownSpeaker = ({ from, to, auth, traffic, because }: Flow): readonly Problem[] => {
  if (!isOurs(to) || isOurs(from) || !from.shared || !knowNobody.includes(auth)) return [];
  return [
    {
      path: because,
      value: `${from.theirs} to ${shown(traffic)} of ${to.group.role}, authentication ${auth}`,
      allowed: `a service that authenticates, since many share the addresses of ${from.theirs}`,
      fix: "let the service ask for a password, a token or a certificate",
    },
  ];
};

/** A relay listens once on a port: for itself, or for one service. */
function relayPorts(place: PlaceEntry): readonly Problem[] {
  const listeners = place.services.flatMap(({ said, because }) => {
    const { from, to } = said.traffic;
    const path = `${because}.services.${said.service}`;
    const self =
      "role" in said.on ? [{ role: said.on.role, from, to, service: said.service, path, relayed: false }] : [];
    if (said.entrance === undefined || said.entrance === "own-address") return self;
    const port = said.entrance.port;
    return [
      ...self,
      {
        role: said.entrance.relay,
        from: port ?? from,
        to: port ?? to,
        service: said.service,
        path: said.entrance.option === undefined ? `${path}.entrance.port` : `${because}.${said.entrance.option}`,
        relayed: true,
      },
    ];
  });
  return listeners.flatMap((listener, i) => {
    const other = listeners.find(
      (o, j) =>
        o.role === listener.role &&
        o.service !== listener.service &&
        o.from <= listener.to &&
        listener.from <= o.to &&
        (!o.relayed || j < i),
    );
    if (!other || !listener.relayed) return [];
    const taken = new Set(listeners.filter((l) => l.role === listener.role).map((l) => l.from));
    const free = [...Array(1000).keys()].map((n) => listener.from + n).find((port) => !taken.has(port));
    return [
      {
        path: listener.path,
        value: listener.from,
        allowed: `a port of its own on ${listener.role}; ${other.service} has this one`,
        fix: `choose another, e.g. ${free}`,
      },
    ];
  });
}
