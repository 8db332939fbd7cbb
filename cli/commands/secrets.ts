import { accountOf, accountsOf, writersOf } from "../../constructs/vault/access";
import { machinesOf } from "../../constructs/vault/machines";
import { type CertificateEntry, serviceDns } from "../../model/certificates";
import { hpcLogins } from "../../model/hpc-logins";
import type { Registers } from "../../model/registers";
import type { Supercomputer } from "../../model/site/supercomputer";
import { grouped } from "../../model/words/grouped";
import { listed } from "../../model/words/problem";
import { table } from "../print/table";
import { isWanted, soundDescription } from "../project/description";

/** `databridge secrets [site…]`: who reads and writes what, and what ends when. @returns the exit code */
export function runSecrets(sites: readonly string[], { json = false }: { readonly json?: boolean }): number {
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  const told = secretsOf(registers, sites);
  console.log(json ? JSON.stringify(told, undefined, 2) : secretsText(told));
  return 0;
}

function secretsOf(registers: Registers, sites: readonly string[]) {
  const here = ({ place }: { readonly place: { readonly site: { readonly name: string } } }) =>
    isWanted(place.site.name, sites);
  const machines = machinesOf(registers).filter(here);
  return {
    secrets: registers.secrets
      .filter(here)
      .map(({ mount, path, keys, writer, greatestAge, rotation, readers, pods, jobs, why }) => ({
        path: `${mount}/${path}`,
        keys,
        why,
        writer,
        greatestAge: greatestAge.toString(),
        rotation: { ...rotation, ...(rotation.overlap ? { overlap: rotation.overlap.toString() } : {}) },
        readers: [
          ...readers.map(({ place, role, key, file }) => ({ role: `${place.id}-${role}`, key, file })),
          ...pods.map(({ place, workload, key, file }) => ({ workload: accountOf(place, workload), key, file })),
          ...jobs.map((job) => ({ job })),
        ],
      })),
    certificates: registers.certificates.filter(here).map((certificate) => ({
      id: certificate.id,
      ...shownBy(certificate),
      met: serviceDns(certificate.place, certificate.service),
      names: certificate.names,
      lifetime: certificate.lifetime.toString(),
      files: certificate.files,
    })),
    logins: loginsOf(registers, sites),
    hostKeys: machines.flatMap(({ name, signs }) =>
      signs.flatMap(({ kind, names, lifetime, cas }) =>
        kind === "host" ? [{ host: name, names, lifetime: lifetime.toString(), signed: cas.length > 0 }] : [],
      ),
    ),
    readers: [
      ...machines.map(({ name, place, from, period }) => ({
        name,
        tenancy: place.id,
        from,
        tokenDays: period / 86400,
      })),
      ...accountsOf(registers)
        .filter(here)
        .map(({ name, from, place }) => ({
          name,
          tenancy: place.id,
          from: place.clusterKey === undefined ? ("not learned" as const) : from,
          tokenDays: 1 / 24,
        })),
    ],
    writers: writersOf(registers).map(({ name, secrets, owns }) => ({
      name,
      secrets: secrets.filter(here).map(({ mount, path }) => `${mount}/${path}`),
      logins: owns.map(({ id }) => id),
    })),
  };
}

/** How hosts log in to supercomputers, and when that ends. */
const loginsOf = (registers: Registers, sites: readonly string[]) =>
  [...grouped(hpcLogins(registers), ({ to }) => to.name)].flatMap(([site, logins]) => {
    const supercomputer = logins[0]?.supercomputer;
    if (!supercomputer || !isWanted(site, sites)) return [];
    const { name, auth, agreement } = supercomputer;
    return [
      {
        to: name,
        from: logins.flatMap(({ place, by }) => by.map(({ role, workload = role }) => `${place.id}-${workload}`)),
        ends: endOf(auth),
        ...(agreement === undefined
          ? {}
          : { agreement: typeof agreement === "object" ? `waiting: ${agreement.pending}` : agreement }),
      },
    ];
  });

function endOf(auth: Supercomputer["auth"]): string {
  switch (auth.kind) {
    case "registered-key":
      return `a key, another one every ${auth.greatestAge}; let in after ${auth.propagates}`;
    case "signed-key":
      return `a certificate of Vault for ${auth.lifetime}, renewed by the host`;
    case "operator-certificate":
      return `a certificate of the operator for ${auth.lifetime}, renewed by ${auth.renewal === "person" ? "a person" : "a job"}`;
  }
}

function shownBy(certificate: CertificateEntry) {
  if ("workload" in certificate) return { workload: accountOf(certificate.place, certificate.workload) };
  const { hosts, reloads, restarts } = certificate;
  return { hosts: hosts.map(({ id }) => id), ...(reloads ? { reloads } : {}), ...(restarts ? { restarts } : {}) };
}

function secretsText({ secrets, certificates, logins, hostKeys, readers }: ReturnType<typeof secretsOf>): string {
  const waiting = [...new Set(readers.filter(({ from }) => from === "not learned").map(({ tenancy }) => tenancy))];
  const unsigned = hostKeys.filter(({ signed }) => !signed).length;
  return [
    table(
      ["secret", "writer", "at most", "read by"],
      secrets.map(({ path, writer, greatestAge, readers: by }) => [
        path,
        writer,
        greatestAge,
        [
          ...new Set(
            by.map((each) => ("role" in each ? each.role : "job" in each ? `jobs ${each.job}` : each.workload)),
          ),
        ].join(", "),
      ]),
    ),
    "",
    table(
      ["certificate", "lives", "hosts", "met as"],
      certificates.map((each) => [
        each.id,
        each.lifetime,
        "hosts" in each ? String(each.hosts.length) : "pods",
        each.met,
      ]),
    ),
    "",
    table(
      ["logs in to", "from", "by"],
      logins.map(({ to, from, ends, agreement }) => [
        to,
        from.join(", "),
        agreement?.startsWith("waiting: ") ? `${ends}; ${agreement}` : ends,
      ]),
    ),
    "",
    ` ${hostKeys.length} host keys, each signed for the names of its host${unsigned > 0 ? `; ${unsigned} wait for trust.sshHostCa` : ""}`,
    ...(waiting.length > 0 ? [` cannot log in to Vault until addresses are learned: those of ${listed(waiting)}`] : []),
  ].join("\n");
}
