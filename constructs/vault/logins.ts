import { ApproleAuthBackendRole } from "@cdktf/provider-vault/lib/approle-auth-backend-role";
import { AuthBackend } from "@cdktf/provider-vault/lib/auth-backend";
import { JwtAuthBackend } from "@cdktf/provider-vault/lib/jwt-auth-backend";
import { JwtAuthBackendRole } from "@cdktf/provider-vault/lib/jwt-auth-backend-role";
import { Construct } from "constructs";
import { type DeployedTo, type Deployer, stacksAt } from "../../model/deployers";
import { secretIdLives } from "../../model/signed-keys";
import type { Identity } from "../../model/site/identity";
import type { Cidr } from "../../model/words/address";
import type { Duration } from "../../model/words/quantity";

/** How machines log in: by a role, and a secret id that Ansible hands over wrapped. */
export class MachineLogins extends Construct {
  readonly path: string;

  constructor(scope: Construct, id: string, { path, longest }: MachineLoginsProps) {
    super(scope, id);
    this.path = new AuthBackend(this, "Resource", {
      type: "approle",
      path,
      description: "machines",
      // Without it, secret ids end after 32 days whatever their role says, and a longer period is refused.
      tune: [{ maxLeaseTtl: `${secretIdLives(longest)}s` }],
    }).path;
  }

  /** Lets machines in that come from these networks. */
  addRole(id: string, { policy, from, period }: MachineRoleProps): void {
    new ApproleAuthBackendRole(this, id, {
      backend: this.path,
      roleName: id,
      tokenPolicies: [policy],
      tokenNoDefaultPolicy: false,
      tokenPeriod: period,
      tokenBoundCidrs: [...from],
      secretIdBoundCidrs: [...from],
      bindSecretId: true,
      // Longer than the token of an agent that was cut off, so that it comes back by itself; Ansible hands over another at each run.
      secretIdTtl: secretIdLives(period),
      secretIdNumUses: 0,
      tokenType: "service",
    });
  }
}

export interface MachineLoginsProps {
  readonly path: string;
  /** The longest period of its roles. */
  readonly longest: number;
}

export interface MachineRoleProps {
  readonly policy: string;
  readonly from: readonly Cidr[];
  /** Seconds that a token lives without being renewed. */
  readonly period: number;
}

/** How people and pipelines log in: by tokens that somebody else issues, so that Vault holds no secret of theirs. */
export class TokenLogins extends Construct {
  readonly path: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TokenLoginsProps,
  ) {
    super(scope, id);
    const { path, by } = props;
    this.path = new JwtAuthBackend(this, "Resource", {
      path,
      type: "jwt",
      oidcDiscoveryUrl: by.issuer,
      boundIssuer: by.issuer,
      description: path,
    }).path;
  }

  /** Lets jobs in of which every claim is right, whoever had them run; their tokens cannot be renewed, and make no others. */
  addJob(id: string, { claims, policy, lifetime }: JobRoleProps): void {
    new JwtAuthBackendRole(this, id, {
      ...this.common(id, lifetime),
      boundClaims: claims,
      tokenPolicies: [policy],
      tokenNoDefaultPolicy: true,
      tokenType: "batch",
    });
  }

  /** Lets members of a group in; of pipelines, only those whose every claim is right. */
  addRole(id: string, { group, policies, lifetime, tokenType = "service", claims = {} }: TokenRoleProps): void {
    const { by, claims: common = {} } = this.props;
    new JwtAuthBackendRole(this, id, {
      ...this.common(id, lifetime),
      groupsClaim: by.groups,
      // A list is one of which a token has one; all claims have to hold.
      boundClaims: { ...common, ...claims, [by.groups]: group },
      tokenPolicies: [...policies],
      tokenType,
    });
  }

  private common(roleName: string, { seconds }: Duration) {
    const { by } = this.props;
    return {
      backend: this.path,
      roleName,
      roleType: "jwt",
      boundAudiences: [by.audience],
      userClaim: by.user,
      tokenTtl: seconds,
      tokenMaxTtl: seconds,
    };
  }
}

