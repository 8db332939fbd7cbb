import { type CertificateEntry, ofHosts } from "./certificates";
import { type End, endsOf } from "./ends";
import type { HostEntry, PlaceEntry } from "./entries";
import { type HpcLogin, hpcLogins, hpcUsersOf, keyOfLogin } from "./hpc-logins";
import type { Registers } from "./registers";
import type { SecretEntry, SecretReader } from "./secrets";
import { labelsAt, type SignalEntry } from "./signal-entries";
import { certificateOf, signedKeysOf } from "./signed-keys";
import { certificateEnds, isOfTrust } from "./site/lock";
import { renewedByPeople, type Thresholds } from "./site/signal";
import { awaitedForLogin } from "./site/supercomputer";
import { endOf } from "./words/calendar";
import { grouped } from "./words/grouped";
import { Duration, days, hours, minutes } from "./words/quantity";

type Described = Omit<Registers, "signals">;

/** Every expiry that other registers know of, each as a signal. Nobody states one of them. */
export const expiriesOf = (registers: Described): readonly SignalEntry[] => [
  ...registers.certificates.map(ofCertificate),
  ...registers.places.flatMap((place) => issuersAt(place, registers)),
  ...registers.places.flatMap((place) => signedAt(place, registers)),
  ...hpcLogins(registers).flatMap(byOperator),
  ...registers.secrets.map(ofSecret),
  ...roots(registers),
  ...endsOf(registers).map(stated),
];

const page = "docs/runbooks/expiry.md";

/** How long it has to be so: a value that is late, or a clock that is wrong, is mended in a minute. */
const lasts = minutes(15);

/** A share of a time, in whole units of what people say of it. */
function part(of: Duration, share: number): Duration {
  const seconds = of.seconds * share;
  const unit = [days(1), hours(1), minutes(1)].find((each) => seconds >= 7 * each.seconds) ?? Duration.seconds(1);
  return Duration.seconds(Math.floor(seconds / unit.seconds) * unit.seconds);
}

/**
 * Of what renews itself when a third is left: a tenth of the lifetime later it has not come, and is looked after in working hours; when a
 * tenth is left, at once.
 */
const renewing = (lifetime: Duration, critical = 0.1): Thresholds => ({
  warning: { left: part(lifetime, 0.3) },
  critical: { left: part(lifetime, critical) },
});

/** One of SSH lives for hours: the last sixth of them, 2 of 12, is what somebody needs. */
const renewingSsh = (lifetime: Duration): Thresholds => renewing(lifetime, 1 / 6);

const entry = (
  place: PlaceEntry,
  signal: string,
  own: Readonly<Record<string, string>>,
  is: Omit<SignalEntry, "id" | "signal" | "labels" | "for" | "owner">,
): SignalEntry => ({
  id: [place.id, signal, ...Object.values(own)].join("/"),
  signal,
  labels: { ...labelsAt(place), ...own },
  for: lasts,
  owner: place.tenancy.owner,
  ...is,
});

function ofCertificate(certificate: CertificateEntry): SignalEntry {
  const { place, service, lifetime, files, because } = certificate;
  return entry(
    place,
    "platform_certificate_expiry_timestamp_seconds",
    { certificate: service },
    {
      by:
        "workload" in certificate
          ? { pods: certificate.workload }
          : { hosts: certificate.hosts.map((host) => ({ host, from: { kind: "x509", path: files.certificate } })) },
      thresholds: renewing(lifetime),
      what: `the certificate of ${service}`,
      why: "clients refuse it from then on",
      runbook: `${page}#certificates`,
      because,
    },
  );
}

/**
 * Who issued what hosts show, and the root above: nothing renews these. An issuer has to give way before its last quarter, in which no
 * certificate would fit.
 */
function issuersAt(place: PlaceEntry, { certificates, places }: Described): readonly SignalEntry[] {
  const shown = ofHosts(certificates).filter((each) => each.place.id === place.id);
  const [vault] = places.flatMap((each) => each.vault);
  if (!vault || shown.length === 0) return [];
  // Of a host with several, one tells enough: all of a tenancy are of one issuer.
  const files = [...new Map(shown.flatMap((each) => each.hosts.map((host) => [host, each.files]))).entries()];
  const { issuers, root } = vault.said;
  return [
    entry(
      place,
      "platform_issuer_expiry_timestamp_seconds",
      {},
      {
        by: { hosts: files.map(([host, is]) => ({ host, from: { kind: "x509-issuers", path: is.certificate } })) },
        thresholds: {
          info: { left: part(issuers, 0.35) },
          warning: { left: part(issuers, 0.3) },
          critical: { left: part(issuers, 0.25) },
        },
        what: `the issuer of certificates of ${place.tenancy.environment}`,
        why: "no certificate that outlives it is issued, and none is renewed",
        runbook: `${page}#issuers`,
        because: vault.because,
      },
    ),
    entry(
      place,
      "platform_root_expiry_timestamp_seconds",
      { root: "vault" },
      {
        by: { hosts: files.map(([host, is]) => ({ host, from: { kind: "x509", path: is.issuers } })) },
        thresholds: {
          info: { left: part(root, 0.2) },
          warning: { left: part(root, 0.1) },
          critical: { left: part(root, 0.05) },
        },
        what: "Vault's root of certificates",
        why: "every certificate of the platform is refused",
        runbook: `${page}#roots`,
        because: vault.because,
      },
    ),
  ];
}

