import { type CertificateEntry, ofHosts } from "../certificates";
import { type PlaceEntry, pathTo } from "../entries";
import { hpcLogins, hpcUsersOf, keyOfLogin } from "../hpc-logins";
import type { Registers } from "../registers";
import type { SecretReader } from "../secrets";
import { certificateOf } from "../signed-keys";
import type { Problem } from "../words/problem";
import { Duration, days } from "../words/quantity";
import { vaultProblems } from "./vault";

/** Secrets, certificates and logins that could be described but must not be. */
export const secretProblems = (registers: Registers): readonly Problem[] => [
  ...registers.certificates.flatMap((certificate) => shortLived(certificate)),
  ...registers.certificates.flatMap((certificate) => longLived(certificate, registers)),
  ...registers.places.flatMap((place) => filesTwice(place, registers)),
  ...vaultProblems(registers),
  ...unattended(registers),
  ...signedForLong(registers),
];

const readersAt = ({ secrets }: Registers, place: PlaceEntry): readonly SecretReader[] =>
  secrets.flatMap(({ readers }) => readers).filter((reader) => reader.place.id === place.id);
const certificatesAt = ({ certificates }: Registers, place: PlaceEntry) =>
  ofHosts(certificates).filter((each) => each.place.id === place.id);

/** A certificate is renewed when a third of it is left: Vault may be away no longer. */
function shortLived({ place, lifetime, because, service }: CertificateEntry): readonly Problem[] {
  const survives = Math.max(0, ...place.agents.map(({ said }) => said.survives.seconds));
  if (lifetime.seconds >= 3 * survives) return [];
  const allowed = `three times what ${pathTo(place)} survives without Vault, ${Duration.seconds(survives)}, or more`;
  return [
    {
      path: `${because}.needs.certificate.${service}.lifetime`,
      value: lifetime,
      allowed,
      fix: "raise it, or survive less",
    },
  ];
}

/** What Vault signs for a login to a supercomputer has to outlive its absence as any certificate does. */
function signedForLong(registers: Registers): readonly Problem[] {
  const found = hpcLogins(registers).flatMap(({ place, to, supercomputer: { auth } }) => {
    const survives = Math.max(0, ...place.agents.map(({ said }) => said.survives.seconds));
    if (auth.kind !== "signed-key" || auth.lifetime.seconds >= 3 * survives) return [];
    const allowed = `three times what ${pathTo(place)} survives without Vault, ${Duration.seconds(survives)}, or more`;
    return [
      {
        path: `${to.name}.supercomputer.auth.lifetime`,
        value: auth.lifetime,
        allowed,
        fix: "raise it, or survive less",
      },
    ];
  });
  return [...new Map([...found].reverse().map((each) => [each.path, each])).values()];
}

/** No certificate outlives its issuer, and each is renewed some times before a person has to make the next generation of that. */
function longLived({ lifetime, because, service }: CertificateEntry, { places }: Registers): readonly Problem[] {
  const [issuers] = places.flatMap(({ vault }) => vault.map(({ said }) => said.issuers));
  const most = issuers && Math.floor(issuers.seconds / 4);
  if (most === undefined || lifetime.seconds <= most) return [];
  const allowed = `a quarter of its issuer's ${issuers}, or less`;
  return [
    {
      path: `${because}.needs.certificate.${service}.lifetime`,
      value: lifetime,
      allowed,
      fix: `write days(${Math.floor(most / days(1).seconds)}) or less`,
    },
  ];
}

/** What is written to one file twice would be overwritten for ever. */
function filesTwice(place: PlaceEntry, registers: Registers): readonly Problem[] {
  const files = [
    ...readersAt(registers, place).map(({ role, file, because }) => ({ roles: [role], file, because })),
    ...certificatesAt(registers, place).flatMap(({ role, files: all, because }) =>
      Object.values(all).map((file: string) => ({ roles: [role], file, because })),
    ),
    ...hpcLogins({ ...registers, places: [place] }).flatMap((login) => {
      const { supercomputer, by } = login;
      if (supercomputer.auth.kind !== "signed-key") return [];
      const roles = by.flatMap(({ role, workload }) => (workload === undefined ? [role] : []));
      return hpcUsersOf(login).flatMap((user) => {
        const { file } = keyOfLogin(supercomputer, user);
        return [file, certificateOf(file)].map((each) => ({ roles, file: each, because: by[0]?.because ?? "" }));
      });
    }),
  ];
  return files.flatMap(({ roles, file, because }, i) => {
    const other = files.slice(0, i).find((one) => one.file === file && meet(place, one.roles, roles));
    if (!other) return [];
    const allowed = `a file of its own; ${other.because} writes this one on the same hosts`;
    return [{ path: because, value: file, allowed, fix: "write it elsewhere" }];
  });
}

const meet = ({ hosts }: PlaceEntry, some: readonly string[], others: readonly string[]): boolean =>
  hosts.some(({ roles }) => roles.some((role) => some.includes(role)) && roles.some((role) => others.includes(role)));

/**
 * Operators make such certificates for people: one for which a person has to be there every few hours carries no forecast, and a
 * program that stands in for the person needs the operator's word as much. What is only assumed is nobody's word.
 */
function unattended(registers: Registers): readonly Problem[] {
  const found = hpcLogins(registers).flatMap(({ place, to, supercomputer: { auth, agreement }, by }) => {
    const path = `${to.name}.supercomputer.agreement`;
    const guessed = registers.assumptions.some((each) => `${path}.`.startsWith(`${each.path}.`));
    if (place.tenancy.environment !== "production" || auth.kind !== "operator-certificate") return [];
    if (agreement !== undefined && (typeof agreement === "object" || !guessed)) return [];
    return [{ path, value: agreement, because: by[0]?.because, lifetime: auth.lifetime }];
  });
  return [...new Map([...found].reverse().map((each) => [each.path, each])).values()].map(
    ({ path, value, because, lifetime }) => ({
      path,
      value,
      allowed: `the agreement, not assumed, by which ${because} logs in without a person, for whom the operator makes its certificate of ${lifetime}`,
      fix: 'name it; or write pending("who is asked"), and the login waits; or log in by a registered key',
    }),
  );
}
