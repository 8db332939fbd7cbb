import { ansibleUser, jumpUser } from "../model/accounts";
import type { HostEntry, PlaceEntry } from "../model/entries";
import type { Registers } from "../model/registers";
import { own } from "../model/words/record";

/** Whether Ansible can log in to a host, and how; or what is not known yet. */
export type Reach =
  | { readonly is: "reached"; readonly address: string; readonly key: string; readonly jump?: string }
  /** Nobody knows by which key it proves who it is. */
  | { readonly is: "unpinned"; readonly why: string }
  /** The way to it is not known, or a bastion on it is unpinned. */
  | { readonly is: "unreached"; readonly why: string };

/** A bastion by its public address, any other host by its private one, over the bastion of its tenancy. */
export function reachOf(host: HostEntry, place: PlaceEntry, registers: Registers): Reach {
  const key = keyOf(host, place, registers);
  const learn = `databridge learn ${place.site.name}`;
  if (key === undefined) return { is: "unpinned", why: `its host key is not learned: ${learn}` };
  const bastion = place.hosts.find(({ roles }) => roles.includes("bastion"));
  if (!bastion) return { is: "unreached", why: "its tenancy has no bastion" };
  const facing = bastion.public?.address;
  if (!facing || !("known" in facing)) return { is: "unreached", why: `${bastion.id} has no known address: ${learn}` };
  if (host.id === bastion.id) return { is: "reached", address: facing.known.replace(/\/32$/, ""), key };
  if (keyOf(bastion, place, registers) === undefined)
    return { is: "unreached", why: `the host key of ${bastion.id} is not learned: ${learn}` };
  return { is: "reached", address: host.address, key, jump: bastion.id };
}

const keyOf = (host: HostEntry, { site, name }: PlaceEntry, { locks }: Registers): string | undefined =>
  own(own(locks.get(site.name)?.learned ?? {}, name)?.hostKeys ?? {}, host.name);

/** A key, however it is held: ssh takes no other, and asks the agent for it by the public part. */
export interface SshIdentity {
  /** The private key, or the public one of a key that the agent or a security key holds. */
  readonly key: string;
  /** @default - the agent has it */
  readonly certificate?: string;
}

export interface SshTextsProps {
  /** Where `known_hosts` is written. */
  readonly knownHosts: string;
  /** How to get to a bastion where its address is not on our network, as `ProxyCommand` says it. @default - straight */
  readonly wayTo?: (place: PlaceEntry) => string | undefined;
  /** By which key we log in. @default - whichever the agent has */
  readonly identity?: SshIdentity;
}

/**
 * What ssh has to know of hosts. Each is known by the key that was learned, and, where Vault signs its key, by a certificate with its
 * name; which is worth nothing once it has ended, while the learned key goes on. No other file of this machine is asked.
 * @see sshd(8), SSH_KNOWN_HOSTS FILE FORMAT
 */
export function sshTexts(registers: Registers, { knownHosts, identity, wayTo = () => undefined }: SshTextsProps) {
  const reached = registers.places.flatMap((place) =>
    place.hosts.flatMap((host) => {
      const reach = reachOf(host, place, registers);
      const cas = place.agents.length > 0 ? place.trust.sshHostCas : [];
      return reach.is === "reached" ? [{ id: host.id, dns: host.dns, cas, way: wayTo(place), ...reach }] : [];
    }),
  );
  const config = [
    "# By databridge inventory, of the model and the locks. ssh -F this operator@<host id>",
    ...reached.flatMap(({ id, dns, address, jump, way }) => [
      `Host ${id}`,
      `  HostName ${address}`,
      // As its certificate names it.
      `  HostKeyAlias ${dns}`,
      ...(jump !== undefined
        ? [`  ProxyJump ${jumpUser}@${jump}`]
        : way === undefined
          ? []
          : [`  ProxyCommand ${way}`]),
    ]),
    "Host *",
    `  User ${ansibleUser}`,
    `  UserKnownHostsFile "${knownHosts}"`,
    "  GlobalKnownHostsFile none",
    "  StrictHostKeyChecking yes",
    "  UpdateHostKeys no",
    "  HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com,ssh-ed25519",
    "  PreferredAuthentications publickey",
    "  ConnectTimeout 10",
    "  ServerAliveInterval 30",
    ...(identity === undefined ? [] : [`  IdentityFile "${identity.key}"`, "  IdentitiesOnly yes"]),
    ...(identity?.certificate === undefined ? [] : [`  CertificateFile "${identity.certificate}"`]),
    "",
  ].join("\n");
  const revoked = new Set(registers.places.flatMap(({ trust }) => trust.revoked));
  const known = [
    ...[...revoked].map((key) => `@revoked * ${key}`),
    ...reached.flatMap(({ dns, key, cas }) => [`${dns} ${key}`, ...cas.map((ca) => `@cert-authority ${dns} ${ca}`)]),
    "",
  ].join("\n");
  return { config, knownHosts: known };
}
