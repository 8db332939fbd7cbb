import { z } from "zod";
import { type Fields, text, url } from "../words/parse";

/** How people, or pipelines, prove who they are: by tokens that somebody else issues. */
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

/** Who vouches for people, and for pipelines. */
export interface IdentityFacts {
  /** @default - nobody does */
  readonly people?: TokenIssuer;
  /** @default - nobody does */
  readonly pipelines?: TokenIssuer;
}

const tokenIssuer = z.strictObject({
  issuer: url("the issuer of tokens"),
  audience: text("whom tokens are for"),
  user: text("a claim").default("sub"),
  groups: text("a claim").default("groups"),
} satisfies Fields<TokenIssuer>);

export const identitySchema = z.strictObject({
  people: tokenIssuer.exactOptional(),
  pipelines: tokenIssuer.exactOptional(),
} satisfies Fields<IdentityFacts>);
export type Identity = z.output<typeof identitySchema>;

/** What the first site that names somebody says: people and pipelines are the same everywhere. */
export const identityOf = (sites: readonly { readonly identity: Identity }[]): Identity =>
  sites.find(({ identity }) => identity.people ?? identity.pipelines)?.identity ?? {};