/** Certificates of keys that Vault signs: of hosts, and of users elsewhere. While their CA is not learned, there are none. */
function signedAt(place: PlaceEntry, registers: Described): readonly SignalEntry[] {
  const logins = hpcLogins({ ...registers, places: [place] });
  const all = place.hosts.flatMap((host) =>
    signedKeysOf(host, place, logins)
      .filter(({ cas }) => cas.length > 0)
      .map((key) => ({ host, key, of: key.kind === "host" ? "host" : key.role.slice(place.id.length + 1) })),
  );
  return [...grouped(all, ({ of }) => of)].flatMap(([of, those]) => {
    const [first] = those;
    if (!first) return [];
    const { lifetime, kind } = first.key;
    return sshCertificate(place, of, {
      hosts: those.map(({ host, key }) => ({ host, file: key.file })),
      lifetime,
      what: kind === "host" ? "the certificate of its host key" : `the certificate by which it logs in as ${of}`,
      why: kind === "host" ? "who knows it by the CA alone takes it for a stranger" : "nothing is submitted",
      runbook: `${page}#keys-of-ssh`,
      because: first.host.because,
    });
  });
}

/** A certificate that the operator of a supercomputer makes, where somebody may log in by one. */
function byOperator(login: HpcLogin): readonly SignalEntry[] {
  const { place, supercomputer, by } = login;
  const { auth, name } = supercomputer;
  if (auth.kind !== "operator-certificate") return [];
  if (awaitedForLogin(supercomputer, place.tenancy.environment).length > 0) return [];
  return hpcUsersOf(login).flatMap((user) => {
    const hosts = by.flatMap((each) =>
      each.as === undefined
        ? []
        : place.hosts
            .filter(({ roles }) => roles.includes(each.role))
            .map((host) => ({ host, file: keyOfLogin(supercomputer, user, each).file })),
    );
    if (hosts.length === 0) return [];
    return sshCertificate(place, user.name, {
      hosts,
      lifetime: auth.lifetime,
      what: `the certificate of the operator by which it logs in to ${name} as ${user.account.user}`,
      why: "nothing is submitted",
      runbook: `${page}#certificates-of-operators`,
      because: by[0]?.because ?? "",
    });
  });
}

const sshCertificate = (
  place: PlaceEntry,
  key: string,
  {
    hosts,
    lifetime,
    ...is
  }: Pick<SignalEntry, "what" | "why" | "runbook" | "because"> & {
    readonly hosts: readonly { readonly host: HostEntry; readonly file: string }[];
    readonly lifetime: Duration;
  },
): SignalEntry =>
  entry(
    place,
    "platform_ssh_certificate_expiry_timestamp_seconds",
    { key },
    {
      by: {
        hosts: hosts.map(({ host, file }) => ({ host, from: { kind: "ssh-certificate", path: certificateOf(file) } })),
      },
      thresholds: renewingSsh(lifetime),
      ...is,
    },
  );

/** Another one has to be written before its greatest age: two weeks, or a quarter of a short one, are time to do so. */
function ofSecret(secret: SecretEntry): SignalEntry {
  const { id, place, mount, path, greatestAge, readers, pods, writer, because } = secret;
  const notice = Math.min(days(14).seconds, part(greatestAge, 0.25).seconds);
  const fetched = readers.filter(isFetched);
  const hosts = [...new Map(fetched.flatMap((r) => r.hosts.map((host) => [host.id, host]))).values()];
  return {
    ...entry(
      place,
      "platform_secret_written_timestamp_seconds",
      { secret: id.slice(place.id.length + 1) },
      {
        by:
          hosts.length > 0
            ? {
                hosts: hosts.map((host) => ({
                  host,
                  from: { kind: "secret", path: `${mount}/${path}`, files: filesOn(host, fetched) },
                })),
              }
            : { pods: pods.map(({ workload }) => workload).join(", ") || "nobody" },
        thresholds: {
          warning: { age: Duration.seconds(greatestAge.seconds - notice) },
          critical: { age: greatestAge },
        },
        what: `the secret ${mount}/${path}`,
        why: `it is to be another one after ${greatestAge}: whoever has seen it still has it`,
        runbook: `${page}#secrets`,
        because,
        ...(hosts.length > 0 ? { each: ["key"] } : {}),
      },
    ),
    owner: writer,
  };
}