export interface TokenLoginsProps {
  readonly path: string;
  readonly by: NonNullable<Identity["people"]>;
  /** What else tokens have to say, as the provider takes it: several values with commas. @default - nothing */
  readonly claims?: Readonly<Record<string, string>>;
}

/** What a token of an issuer of pipelines has to say, whoever had the job run. */
export const claimsOfPipelines = (by: NonNullable<Identity["pipelines"]>): Readonly<Record<string, string>> => ({
  [by.project]: by.projects.join(","),
  [by.protected]: "true",
});

/** What only a job that applies says of itself: where it applies, as its environment is called. Jobs that plan are of any branch. */
export const claimsOfDeployer = (
  { does, places }: Deployer,
  by: NonNullable<Identity["pipelines"]>,
): Readonly<Record<string, string>> => {
  const { [by.protected]: guarded = "", ...project } = claimsOfPipelines(by);
  if (does === "plan") return project;
  return { ...project, [by.protected]: guarded, ...claimsOfPlaces(places.map(stacksAt), by) };
};

/**
 * What a job says of where it deploys to. Providers that a job plans with run with its token: without this, whatever a member of a team
 * has run on a protected branch would be Ansible.
 */
export const claimsOfPlaces = (
  at: readonly DeployedTo[],
  by: NonNullable<Identity["pipelines"]>,
): Readonly<Record<string, string>> => ({
  [by.environment]: at.map(({ name }) => name).join(","),
  ...(at.some(({ environment }) => environment === "production") ? { [by.environmentProtected]: "true" } : {}),
});

export interface JobRoleProps {
  /** What the token of the job has to say; several values with commas. */
  readonly claims: Readonly<Record<string, string>>;
  readonly policy: string;
  readonly lifetime: Duration;
}

export interface PodLoginsProps {
  readonly path: string;
  /** The public key of the cluster's tokens, as PEM: Vault asks no API, which it could not reach. */
  readonly key: string;
}

export interface PodRoleProps {
  /** `system:serviceaccount:one:web`. */
  readonly subject: string;
  readonly policy: string;
  readonly from: readonly Cidr[];
}

/** Whom tokens of pods are for, and who issues them, on every cluster. @see kube-apiserver, --service-account-issuer; RKE2's default */
export const podTokens = { audience: "vault", issuer: "https://kubernetes.default.svc.cluster.local" };

/** How pods log in: by tokens of their cluster. */
export class PodLogins extends Construct {
  readonly path: string;

  constructor(scope: Construct, id: string, { path, key }: PodLoginsProps) {
    super(scope, id);
    this.path = new JwtAuthBackend(this, "Resource", {
      path,
      type: "jwt",
      jwtValidationPubkeys: [key],
      boundIssuer: podTokens.issuer,
      description: path,
    }).path;
  }

  /** Lets an account in, whoever has its token and comes from these networks. */
  addRole(id: string, { subject, policy, from }: PodRoleProps): void {
    new JwtAuthBackendRole(this, id, {
      backend: this.path,
      roleName: id,
      roleType: "jwt",
      boundAudiences: [podTokens.audience],
      boundSubject: subject,
      userClaim: "sub",
      tokenPolicies: [policy],
      tokenBoundCidrs: [...from],
      tokenTtl: 3600,
      tokenMaxTtl: 3600,
      tokenType: "service",
    });
  }
}

export interface TokenRoleProps {
  readonly group: string;
  readonly policies: readonly string[];
  readonly lifetime: Duration;
  /** One of type `batch` cannot be renewed, and makes no other tokens. @default "service" */
  readonly tokenType?: "service" | "batch";
  /** What its tokens say beside the claims of all. @default - nothing */
  readonly claims?: Readonly<Record<string, string>>;
}
