import { servesVault } from "../../model/accounts";
import { type HostCertificate, ofHosts } from "../../model/certificates";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import { hpcLogins } from "../../model/hpc-logins";
import type { Registers } from "../../model/registers";
import type { SecretEntry } from "../../model/secrets";
import { type SignedKey, signedKeysOf, tokensLive } from "../../model/signed-keys";
import { type Cidr, only } from "../../model/words/address";
import { isPending } from "../../model/words/public-address";
import { mounts, type Policy } from "./policy";

/** A host, which logs in by the agent on it: what it reads, shows, and has signed. */
export interface Machine {
  /** Of its role, its policy, and the role that signs its host key: the id of the host, `lumi-production-ecflow-prod`. */
  readonly name: string;
  readonly place: PlaceEntry;
  readonly host: HostEntry;
  readonly secrets: readonly SecretEntry[];
  readonly certificates: readonly HostCertificate[];
  readonly signs: readonly KeyOfMachine[];
  /** Networks from which Vault sees it; while one is not learned, it cannot log in. */
  readonly from: readonly Cidr[] | "not learned";
  /** Seconds that a token lives without being renewed. */
  readonly period: number;
}

/** A key that Vault signs, and where: by a role that signs its names and no others. */
export interface KeyOfMachine extends SignedKey {
  /** The CA that signs it. */
  readonly mount: string;
}

/** Every host that logs in; where no agent fetches anything, nobody does. */
export const machinesOf = (registers: Registers): readonly Machine[] =>
  registers.places.flatMap((place) => machinesAt(place, registers));

/** The same of one tenancy. */
export function machinesAt(place: PlaceEntry, registers: Registers): readonly Machine[] {
  if (place.agents.length === 0) return [];
  const { places, secrets, certificates } = registers;
  const logins = hpcLogins({ ...registers, places: [place] });
  const vaultAt = places.find(({ vault }) => vault.length > 0);
  const period = tokensLive(place);
  return place.hosts.map(
    (host): Machine => ({
      name: host.id,
      place,
      host,
      secrets: secrets.filter(({ readers }) => readers.some((reader) => isAmong(reader, host))),
      certificates: ofHosts(certificates).filter((certificate) => isAmong(certificate, host)),
      signs: signedKeysOf(host, place, logins).map((key) => ({
        ...key,
        mount: key.kind === "host" ? mounts.hostKeys : mounts.outward,
      })),
      from: seenFrom(place, [host], vaultAt),
      period,
    }),
  );
}

/** Whether a host is one of those. */
export const isAmong = ({ hosts }: { readonly hosts: readonly HostEntry[] }, { id }: HostEntry): boolean =>
  hosts.some((host) => host.id === id);

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