/** Where a host has each key. */
const filesOn = (host: HostEntry, readers: readonly SecretReader[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readers.filter(({ hosts }) => hosts.some(({ id }) => id === host.id)).map(({ key, file }) => [key, file]),
  );

const isFetched = ({ place }: { readonly place: PlaceEntry }): boolean => place.agents.length > 0;

/** Roots that were made by hand, or by a cluster, and learned: what they say of themselves. */
function roots({ places, locks }: Described): readonly SignalEntry[] {
  const thresholds: Thresholds = { info: { left: days(90) }, warning: { left: days(30) }, critical: { left: days(7) } };
  const stated = (
    place: PlaceEntry,
    root: string,
    pem: string,
    what: string,
    because: string,
  ): readonly SignalEntry[] => {
    const ends = certificateEnds(pem);
    if (ends === undefined) return [];
    const why = "every certificate under it is refused";
    return [
      entry(
        place,
        "platform_root_expiry_timestamp_seconds",
        { root },
        { by: { ends }, thresholds, what, why, runbook: `${page}#roots`, because },
      ),
    ];
  };
  // It is of no site; who keeps secrets keeps it too.
  const kept = places.find(({ vault }) => vault.length > 0) ?? places[0];
  const trust = [...locks].find(([, lock]) => isOfTrust(lock));
  return [
    ...(["tlsRoot", "tlsRootToo"] as const).flatMap((key) => {
      const pem = trust?.[1].trust[key];
      if (!kept || !trust || pem === undefined) return [];
      return stated(kept, key, pem, "the root of our own servers' certificates", `${trust[0]}.lock.trust.${key}`);
    }),
    ...places.flatMap((place) =>
      place.clusterCa === undefined
        ? []
        : stated(place, "cluster", place.clusterCa, "the CA of its cluster", place.clusters[0]?.because ?? place.id),
    ),
  ];
}

/** What the description states the last day of. */
function stated({ kind, target, of, until, site, place, environment, owner }: End): SignalEntry {
  const { signal, thresholds, what, why } = ends[kind];
  const own = {
    [kind]: target.replace(/^[^.]*\.(acknowledged\.)?/, ""),
    ...(kind === "acknowledgement" ? { targets: of } : {}),
  };
  return {
    id: [place?.id ?? site, signal, ...Object.values(own)].join("/"),
    signal,
    labels: { ...(place ? labelsAt(place) : { site, ...(environment ? { environment } : {}) }), ...own },
    by: { ends: endOf(until) },
    thresholds,
    for: lasts,
    owner,
    what: what(of),
    why,
    runbook: `${page}#${kind}s`,
    because: target,
  };
}

const ends: Readonly<
  Record<End["kind"], Pick<SignalEntry, "signal" | "thresholds" | "why"> & { readonly what: (of: string) => string }>
> = {
  account: {
    signal: "platform_account_expiry_timestamp_seconds",
    thresholds: renewedByPeople,
    what: (of) => `the account ${of} at the supercomputer`,
    why: "nothing can be submitted from then on",
  },
  grant: {
    signal: "platform_grant_expiry_timestamp_seconds",
    thresholds: renewedByPeople,
    what: (of) => `what the operator opened by ${of}`,
    why: "the operator closes it, and the flow ends",
  },
  user: {
    signal: "platform_user_expiry_timestamp_seconds",
    thresholds: { info: { left: days(14) }, warning: { left: days(1) } },
    what: (of) => `the user ${of} of an ecFlow server`,
    why: "a password stays with somebody who was to have left",
  },
  acknowledgement: {
    signal: "platform_acknowledgement_expiry_timestamp_seconds",
    thresholds: { info: { left: days(30) }, warning: { left: days(14) } },
    what: (of) => `who answers for what is unwise of ${of}`,
    why: "databridge policy fails, and with it every change",
  },
  hold: {
    signal: "platform_hold_expiry_timestamp_seconds",
    thresholds: { info: { left: days(3) }, warning: { left: days(1) } },
    what: (of) => `the hold of ${of}`,
    why: "nobody applies the stack, and what is described and what is there part",
  },
};
