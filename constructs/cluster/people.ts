import { stringify } from "yaml";
import type { Identity, PipelineIssuer, TokenIssuer } from "../../model/site/identity";

/**
 * Whose tokens the API takes, beside those of its own: both issuers in one file, which the options `oidc-…` could not name. A prefix
 * keeps whoever names users and groups there from naming one of Kubernetes' own, `system:masters`.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication, "Authentication configuration from a file"; v1 since 1.34
 * @returns nothing where nobody vouches for anybody
 */
export function authentication(header: string, { people, pipelines }: Identity): string | undefined {
  const jwt = [
    ...(people ? [taken("people", people)] : []),
    ...(pipelines ? [{ ...taken("pipelines", pipelines), claimValidationRules: jobsOf(pipelines) }] : []),
  ];
  if (jwt.length === 0) return undefined;
  const told = { apiVersion: "apiserver.config.k8s.io/v1", kind: "AuthenticationConfiguration", jwt };
  return `${header}\n${stringify(told, { lineWidth: 0 })}`;
}

const taken = (who: "people" | "pipelines", { issuer, audience, user, groups }: Required<TokenIssuer>) => ({
  issuer: { url: issuer, audiences: [audience] },
  claimMappings: {
    username: { claim: user, prefix: `${who}:` },
    groups: { claim: groups, prefix: `${who}:` },
  },
});

/** The group of a team, as roles have to name it: people of it, and no pipelines. */
export const groupOf = (team: string): string => `people:${team}`;

/** As in Vault: whoever issues tokens to pipelines does so for any project and branch of theirs, and groups are those of who had it run. */
const jobsOf = ({ projects, project, protected: safe }: Required<PipelineIssuer>) => [
  {
    expression: `claims[${JSON.stringify(project)}] in ${JSON.stringify(projects)}`,
    message: "no job of a project that is let in",
  },
  { expression: `string(claims[${JSON.stringify(safe)}]) == "true"`, message: "no job of a protected branch" },
];
