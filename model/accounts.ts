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

/** The principal of an account at every host of a place; bastions have another for people, see {@link accountsOf}. */
export const principalOf = (account: Name, { id }: Pick<PlaceEntry, "id">): string => `${account}@${id}`;

/**
 * Whom a host lets in. At a bastion whoever passes is another than who administers it, so that a certificate for the hosts
 * behind makes nobody root where all connections pass.
 */
export const accountsOf = ({ roles }: Pick<HostEntry, "roles">, place: Pick<PlaceEntry, "id">): readonly Account[] => {
  const ansible: Account = { name: ansibleUser, principal: principalOf(ansibleUser, place), administers: true };
  const operator = principalOf("operator", place);
  return roles.includes("bastion")
    ? [
        ansible,
        { name: "operator", principal: `bastion-${operator}`, administers: true },
        { name: jumpUser, principal: principalOf(jumpUser, place), administers: false },
      ]
    : [ansible, { name: "operator", principal: operator, administers: true }];
};

/** Every principal that some host of a place lets in. */
export const principalsAt = (place: Pick<PlaceEntry, "id">): readonly string[] => [
  ...new Set([["bastion"], []].flatMap((roles) => accountsOf({ roles }, place).map(({ principal }) => principal))),
];

/** Whether a principal only passes through a bastion. */
export const onlyPasses = (principal: string): boolean => principal.startsWith(`${jumpUser}@`);
