import { z } from "zod";
import { type Fields, oneOf, url, whole } from "../words/parse";
import { type Duration, days, hours, time, trusted } from "../words/quantity";
import { copiesSchema, type SnapshotCopies } from "./copies";
import { type PlaceName, placeName } from "./place-name";

/** The group of people who may do everything in Vault, for an hour, when nothing else helps. */
export const breakGlassGroup = "break-glass";
/** The group of people who administer the servers of Vault. Never a team's name, so that no pipeline is among them. */
export const vaultOperatorsGroup = "vault-operators";

/** Where the platform keeps its secrets. People and pipelines come by the identity of its site. */
export interface VaultSpec {
  /** Whose servers these are; both understand all that is configured. */
  readonly product: "vault" | "openbao";
  /** URL, where it is not a service of ours. @default - the service `vault` of the tenancy */
  readonly address?: string;
  /** Lifetimes of the issuers of certificates: the root, and the one of each environment. @default 10 years, and 3 */
  readonly root?: Duration;
  readonly issuers?: Duration;
  /** Another number makes another issuer of each environment, before the last quarter of the time of the one before. @default 1 */
  readonly issuerGeneration?: number;
  /** Longest certificate by which people log in to hosts. @default 8 hours */
  readonly logins?: Duration;
  /** Where copies of its snapshots go, where its servers are ours. @default - to no other place */
  readonly copies?: SnapshotCopies;
}

/** Agents on the hosts of a tenancy, which fetch what they read from Vault, and keep it. */
export interface AgentSpec {
  /** Where Vault is. */
  readonly at: PlaceName;
  /** How long Vault may be away, while all goes on here. Secrets and certificates live longer. @default 3 days */
  readonly survives?: Duration;
}

export const agentSchema = z.strictObject({
  at: placeName("name the one of Vault"),
  survives: time.default(days(3)),
} satisfies Fields<AgentSpec>);
export type StatedAgent = z.output<typeof agentSchema>;

export const vaultSchema = z.strictObject({
  product: oneOf(["vault", "openbao"]),
  address: url("Vault").exactOptional(),
  root: trusted.default(days(3650)),
  issuers: trusted.default(days(1095)),
  issuerGeneration: whole(1, 999, "a generation, from 1 on", "raise it by one").default(1),
  logins: time.default(hours(8)),
  copies: copiesSchema.exactOptional(),
} satisfies Fields<VaultSpec>);
export type StatedVault = z.output<typeof vaultSchema>;
