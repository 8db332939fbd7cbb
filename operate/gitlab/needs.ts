import { type Job, kept, onDefaultBranch, type Pipeline } from "./job";

/** For how many jobs one may wait by name, unless an administrator says otherwise. @see https://docs.gitlab.com/ci/yaml/#needs */
export const mostNeeds = 50;

/** The same pipeline, in which whoever would wait for more waits for one job: it comes after all earlier stages, and hands on that they are applied. */
export function withFewNeeds(pipeline: Pipeline): Pipeline {
  const tooMany = Object.entries(pipeline.jobs).filter(([, { needs = [] }]) => needs.length > mostNeeds);
  const crowded = new Set(tooMany.map(([, { stage }]) => stage));
  return {
    ...pipeline,
    stages: pipeline.stages.flatMap((stage) => (crowded.has(stage) ? [before(stage), stage] : [stage])),
    jobs: {
      ...pipeline.jobs,
      ...Object.fromEntries([...crowded].map((stage) => [before(stage), allBefore(stage)])),
      ...Object.fromEntries(tooMany.map(([name, job]) => [name, afterAll(job)])),
    },
  };
}

const before = (stage: string): string => `before ${stage}`;

const allBefore = (stage: string): Job => ({
  stage: before(stage),
  rules: [{ if: onDefaultBranch }],
  script: ["ls plans/*.applied.json || true"],
  artifacts: { paths: ["plans/*.applied.json"], access: "developer", expire_in: kept },
});

const afterAll = (job: Job): Job => ({
  ...job,
  needs: [...(job.needs ?? []).filter((need) => typeof need !== "string"), before(job.stage)],
});
