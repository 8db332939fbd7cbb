import type { PlaceEntry } from "../../model/entries";
import { ansibleUser } from "../openstack/config";

/** Whom hosts let in: Ansible, and people who administer. Each is an account of its own name, with root by sudo. */
export const accounts = [ansibleUser, "operator"] as const;
export type Account = (typeof accounts)[number];

/** What a certificate must name to be an account at a place: `operator@lumi-production`. One for elsewhere is worth nothing. */
export const principalOf = (account: Account, { id }: PlaceEntry): string => `${account}@${id}`;
