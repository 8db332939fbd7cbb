import type { HostEntry, PlaceEntry } from "./entries";
import { servicesOf } from "./services";
import type { CertificateFiles, ShownCertificate } from "./site/certificate";
import { isServedBy, type Service, speaksTls } from "./site/need";
import { type Holder, toldAt } from "./site/secret";
import type { Environment } from "./words/environment";
import { didYouMean, listed, type Problem } from "./words/problem";
import type { Duration } from "./words/quantity";

/** What certificates of hosts and of pods have in common. */
interface Certificate {
  /** Unique in the platform: `lumi-production-ecflow-prod`. */
  readonly id: string;
  readonly place: PlaceEntry;
  /** Whose issuer it is of: that of the tenancy, or of the namespace of pods. */
  readonly environment: Environment;
  readonly service: string;
  /** All names that any of them may bear. */
  readonly names: readonly string[];
  readonly lifetime: Duration;
  readonly files: CertificateFiles;
  readonly proves: boolean;
  readonly why: string;
  readonly because: string;
}

/** Certificates of the hosts of a role for a service: one for each host, all by one rule. */
export interface HostCertificate extends Certificate, Holder {
  readonly role: string;
  readonly hosts: readonly HostEntry[];
  readonly owner: string;
}

/** The certificate of a workload for a service, which all its pods share. */
export interface PodCertificate extends Certificate {
  readonly workload: string;
  readonly namespace: string;
}

/** A certificate of Vault, on hosts or for pods. */
export type CertificateEntry = HostCertificate | PodCertificate;

/** Certificates of the platform that hosts show. */
export const ofHosts = (all: readonly CertificateEntry[]): readonly HostCertificate[] =>
  all.filter((each): each is HostCertificate => "role" in each);
/** Certificates of the platform that pods show. */
export const ofPods = (all: readonly CertificateEntry[]): readonly PodCertificate[] =>
  all.filter((each): each is PodCertificate => "workload" in each);

/** Whether it also proves who connects: somebody needs it for that, or servers of a service by `mtls` know each other by it. */
export const isMutual = ({ place, service, proves }: Pick<CertificateEntry, "place" | "service" | "proves">): boolean =>
  proves || place.services.some(({ said }) => said.service === service && said.auth === "mtls");

/** The name by which a service is met, wherever from: `vault.production.home.example.org`. */
export const serviceDns = ({ name, site }: PlaceEntry, service: string): string => `${service}.${name}.${site.dns}`;

/** The names of one host in its certificate for a service: its own first. */
export const namesOf = (
  { place, service }: Pick<CertificateEntry, "place" | "service">,
  { dns }: HostEntry,
): readonly string[] => [dns, serviceDns(place, service)];

/**
 * The name that a certificate has as its subject: no longer than some programs take, of all its names, which stand beside it anyway.
 * @see RFC 5280, ub-common-name
 */
export const commonNameOf = (names: readonly string[]): string =>
  names.find((name) => name.length <= 64) ?? names[0] ?? "";

/**
 * The names of pods in their certificate for a service: as it is met from everywhere, and as pods of the same cluster find it.
 * @see Kubernetes, DNS for Services and Pods
 */
const namesOfPods = (
  place: PlaceEntry,
  { service, publicNames = [] }: Pick<Service, "service" | "publicNames">,
  namespace: string,
): readonly string[] => [
  serviceDns(place, service),
  ...publicNames,
  `${service}.${namespace}.svc`,
  `${service}.${namespace}.svc.cluster.local`,
];

/** Everybody who shows a certificate, and who should and does not. */
export function certificatesOf(places: readonly PlaceEntry[]): {
  readonly certificates: readonly CertificateEntry[];
  readonly problems: readonly Problem[];
} {
  const found = places.flatMap((place) => place.certificates.map(({ said, because }) => entryOf(place, said, because)));
  const certificates = found.flatMap(({ entry }) => entry ?? []);
  return {
    certificates,
    problems: [
      ...found.flatMap(({ problem }) => problem ?? []),
      ...twice(certificates),
      ...certificates.flatMap(pretending),
      ...places.flatMap((place) => without(place, certificates)),
    ],
  };
}

