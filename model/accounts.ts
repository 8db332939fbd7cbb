import type { PlaceEntry } from "./entries";

/** The account that Ansible logs in to. */
export const ansibleUser = "ansible";

/** Whom hosts let in: Ansible, and people who administer. Each is an account of its own name, with root by sudo. */
export const accounts = [ansibleUser, "operator"] as const;
export type Account = (typeof accounts)[number];

/** What a certificate must name to be an account at a place: `operator@lumi-production`. One for elsewhere is worth nothing. */
export const principalOf = (account: Account, { id }: Pick<PlaceEntry, "id">): string => `${account}@${id}`;
