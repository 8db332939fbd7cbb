import { z } from "zod";
import { type Fields, oneOf, text, url } from "../words/parse";
import { days, type Duration, hours, time } from "../words/quantity";

/** How people, or pipelines, prove to Vault who they are: by tokens that somebody else issues. */
export interface TokenIssuer {
  /** Where its keys are published, by OpenID Connect discovery: `https://login.example.org/realms/platform`. */
  readonly issuer: string;
  /** Whom its tokens are for, as they say in `aud`. */
  readonly audience: string;
  /** The claim that names who it is. @default "sub" */
  readonly user?: string;
  /** The claim that lists groups; teams are found in it by their name. @default "groups" */
  readonly groups?: string;
}

/** Where the platform keeps its secrets, and who may come. */
export interface VaultSpec {
  /** Whose servers these are; both understand all that is configured. */
  readonly product: "vault" | "openbao";
  /** URL, where it is not a service of ours. @default - the service `vault` of the tenancy */
  readonly address?: string;
  readonly people: TokenIssuer;
  /** Pipelines that write what they rotate. @default - none */
  readonly pipelines?: TokenIssuer;
  /** Lifetimes of the issuers of certificates: the root, and the one of each environment. @default 10 years, and 3 */
  readonly root?: Duration;
  readonly issuers?: Duration;
  /** Longest certificate by which people log in to hosts. @default 8 hours */
  readonly logins?: Duration;
}

const tokenIssuer = z.strictObject({
  issuer: url("the issuer of tokens"),
  audience: text("whom tokens are for"),
  user: text("a claim").default("sub"),
  groups: text("a claim").default("groups"),
} satisfies Fields<TokenIssuer>);

export const vaultSchema = z.strictObject({
  product: oneOf(["vault", "openbao"]),
  address: url("Vault").exactOptional(),
  people: tokenIssuer,
  pipelines: tokenIssuer.exactOptional(),
  root: time.default(days(3650)),
  issuers: time.default(days(1095)),
  logins: time.default(hours(8)),
} satisfies Fields<VaultSpec>);
export type StatedVault = z.output<typeof vaultSchema>;
export type StatedIssuer = z.output<typeof tokenIssuer>;