function entryOf(
  place: PlaceEntry,
  said: ShownCertificate,
  because: string,
): { readonly entry?: CertificateEntry; readonly problem?: Problem } {
  const { by, service, lifetime, files, proves = false, why } = said;
  const nothing = (value: string, allowed: string, fix: string) =>
    place.whole ? { problem: { path: `${because}.needs.certificate`, value, allowed, fix } } : {};
  const who = "workload" in by ? by.workload : by.role;
  const services = servicesOf(place).filter((each) => isShownBy(each.said, by));
  const names = services.map((each) => each.said.service);
  const shown = services.find((each) => each.said.service === service)?.said;
  if (!shown)
    return nothing(
      service,
      names.length > 0 ? `a service of ${who}: ${listed(names)}` : `a service of ${who}`,
      didYouMean(service, names, "name one of them"),
    );
  const entry = { id: `${place.id}-${service}`, place, service, lifetime, files, proves, why, because };
  if ("role" in by) {
    const { owner, reloads, restarts } = said;
    const hosts = place.hosts.filter(({ roles }) => roles.includes(by.role));
    const names = [...new Set(hosts.flatMap((host) => namesOf({ place, service }, host)))];
    const holder = { owner, ...(reloads ? { reloads } : {}), ...(restarts ? { restarts } : {}) };
    return { entry: { ...entry, ...holder, environment: place.tenancy.environment, role: by.role, hosts, names } };
  }
  const { workload } = by;
  const of = place.workloads.find((each) => each.said.workload === workload)?.said.namespace;
  const found = place.namespaces.find((each) => each.namespace === of);
  if (!found) return nothing(workload, "a workload of the tenancy that is none of a chart", "name one");
  if (place.agents.length === 0) return nothing(workload, "a tenancy that says where Vault is", "add vaultAgent()");
  const told = toldAt(said);
  if (told !== undefined)
    return nothing(told, "nobody to be told: pods see another value by themselves", "leave it out");
  const { namespace, environment } = found;
  return { entry: { ...entry, environment, workload, namespace, names: namesOfPods(place, shown, namespace) } };
}

const isShownBy = (said: Service, by: ShownCertificate["by"]): boolean =>
  "role" in by ? isServedBy(said, by.role) : "workload" in said.on && said.on.workload === by.workload;

/** A service has one certificate of each host, by one rule. */
const twice = (certificates: readonly CertificateEntry[]): readonly Problem[] =>
  certificates.flatMap(({ place, service, because }, i) => {
    const other = certificates.slice(0, i).find((one) => one.place.id === place.id && one.service === service);
    if (!other) return [];
    const allowed = `one need of a certificate for it; ${other.because} has it`;
    return [{ path: `${because}.needs.certificate.${service}`, value: service, allowed, fix: "leave one of them out" }];
  });

/** A service that bears the name of a host has that host's name in DNS: others must not be issued it. */
function pretending(certificate: CertificateEntry): readonly Problem[] {
  const { place, service, because } = certificate;
  const mine = (roles: readonly string[]) => "role" in certificate && roles.includes(certificate.role);
  if (!place.hosts.some(({ name, roles }) => name === service && !mine(roles))) return [];
  const who = "role" in certificate ? certificate.role : certificate.workload;
  const allowed = `another name than that of a host which is no ${who}`;
  return [{ path: `${because}.services.${service}`, value: service, allowed, fix: "rename the service" }];
}

/** A service that speaks TLS has a certificate that is renewed, or says that it sees to that itself. */
const without = (place: PlaceEntry, certificates: readonly CertificateEntry[]): readonly Problem[] =>
  place.whole
    ? servicesOf(place)
        .filter(({ said }) => lacks(said, place, certificates))
        .map(({ said, because }) => ({
          path: `${because}.services.${said.service}`,
          value: said.auth,
          allowed: "a service whose certificate somebody renews",
          fix: 'add a need: "certificate" for it, or ownTrust: true if it makes its own',
        }))
    : [];

const lacks = (service: Service, place: PlaceEntry, certificates: readonly CertificateEntry[]): boolean =>
  speaksTls(service.auth) &&
  !service.ownTrust &&
  !certificates.some((each) => each.place.id === place.id && each.service === service.service);
