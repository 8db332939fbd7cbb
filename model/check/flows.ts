import { type Flow, isOurs, type PlaceEntry } from "../entries";
import type { Registers } from "../registers";
import { type Auth, shown, type Traffic } from "../site/need";
import { grantsOf } from "../standing";
import { didYouMean, listed, type Problem } from "../words/problem";

/** Flows that could be built but must not be. */
export const flowProblems = ({ places, flows }: Registers): readonly Problem[] => [
  ...flows.flatMap(reasons),
  ...flows.flatMap(knownSpeaker),
  ...flows.flatMap(({ traffic, because }) => ports(traffic, because)),
  ...places.flatMap(({ services }) =>
    services.flatMap(({ said, because }) => ports(said.traffic, `${because}.services.${said.service}`)),
  ),
  ...places.flatMap(relayPorts),
  ...places.flatMap((place) => unknownGrants(place, flows)),
];

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

/** Whoever opens the other half, or reviews this one, asks why. */
const reasons = ({ from, why, because }: Flow): readonly Problem[] => {
  if (why.trim() !== "") return [];
  const source = isOurs(from) ? from.group.role : from.theirs;
  return [{ path: because, value: why, allowed: `a reason for the flow from ${source}`, fix: "say why in the need" }];
};

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

function ports(traffic: Traffic, path: string): readonly Problem[] {
  const sound = (port: number) => Number.isInteger(port) && port >= 1 && port <= 65535;
  if (sound(traffic.from) && sound(traffic.to) && traffic.from <= traffic.to) return [];
  return [{ path, value: shown(traffic), allowed: "ports from 1 to 65535, the lower first", fix: "correct the port" }];
}

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
        path: `${path}.entrance.port`,
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
        fix: `entrance: { relay: "${listener.role}", port: ${free} }`,
      },
    ];
  });
}
