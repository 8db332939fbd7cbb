import { servesVault } from "../../model/accounts";
import { type HostCertificate, ofHosts } from "../../model/certificates";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import { type HpcLogin, hpcLogins, hpcUsersOf, keyOfLogin } from "../../model/hpc-logins";
import type { Registers } from "../../model/registers";
import type { SecretEntry } from "../../model/secrets";
import { type Cidr, only } from "../../model/words/address";
import { isPending } from "../../model/words/public-address";
import { Duration, days } from "../../model/words/quantity";
import { hostKeyFile } from "../hosts/sshd";
import { mounts, type Policy } from "./policy";

/** A host, which logs in by the agent on it: what it reads, shows, and has signed. */
export interface Machine {
  /** Of its role, its policy, and the role that signs its host key: the id of the host, `lumi-production-ecflow-prod`. */
  readonly name: string;
  readonly place: PlaceEntry;
  readonly host: HostEntry;
  readonly secrets: readonly SecretEntry[];
  readonly certificates: readonly HostCertificate[];
  readonly signs: readonly SignedKey[];
  /** Networks from which Vault sees it; while one is not learned, it cannot log in. */
  readonly from: readonly Cidr[] | "not learned";
  /** Seconds that a token lives without being renewed: as long as Vault may be away, thrice. */
  readonly period: number;
}

/** A key of SSH that is made on a host and stays there, and for which Vault signs a certificate. */
export interface SignedKey {
  /** Whether sshd shows it, or it logs in somewhere. */
  readonly kind: "host" | "user";
  /** The CA that signs it, and the role there, by which it signs these names and no others. */
  readonly mount: string;
  readonly role: string;
  /** What the certificate names: the host by its DNS name and addresses, or a user. */
  readonly names: readonly string[];
  readonly lifetime: Duration;
  /** Public keys of CAs whose certificates are taken; while none is learned, nothing is signed. */
  readonly cas: readonly string[];
  /** The private key; beside it are the public one, and the certificate as `<file>-cert.pub`. */
  readonly file: string;
  readonly owner: string;
  /** The unit that takes another certificate while it runs. @default - none has to */
  readonly reloads?: string;
  readonly why: string;
}

/** Seconds that a secret id lives, by those that a token lives. */
export const secretIdLives = (period: number): number => 4 * period;

/** How long a certificate of a host key lives, where Vault is never away for longer than a third of it. */
const hostKeyLives = days(30);

/** Every host that logs in; where no agent fetches anything, nobody does. */
export const machinesOf = (registers: Registers): readonly Machine[] =>
  registers.places.flatMap((place) => machinesAt(place, registers));

/** The same of one tenancy. */
export function machinesAt(place: PlaceEntry, registers: Registers): readonly Machine[] {
  if (place.agents.length === 0) return [];
  const { places, secrets, certificates } = registers;
  const logins = hpcLogins({ ...registers, places: [place] });
  const vaultAt = places.find(({ vault }) => vault.length > 0);
  const period = 3 * Math.max(0, ...place.agents.map(({ said }) => said.survives.seconds));
  return place.hosts.map(
    (host): Machine => ({
      name: host.id,
      place,
      host,
      secrets: secrets.filter(({ readers }) => readers.some((reader) => isAmong(reader, host))),
      certificates: ofHosts(certificates).filter((certificate) => isAmong(certificate, host)),
      signs: [hostKeyOf(host, place, period), ...logins.flatMap((login) => loginKeyOf(login, host))],
      from: seenFrom(place, [host], vaultAt),
      period,
    }),
  );
}

/** Whether a host is one of those. */
export const isAmong = ({ hosts }: { readonly hosts: readonly HostEntry[] }, { id }: HostEntry): boolean =>
  hosts.some((host) => host.id === id);

/** Its own names alone: who has one of another's could be taken for that. */
const hostKeyOf = (
  { id, dns, address, public: facing }: HostEntry,
  { trust }: PlaceEntry,
  period: number,
): SignedKey => ({
  kind: "host",
  mount: mounts.hostKeys,
  role: id,
  names: [dns, address, ...(facing && "known" in facing.address ? [facing.address.known.replace(/\/32$/, "")] : [])],
  lifetime: Duration.seconds(Math.max(hostKeyLives.seconds, period)),
  cas: trust.sshHostCas,
  file: hostKeyFile,
  owner: "root",
  reloads: "ssh.service",
  why: "shows who it is",
});

function loginKeyOf(login: HpcLogin, { roles }: HostEntry): readonly SignedKey[] {
  const { place, supercomputer, by } = login;
  const { name, auth } = supercomputer;
  const mine = by.filter(({ role }) => roles.includes(role));
  const found = mine.find(({ as }) => as !== undefined) ?? mine[0];
  if (auth.kind !== "signed-key" || !found) return [];
  return hpcUsersOf(login)
    .filter(({ person }) => person === undefined || found.as !== undefined)
    .map((user) => ({
      kind: "user",
      mount: mounts.outward,
      role: `${place.id}-${user.name}`,
      names: [user.account.user],
      lifetime: auth.lifetime,
      cas: place.trust.sshOutwardCas,
      ...keyOfLogin(supercomputer, user, found),
      why: `logs in to ${name}`,
    }));
}

/** Whether hosts of a place meet the servers of Vault straight: one of somebody else is outside, wherever it is stated. */
export const isBeside = (place: PlaceEntry, vaultAt: PlaceEntry | undefined): boolean =>
  place.id === vaultAt?.id && vaultAt.hosts.some(servesVault);

/** Relays hand over who connects: hosts beside Vault's servers come by their address, others by that of their proxy. */
export function seenFrom(
  place: PlaceEntry,
  hosts: readonly HostEntry[],
  vaultAt: PlaceEntry | undefined,
): Machine["from"] {
  if (isBeside(place, vaultAt)) {
    // Bound to nothing would be bound to nobody.
    return hosts.length > 0 ? hosts.map(({ address }) => only(address)) : "not learned";
  }
  const proxies = place.hosts.filter(({ roles }) => roles.includes("proxy"));
  const addresses = proxies.map((host) =>
    host.public && !isPending(host.public.how) ? host.public.address : place.egress,
  );
  const known = addresses.flatMap((address) => ("known" in address ? [address.known] : []));
  return known.length === addresses.length && known.length > 0 ? [...new Set(known)] : "not learned";
}

/** Reads its own secrets, is issued its own certificates, has its own keys signed; nothing else. */
export const policyOfMachine = ({ name, secrets, certificates, signs }: Machine): Policy => ({
  name,
  grants: [
    ...secrets.map(({ mount, path, why }) => ({
      path: `${mount}/data/${path}`,
      capabilities: ["read" as const],
      why,
    })),
    ...certificates.map(({ id, environment, why }) => ({
      path: `${mounts.issuerOf(environment)}/issue/${id}`,
      capabilities: ["update" as const],
      why,
    })),
    ...signs.map(({ mount, role, why }) => ({
      path: `${mount}/sign/${role}`,
      capabilities: ["update" as const],
      why,
    })),
  ],
});
