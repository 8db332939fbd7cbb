import { type Deployer, deployed, deployerOf } from "../../model/deployers";
import type { PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import type { PipelineIssuer } from "../../model/site/identity";
import { loggedIn } from "./credentials";
import { common, everywhere, type Job, kept, onDefaultBranch, type Pipeline, planPipelineId, reviewJob } from "./job";

const checks = {
  synth: "npx databridge synth --check",
  validate: "npx databridge validate",
  policy: "npx databridge policy",
} as const;

/**
 * What is done for every change, whoever proposes it: it is checked, every tenancy is planned, all plans together are read as one
 * packet. On the default branch that is followed by the pipeline that applies just these plans.
 */
export function planPipeline(registers: Registers, issuer: PipelineIssuer): Pipeline {
  const plans = registers.places.flatMap((place) => {
    const by = deployerOf("plan", place, registers);
    return by ? [[`plan ${place.id}`, planJob(place, by, issuer)] as const] : [];
  });
  return {
    ...common,
    stages: ["check", "plan", "review", "apply"],
    jobs: {
      ...Object.fromEntries(
        Object.entries(checks).map(([name, command]): [string, Job] => [
          name,
          { stage: "check", needs: [], rules: everywhere, script: [command] },
        ]),
      ),
      ...Object.fromEntries(plans),
      [reviewJob]: review,
      apply: {
        stage: "apply",
        needs: [reviewJob],
        rules: [{ if: onDefaultBranch }],
        variables: { [planPipelineId]: "$CI_PIPELINE_ID" },
        trigger: { include: [{ artifact: "apply.yml", job: reviewJob }], strategy: "depend" },
      },
    },
  };
}

function planJob(place: PlaceEntry, { does, name }: Deployer, issuer: PipelineIssuer): Job {
  return {
    stage: "plan",
    needs: Object.keys(checks),
    rules: everywhere,
    ...loggedIn(does, name, place, issuer),
    script: [
      `npx databridge deploy ${place.site.name} --plan-only --folder plans --stacks ${deployed(place)
        .map(({ name }) => name)
        .join(" ")}`,
    ],
    artifacts: { paths: ["plans/"], access: "developer", expire_in: kept },
  };
}

/** Of what is merged: what was there before it was pushed, however many commits that were, if GitLab says so and the clone has it. */
const base = [
  'base="${CI_MERGE_REQUEST_DIFF_BASE_SHA:-${CI_COMMIT_BEFORE_SHA:-HEAD^1}}"',
  'git cat-file -e "$base^{commit}" 2> /dev/null || base=HEAD^1',
];
const read = 'npx databridge review --base "$base" --plans plans';

/** A packet is written whatever it says; what nobody explains, or answers for, goes no further. */
const review: Job = {
  stage: "review",
  // Without `needs`, of which GitLab takes 50: it comes after all earlier stages, and has what they hand on.
  rules: everywhere,
  script: [
    ...base,
    `${read} --markdown > packet.md || true`,
    "npx databridge pipeline note packet.md || true",
    `${read} --json > packet.json`,
    'npx databridge pipeline gitlab --plans plans --base "$base" > apply.yml',
  ],
  artifacts: {
    paths: ["packet.md", "packet.json", "apply.yml", "plans/"],
    when: "always",
    expose_as: "What this does to all sites",
    access: "developer",
    expire_in: kept,
  },
};
