import { type Flow, isOurs, type PlaceEntry, pathTo, type Said } from "../entries";
import type { Registers } from "../registers";
import { namesakes, type Rule } from "../rules";
import { servicesOf } from "../services";
import { type Auth, overlaps, type Service, shown, type Traffic } from "../site/need";
import type { Site } from "../site/site";
import { grantsOf } from "../standing";
import { didYouMean, listed, type Problem } from "../words/problem";
import { own } from "../words/record";

/** Flows that could be built but must not be. */
export const flowProblems = ({ places, flows, rules, sites }: Registers): readonly Problem[] => [
  ...flows.flatMap(knownSpeaker),
  ...places.flatMap(relayPorts),
  ...places.flatMap(balancerPorts),
  ...[...rules.values()].flatMap(ruleNames),
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
  const missing = flows.flatMap(({ to, place, because, person, account }) => {
    if (person !== undefined || account !== undefined) return [];
    const site = isOurs(to)
      ? undefined
      : sites.find(({ supercomputer }) => to.theirs === `${supercomputer?.name}.login`);
    const environment = environments.get(place);
    const { accounts = {}, people = {} } = site?.supercomputer ?? {};
    const isSomebody =
      own(accounts, environment ?? "") ?? (environment === "experiments" && Object.keys(people).length > 0);
    return site && environment && !isSomebody ? [{ site, environment, because }] : [];
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
      path: `${pathTo(place)}.grants.${grant}`,
      value: grant,
      allowed: `what flows of the tenancy need: ${listed(needed)}`,
      fix: didYouMean(grant, needed, "leave it out"),
    }));
}

/** Ways by which a service knows who speaks; whatever else one may say is none. */
const knowsSpeaker: readonly (Auth | "theirs")[] = ["ssh-certificate", "ssh-key", "mtls", "tls+password", "tls+token"];

/** Everybody behind a shared address can connect, so the service itself must know who speaks. */
const knownSpeaker = ({ from, to, auth, traffic, because }: Flow): readonly Problem[] => {
  if (!isOurs(to) || isOurs(from) || !from.shared || knowsSpeaker.includes(auth)) return [];
  return [
    {
      path: because,
      value: `${from.theirs} to ${shown(traffic)} of ${to.group.role}, authentication ${auth}`,
      allowed: `a service that authenticates, since many share the addresses of ${from.theirs}`,
      fix: "let the service ask for a password, a token or a certificate",
    },
  ];
};

/** Something that listens on hosts. */
interface Listener {
  readonly service: string;
  readonly path: string;
  /** The role of its hosts. @default - every host */
  readonly role: string | undefined;
  readonly traffic: Traffic;
  readonly relayed: boolean;
}

/** A relay listens on a port for one service alone; nothing else of its hosts may listen there. */
function relayPorts(place: PlaceEntry): readonly Problem[] {
  const listeners = servicesOf(place).flatMap(listenersOf);
  return listeners.flatMap((listener, i): readonly Problem[] => {
    if (!listener.relayed || listener.role === undefined) return [];
    const { traffic, path } = listener;
    if (traffic.proto === "udp")
      return [
        { path, value: shown(traffic), allowed: "tcp, which is all that relays carry", fix: 'say "own-address"' },
      ];
    const meets = listeners.filter(({ role }) => role === undefined || sharesHost(place, role, listener.role ?? ""));
    const other = meets.find(
      (o) => o !== listener && overlaps(o.traffic, traffic) && (!o.relayed || listeners.indexOf(o) < i),
    );
    if (!other) return [];
    const free = [...Array(1000).keys()]
      .map((n) => traffic.from + n)
      .find((port) => !meets.some(({ traffic: { from, to } }) => from <= port && port <= to));
    const allowed = `a port of its own on ${listener.role}; ${other.service} has this one`;
    return [{ path, value: traffic.from, allowed, fix: `choose another, e.g. ${free}` }];
  });
}

function listenersOf({ said, because }: Said<Service>): readonly Listener[] {
  const { service, on, traffic, entrance } = said;
  const path = `${because}.services.${service}`;
  const role = "role" in on ? on.role : undefined;
  // Pods listen at addresses of their own.
  const self = "workload" in on ? [] : [{ service, path, role, traffic, relayed: false }];
  if (typeof entrance !== "object" || "ingress" in entrance) return self;
  const { relay, port, option } = entrance;
  const relayed = port === undefined ? traffic : { ...traffic, from: port, to: port };
  const at = option === undefined ? `${path}.entrance.port` : `${because}.${option}`;
  return [...self, { service, path: at, role: relay, traffic: relayed, relayed: true }];
}

const sharesHost = ({ hosts }: PlaceEntry, a: string, b: string): boolean =>
  hosts.some(({ roles }) => roles.includes(a) && roles.includes(b));

/** A load balancer passes single TCP ports on, each to one service. */
function balancerPorts({ services }: PlaceEntry): readonly Problem[] {
  const behind = services.filter(({ said }) => said.balancer !== undefined);
  return behind.flatMap(({ said, because }, i): readonly Problem[] => {
    const { traffic, service, balancer } = said;
    const path = `${because}.services.${service}`;
    if (traffic.proto !== "tcp" || traffic.from !== traffic.to) {
      const allowed = "one TCP port, which is all that a load balancer passes on";
      return [{ path, value: shown(traffic), allowed, fix: "leave balancer out" }];
    }
    const other = behind.slice(0, i).find((b) => b.said.balancer === balancer && overlaps(b.said.traffic, traffic));
    if (!other) return [];
    const allowed = `a port of its own on ${balancer}; ${other.said.service} has this one`;
    return [{ path, value: traffic.from, allowed, fix: "choose another port, or another load balancer" }];
  });
}

/** A rule is named by what it says; a role must not read like an address there. */
const ruleNames = (rules: readonly Rule[]): readonly Problem[] =>
  namesakes(rules).map(([first, second]) => ({
    path: second.because[0] ?? "",
    value: second.id,
    allowed: `a name of its own for each rule of ${second.group.role}; ${first.because[0]} needs one that reads alike`,
    fix: "rename the role or the host that it names",
  }));
