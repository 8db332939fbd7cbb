import type { PipelineIssuer } from "../../model/site/identity";

/** A job of another pipeline, or of this one. */
type Need = string | { readonly pipeline: string; readonly job: string };

export interface Rule {
  readonly if: string;
  readonly when?: "manual";
  /** Whether what comes after it goes on without it. */
  readonly allow_failure?: boolean;
}

/** A key of a secret of Vault, as a variable or as a file. */
interface VaultSecret {
  readonly vault: {
    readonly engine: { readonly name: "kv-v2"; readonly path: string };
    readonly path: string;
    readonly field: string;
  };
  readonly file: boolean;
  readonly token: string;
}

/** A job as GitLab reads it. @see https://docs.gitlab.com/ci/yaml/ */
export interface Job {
  readonly stage: string;
  readonly needs?: readonly Need[];
  readonly rules: readonly Rule[];
  readonly environment?: { readonly name: string };
  /** No two jobs of one group run at the same time, whichever pipelines they are of. */
  readonly resource_group?: string;
  readonly id_tokens?: Readonly<Record<string, { readonly aud: string }>>;
  readonly secrets?: Readonly<Record<string, VaultSecret>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly script?: readonly string[];
  readonly artifacts?: {
    readonly paths: readonly string[];
    readonly when?: "always";
    readonly expose_as?: string;
    readonly access: "developer";
    readonly expire_in: string;
  };
  readonly trigger?: {
    readonly include: readonly { readonly artifact: string; readonly job: string }[];
    readonly strategy: "depend";
  };
}

/** A pipeline, as GitLab reads it once it is YAML. */
export interface Pipeline {
  readonly default: {
    readonly image: string;
    readonly before_script: readonly string[];
  };
  readonly variables: Readonly<Record<string, string>>;
  readonly stages: readonly string[];
  readonly jobs: Readonly<Record<string, Job>>;
}

/** The job in which everything comes together that is read and applied. */
export const reviewJob = "review";
/** The variable by which the pipeline that applies knows the one that planned. */
export const planPipelineId = "PLAN_PIPELINE_ID";

/** What names the pipelines of a branch that nobody pushes to without a review, and of what asks to be merged into it. */
export const onDefaultBranch = '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $CI_COMMIT_REF_PROTECTED == "true"';
const onMergeRequest = "$CI_MERGE_REQUEST_IID";
export const everywhere: readonly Rule[] = [{ if: onMergeRequest }, { if: onDefaultBranch }];

/** What all jobs have in common. `DATABRIDGE_IMAGE`, of the project's CI/CD variables, names an image with Node, git and what a job runs. */
export const common: Pick<Pipeline, "default" | "variables"> = {
  default: {
    image: "$DATABRIDGE_IMAGE",
    before_script: ["npm ci --ignore-scripts --no-audit --no-fund"],
  },
  // A review compares with another commit.
  variables: { GIT_DEPTH: "0", FORCE_COLOR: "0" },
};

/** For how long what jobs hand on is kept; a plan that is older is stale in any case. */
export const kept = "2 weeks";
/** The same of what tells what was done, and who overrode what. */
export const logged = "never";

/** How a job says to Vault who it is: by a token that GitLab issues, and that ends with the job. */
export const tokenFor = ({ audience }: Pick<PipelineIssuer, "audience">): Pick<Job, "id_tokens"> => ({
  id_tokens: { VAULT_ID_TOKEN: { aud: audience } },
});
