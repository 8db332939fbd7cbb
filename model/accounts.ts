import type { HostEntry, PlaceEntry } from "./entries";

/** The account that Ansible logs in to. */
export const ansibleUser = "ansible";
/** The account by which connections pass a bastion. It has no shell: who may pass is nobody there. */
export const jumpUser = "jump";

type Name = typeof ansibleUser | "operator" | typeof jumpUser;

/** Somebody whom a host lets in. */
export interface Account {
  readonly name: Name;
  /** What a certificate must name to be it: `operator@lumi-production`. One for elsewhere is worth nothing. */
  readonly principal: string;
  /** Whether it is root by sudo; otherwise it has no shell either. */
  readonly administers: boolean;
}

/** The role of the servers of Vault. */
const vaultRole = "vault";
const ofVault = "vault-";

/** Whether a host is a server of Vault. */
export const servesVault = ({ roles }: Pick<HostEntry, "roles">): boolean => roles.includes(vaultRole);

const principalOf = (account: Name, { id }: Pick<PlaceEntry, "id">): string => `${account}@${id}`;

/**
 * Whom a host lets in. At a bastion whoever passes is another than who administers it, so that a certificate for the hosts
 * behind makes nobody root where all connections pass. Servers of Vault have principals of their own, for Ansible too: whoever is
 * root there has all secrets of all sites, and the team that owns the tenancy is to have its own.
 */
export function accountsOf(host: Pick<HostEntry, "roles">, place: Pick<PlaceEntry, "id">): readonly Account[] {
  const [isVault, isBastion] = [servesVault(host), host.roles.includes("bastion")];
  const own = (name: Name, before: string): string => `${before}${principalOf(name, place)}`;
  return [
    { name: ansibleUser, principal: own(ansibleUser, isVault ? ofVault : ""), administers: true },
    {
      name: "operator",
      principal: own("operator", isVault ? ofVault : isBastion ? "bastion-" : ""),
      administers: true,
    },
    ...(isBastion ? [{ name: jumpUser, principal: own(jumpUser, ""), administers: false } as const] : []),
  ];
}

/** By what a new host lets Ansible in, and of a bastion who passes it, before anything is configured. */
export function firstPrincipalsOf(
  host: Pick<HostEntry, "roles">,
  place: Pick<PlaceEntry, "id">,
): { readonly principal: string; readonly jump?: string } {
  const of = new Map(accountsOf(host, place).map(({ name, principal }) => [name, principal]));
  const [principal = "", jump] = [of.get(ansibleUser), of.get(jumpUser)];
  return { principal, ...(jump === undefined ? {} : { jump }) };
}

/** Every principal that some host of a place lets in. */
export const principalsAt = (place: Pick<PlaceEntry, "id" | "hosts">): readonly string[] => {
  const kept = place.hosts.some(servesVault) ? [[vaultRole]] : [];
  const kinds = [["bastion"], [], ...kept];
  return [...new Set(kinds.flatMap((roles) => accountsOf({ roles }, place).map(({ principal }) => principal)))];
};

/** What a certificate must name to configure the hosts of a place but servers of Vault: Ansible, and who passes the bastion. */
export const configuringAt = (place: Pick<PlaceEntry, "id">): readonly string[] =>
  accountsOf({ roles: ["bastion"] }, place).flatMap(({ name, principal }) => (name === "operator" ? [] : [principal]));

/** Whether a principal lets somebody in where Vault runs. */
export const opensVault = (principal: string): boolean => principal.startsWith(ofVault);

/** Whether a principal only passes through a bastion. */
export const onlyPasses = (principal: string): boolean => principal.startsWith(`${jumpUser}@`);
