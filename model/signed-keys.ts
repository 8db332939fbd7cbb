import { type HostEntry, type PlaceEntry, publicAddressOf } from "./entries";
import { type HpcLogin, hpcUsersOf, keyOfLogin } from "./hpc-logins";
import { Duration, days } from "./words/quantity";

/** A key of SSH that is made on a host and stays there, and for which Vault signs a certificate. */
export interface SignedKey {
  /** Whether sshd shows it, or it logs in somewhere. */
  readonly kind: "host" | "user";
  /** Unique at the CA that signs it: the id of the host, or the tenancy and the user, `lumi-production-lumi`. */
  readonly role: string;
  /** What the certificate names: the host by its DNS name and addresses, or a user. */
  readonly names: readonly string[];
  readonly lifetime: Duration;
  /** Public keys of CAs whose certificates are taken; while none is learned, nothing is signed. */
  readonly cas: readonly string[];
  /** The private key; beside it are the public one, and the certificate; see {@link certificateOf}. */
  readonly file: string;
  readonly owner: string;
  /** The unit that takes another certificate while it runs. @default - none has to */
  readonly reloads?: string;
  readonly why: string;
}

/** By which a host proves who it is. */
export const hostKeyFile = "/etc/ssh/ssh_host_ed25519_key";

/** Where the certificate of a key is, as OpenSSH looks for it. */
export const certificateOf = (key: string): string => `${key}-cert.pub`;

/** How long a certificate of a host key lives, where Vault is never away for longer than a third of it. */
const hostKeyLives = days(30);

/** Seconds that a token of a host lives without being renewed: as long as Vault may be away, thrice. */
export const tokenLives = (survives: Duration): number => 3 * survives.seconds;

/** The same of the hosts of a tenancy. */
export const tokensLive = ({ agents }: Pick<PlaceEntry, "agents">): number =>
  Math.max(0, ...agents.map(({ said }) => tokenLives(said.survives)));

/** Seconds that a secret id lives, by those that a token lives. */
export const secretIdLives = (token: number): number => 4 * token;

/** The keys of a host that Vault signs. @param logins to supercomputers, of its tenancy */
export const signedKeysOf = (host: HostEntry, place: PlaceEntry, logins: readonly HpcLogin[]): readonly SignedKey[] =>
  place.agents.length === 0 ? [] : [hostKeyOf(host, place), ...logins.flatMap((login) => loginKeyOf(login, host))];

/** Its own names alone: who has one of another's could be taken for that. */
function hostKeyOf(host: HostEntry, place: PlaceEntry): SignedKey {
  const facing = publicAddressOf(host);
  return {
    kind: "host",
    role: host.id,
    names: [host.dns, host.address, ...(facing === undefined ? [] : [facing])],
    lifetime: Duration.seconds(Math.max(hostKeyLives.seconds, tokensLive(place))),
    cas: place.trust.sshHostCas,
    file: hostKeyFile,
    owner: "root",
    reloads: "ssh.service",
    why: "shows who it is",
  };
}

function loginKeyOf(login: HpcLogin, { roles }: HostEntry): readonly SignedKey[] {
  const { place, supercomputer, by } = login;
  const { name, auth } = supercomputer;
  const mine = by.filter(({ role, workload }) => workload === undefined && roles.includes(role));
  const found = mine.find(({ as }) => as !== undefined) ?? mine[0];
  if (auth.kind !== "signed-key" || !found) return [];
  return hpcUsersOf(login)
    .filter(({ person }) => person === undefined || found.as !== undefined)
    .map((user) => ({
      kind: "user",
      role: `${place.id}-${user.name}`,
      names: [user.account.user],
      lifetime: auth.lifetime,
      cas: place.trust.sshOutwardCas,
      ...keyOfLogin(supercomputer, user, found),
      why: `logs in to ${name}`,
    }));
}
