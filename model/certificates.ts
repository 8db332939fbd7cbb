import type { HostEntry, PlaceEntry } from "./entries";
import { servicesOf } from "./resolve";
import type { CertificateFiles, ShownCertificate } from "./site/certificate";
import { isServedBy, type Service, speaksTls } from "./site/need";
import type { Holder } from "./site/secret";
import { didYouMean, listed, type Problem } from "./words/problem";
import type { Duration } from "./words/quantity";

/** Certificates of the hosts of a role for a service: one for each host, all by one rule. */
export interface CertificateEntry extends Holder {
  /** Unique in the platform: `lumi-production-ecflow-prod`. */
  readonly id: string;
  readonly place: PlaceEntry;
  readonly role: string;
  readonly hosts: readonly HostEntry[];
  readonly service: string;
  /** All names that any of them may bear. */
  readonly names: readonly string[];
  readonly lifetime: Duration;
  readonly files: CertificateFiles;
  readonly owner: string;
  readonly why: string;
  readonly because: string;
}

/** The name by which a service is met, wherever from: `vault.production.home.example.org`. */
export const serviceDns = ({ name, site }: PlaceEntry, service: string): string => `${service}.${name}.${site.dns}`;

/** The names of one host in its certificate for a service: its own first. */
export const namesOf = (
  { place, service }: Pick<CertificateEntry, "place" | "service">,
  { dns }: HostEntry,
): readonly string[] => [dns, serviceDns(place, service)];

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
  const { by, need: _, ...rest } = said;
  const { service } = rest;
  const nothing = (value: string, allowed: string, fix: string) =>
    place.whole ? { problem: { path: `${because}.needs.certificate`, value, allowed, fix } } : {};
  const services = servicesOf(place).filter((each) => isServedBy(each.said, by.role));
  const names = services.map((each) => each.said.service);
  if (!names.includes(service))
    return nothing(
      service,
      names.length > 0 ? `a service of ${by.role}: ${listed(names)}` : `a service of ${by.role}`,
      didYouMean(service, names, "name one of them"),
    );
  const hosts = place.hosts.filter(({ roles }) => roles.includes(by.role));
  const entry: CertificateEntry = {
    ...rest,
    id: `${place.id}-${service}`,
    place,
    role: by.role,
    hosts,
    names: [...new Set(hosts.flatMap((host) => namesOf({ place, service }, host)))],
    because,
  };
  return { entry };
}

/** A service has one certificate of each host, by one rule. */
const twice = (certificates: readonly CertificateEntry[]): readonly Problem[] =>
  certificates.flatMap(({ place, service, because }, i) => {
    const other = certificates.slice(0, i).find((one) => one.place.id === place.id && one.service === service);
    if (!other) return [];
    const allowed = `one need of a certificate for it; ${other.because} has it`;
    return [{ path: `${because}.needs.certificate.${service}`, value: service, allowed, fix: "leave one of them out" }];
  });

/** A service that bears the name of a host has that host's name in DNS: others must not be issued it. */
function pretending({ place, role, service, because }: CertificateEntry): readonly Problem[] {
  if (!place.hosts.some(({ name, roles }) => name === service && !roles.includes(role))) return [];
  const allowed = `another name than that of a host which is no ${role}`;
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
