import { z } from "zod";
import { type Fields, text, url, word } from "../words/parse";

/** How people prove who they are: by tokens that somebody else issues. */
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

/**
 * How pipelines prove who they are. Groups are those of whoever had a job run: somebody of a team may have one run anywhere, so
 * that its project and its branch have to be right too.
 */
export interface PipelineIssuer extends TokenIssuer {
  /** Projects whose jobs are let in: `["dte/data-bridge"]`. */
  readonly projects: readonly string[];
  /** The claim that names the project. @default "project_path" */
  readonly project?: string;
  /** The claim that is `true` where the branch, or the tag, is protected. @default "ref_protected" */
  readonly protected?: string;
  /** The claim that names the environment to which a job deploys. @default "environment" */
  readonly environment?: string;
  /**
   * The claim that is `true` where that environment is protected: production is deployed to by jobs that say so alone.
   * @default "environment_protected"
   * @see https://docs.gitlab.com/ci/secrets/id_token_authentication/#token-payload
   */
  readonly environmentProtected?: string;
}

/** Who vouches for people, and for pipelines. */
export interface IdentityFacts {
  /** @default - nobody does */
  readonly people?: TokenIssuer;
  /** @default - nobody does */
  readonly pipelines?: PipelineIssuer;
}

const claim = text("a claim");
const fields = {
  issuer: url("the issuer of tokens"),
  audience: text("whom tokens are for"),
  user: claim.default("sub"),
  groups: claim.default("groups"),
} satisfies Fields<TokenIssuer>;

/** Where claims are held against a list, stars and commas would mean more than one project. */
const project = word(
  (v) => (typeof v === "string" && /^[\w.-]+(\/[\w.-]+)+$/.test(v) ? v : undefined),
  "the path of a project, with its group: dte/data-bridge",
  "write it in full, without a wildcard",
);

export const identitySchema = z.strictObject({
  people: z.strictObject(fields).exactOptional(),
  pipelines: z
    .strictObject({
      ...fields,
      projects: z.array(project).min(1),
      project: claim.default("project_path"),
      protected: claim.default("ref_protected"),
      environment: claim.default("environment"),
      environmentProtected: claim.default("environment_protected"),
    } satisfies Fields<PipelineIssuer>)
    .exactOptional(),
} satisfies Fields<IdentityFacts>);
export type Identity = z.output<typeof identitySchema>;

/** What the first site that names somebody says: people and pipelines are the same everywhere. */
export const identityOf = (sites: readonly { readonly identity: Identity }[]): Identity =>
  sites.find(({ identity }) => identity.people ?? identity.pipelines)?.identity ?? {};
