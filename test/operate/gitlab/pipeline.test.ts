import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
import { cluster } from "../../../constructs/cluster/spec";
import { bastion, proxy } from "../../../constructs/edge/spec";
import { sharedServices } from "../../../constructs/services/spec";
import { vaultAgent } from "../../../constructs/vault/spec";
import { gather } from "../../../model/gather";
import { graphOf } from "../../../model/graph";
import { identityOf } from "../../../model/site/identity";
import { closureOf } from "../../../model/steps";
import { applyPipeline, type Work } from "../../../operate/gitlab/apply-pipeline";
import { planPipeline } from "../../../operate/gitlab/plan-pipeline";
import { pipelineText } from "../../../operate/gitlab/yaml";
import { tenancy } from "../../model/platform";
import { people, sites, vaultAt } from "../../model/vault";

const root = join(__dirname, "../../..");
const schema = JSON.parse(readFileSync(join(__dirname, "schema.json"), "utf8"));
const isPipeline = new Ajv({ strict: false, validateFormats: false }).compile(schema);

interface Job {
  readonly stage: string;
  readonly needs?: readonly (string | { readonly job: string })[];
  readonly rules?: readonly { readonly if: string; readonly when?: string; readonly allow_failure?: boolean }[];
  readonly environment?: { readonly name: string };
  readonly resource_group?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly secrets?: object;
  readonly script?: readonly string[];
  readonly artifacts?: { readonly paths: readonly string[]; readonly expire_in: string };
}

const issuer = { issuer: "https://git.example.org", audience: "platform", projects: ["a/b"] };
const { registers, problems } = gather(
  sites({
    runs: [cluster({ servers: 1 }), sharedServices({ vault: vaultAt })],
    identity: { people, pipelines: issuer },
    more: {
      test: tenancy({
        environment: "test",
        owner: "testers",
        network: { cidr: "10.60.0.0/20" },
        runs: [bastion(), proxy(), vaultAgent({ at: vaultAt })],
      }),
    },
  }),
);
/** The same with sixty more. */
const { registers: many, problems: ofMany } = gather(
  sites({
    identity: { people, pipelines: issuer },
    more: Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [
        `test-${i}`,
        tenancy({ environment: "test", network: { cidr: `10.${100 + i}.0.0/20` }, runs: [bastion(), proxy()] }),
      ]),
    ),
  }),
);
const { pipelines } = identityOf(registers.sites);
if (!pipelines) throw new Error(JSON.stringify(problems));
const { steps } = graphOf(registers);
/** As GitLab reads it: jobs by name, in the text that is rendered. */
const read = (pipeline: Parameters<typeof pipelineText>[0]) => {
  const { default: _, variables: __, stages, ...jobs } = parse(pipelineText(pipeline, "x"));
  return { stages: stages as readonly string[], jobs: jobs as Readonly<Record<string, Job>> };
};
const everything: Work = { hasWork: () => true, differs: () => true, hostsDiffer: () => true };
const nothing: Work = { hasWork: () => false, differs: () => false, hostsDiffer: () => false };
const applied = (work: Partial<Work>) => read(applyPipeline(registers, pipelines, { ...nothing, ...work }));
const needsOf = ({ needs = [] }: Job) => needs.flatMap((need) => (typeof need === "string" ? [need] : []));
const asSteps = (jobs: Readonly<Record<string, Job>>) =>
  Object.entries(jobs).map(([id, job]) => ({ id, needs: needsOf(job) }));

test("this platform is what the tests below count on", () => {
  expect([...problems, ...ofMany]).toEqual([]);
  expect(registers.places.map(({ id }) => id)).toEqual(["north-production", "north-test", "south-production"]);
});

describe("GitLab's schema", () => {
  const root_ = parse(readFileSync(join(root, ".gitlab-ci.yml"), "utf8"));
  const rendered = {
    plan: parse(pipelineText(planPipeline(registers, pipelines), "x")),
    apply: parse(pipelineText(applyPipeline(registers, pipelines, everything), "x")),
    nothing: parse(pipelineText(applyPipeline(gather([]).registers, pipelines, everything), "x")),
    many: parse(pipelineText(applyPipeline(many, pipelines, everything), "x")),
    root: root_,
  };
  test.each(Object.keys(rendered) as (keyof typeof rendered)[])("takes %s", (which) => {
    expect([isPipeline(rendered[which]), isPipeline.errors]).toEqual([true, null]);
  });
  const job = rendered.apply["apply north-production-tenancy"];
  test.each([
    ["a rule without a known word", { ...job, rules: [{ if: "$A", when: "by-hand" }] }],
    ["a token without an audience", { ...job, id_tokens: { VAULT_ID_TOKEN: {} } }],
    ["an environment that is a list", { ...job, environment: ["north"] }],
    ["a need of nothing", { ...job, needs: [{ pipeline: "$A" }] }],
    ["a word that nobody knows", { ...job, resource_groups: "one" }],
  ])("refuses %s", (_, wrong) => {
    expect(isPipeline({ ...rendered.apply, wrong })).toBe(false);
  });
});

describe("the pipeline that applies", () => {
  const { stages, jobs } = applied(everything);
  const first = steps.filter(
    ({ stack }, i) => stack !== undefined && steps.findIndex((step) => step.stack === stack) === i,
  );

  test("has a job for each stack, and none of a stack that the graph has not", () => {
    const named = Object.keys(jobs).filter((name) => name.startsWith("apply "));
    expect(named.sort()).toEqual(first.map(({ id }) => id).sort());
    expect(Object.keys(jobs).filter((name) => !steps.some(({ id }) => id === name))).toEqual([]);
  });
  test("has what people, clouds and Ansible do between stacks, and nothing that only the next commit brings", () => {
    const kinds = (of: string) =>
      steps
        .filter(({ kind, id }) => kind === of && id in jobs)
        .map(({ id }) => id)
        .sort();
    expect(kinds("configure")).toEqual(["configure north", "configure south"]);
    expect(kinds("learn")).toEqual(["learn north", "learn south"]);
    expect(kinds("person")).toContain("unseal south-production");
    expect(Object.keys(jobs).filter((name) => name.endsWith(" again"))).toEqual([]);
  });
  test("has its jobs in the order of the graph, however far one is from another", () => {
    const own = asSteps(jobs);
    expect(own.length).toBeGreaterThan(8);
    const known = new Set(own.map(({ id }) => id));
    for (const { id } of own)
      expect([id, [...closureOf(own, id)].sort()]).toEqual([
        id,
        [...closureOf(steps, id)].filter((each) => known.has(each)).sort(),
      ]);
  });
  test("has no job before what it needs, as GitLab wants it", () => {
    for (const [name, job] of Object.entries(jobs))
      for (const need of needsOf(job))
        expect([name, need, stages.indexOf(jobs[need]?.stage ?? "") < stages.indexOf(job.stage)]).toEqual([
          name,
          need,
          true,
        ]);
  });
  test("applies production by hand, all of it on the default branch alone, and a stack once at a time", () => {
    for (const [name, { rules = [] }] of Object.entries(jobs)) {
      expect([name, rules.length, rules[0]?.if.includes("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH")]).toEqual([
        name,
        1,
        true,
      ]);
      // What is manual and may fail would let all that comes after it go on.
      expect([name, rules[0]?.when === "manual" && rules[0].allow_failure !== false]).toEqual([name, false]);
    }
    const production = jobs["apply north-production-tenancy"];
    expect(production).toMatchObject({
      environment: { name: "north/production/production" },
      resource_group: "north-production-tenancy",
      variables: { VAULT_AUTH_ROLE: "apply-north-production" },
    });
    expect([production?.rules?.[0]?.when, jobs["apply north-test-tenancy"]?.rules?.[0]?.when]).toEqual([
      "manual",
      undefined,
    ]);
    expect(jobs["apply north-test-tenancy"]?.environment?.name).toBe("north/test/test");
  });
  test("is told by each stack's job which stacks were applied before it", () => {
    const { needs = [] } = jobs["apply north-production-services"] ?? {};
    expect(needs).toContainEqual({ pipeline: "$PLAN_PIPELINE_ID", job: "review" });
    expect(needs).toContain("apply north-production-tenancy");
  });
  test("leaves Vault's stack to people: no job is root of all secrets", () => {
    const { script = [], secrets, rules = [] } = jobs["apply south-production-vault"] ?? {};
    expect([script.length, script[0]?.startsWith("echo '"), secrets, rules[0]?.when]).toEqual([
      1,
      true,
      undefined,
      "manual",
    ]);
  });
  test("configures hosts as their owner, each tenancy by itself, and no server of Vault", () => {
    const { script = [] } = jobs["configure north"] ?? {};
    expect(script.filter((line) => line.startsWith(". .ci/login"))).toEqual([
      ". .ci/login team north-production",
      ". .ci/login testers north-test",
    ]);
    expect(jobs["configure south"]?.script?.join()).not.toContain("vault-1");
  });
  test("has no job for what has nothing to do, and what comes after it waits for what comes before", () => {
    const some = applied({
      hasWork: (stack) => stack === "north-production-tenancy" || stack === "north-production-services",
    });
    const names = Object.keys(some.jobs);
    expect(names.filter((name) => name.startsWith("apply ") && !name.endsWith("-vault")).sort()).toEqual([
      "apply north-production-services",
      "apply north-production-tenancy",
    ]);
    const own = asSteps(some.jobs);
    expect(closureOf(own, "apply north-production-services")).toContain("apply north-production-tenancy");
    const known = new Set(names);
    for (const { id } of own)
      expect([id, [...closureOf(own, id)].sort()]).toEqual([
        id,
        [...closureOf(steps, id)].filter((each) => known.has(each)).sort(),
      ]);
  });
  const names = (work: Partial<Work>) => Object.keys(applied(work).jobs).sort();
  test("asks nobody anything where nothing is planned, or one stack", () => {
    expect(names({})).toEqual(["nothing"]);
    expect(names({ hasWork: (stack) => stack === "north-test-tenancy" })).toEqual([
      "apply north-test-tenancy",
      "learn north",
    ]);
    expect(names({ hasWork: (stack) => stack === "north-production-services" })).toEqual([
      "apply north-production-services",
    ]);
  });
  test("configures hosts where what they are made of differs, and asks nobody for that", () =>
    expect(names({ hostsDiffer: (site) => site === "north" })).toEqual(["configure north"]));
  test("tells people of Vault's stack where it differs, of which no job makes a plan", () => {
    expect(names({ differs: (stack) => stack === "south-production-vault" })).toEqual(["apply south-production-vault"]);
    expect(names({ hasWork: (stack) => stack === "south-production-vault" })).toEqual(["nothing"]);
  });
  test("keeps for good what was done, with the incidents for which hours were overridden; of each tenancy apart", () => {
    const kept = (name: string) => jobs[name]?.artifacts;
    expect(kept("apply north-test-tenancy")).toMatchObject({
      paths: ["plans/north-test-tenancy.applied.json", ".databridge/report.json", "incidents/"],
      expire_in: "never",
    });
    const reports = ["configure-north-production.json", "configure-north-test.json"];
    expect(kept("configure north")).toMatchObject({ paths: [...reports, "incidents/"], expire_in: "never" });
    expect(jobs["configure north"]?.script?.flatMap((line) => /--json .* > (.*)$/.exec(line)?.[1] ?? [])).toEqual(
      reports,
    );
  });
  test("says where it deploys to as the roles of Vault ask for", () => {
    expect(jobs["configure north"]?.environment?.name).toBe("north/hosts/production");
    expect(jobs["apply north-test-tenancy"]?.variables?.VAULT_AUTH_ROLE).toBe("apply-north-test");
  });
});

describe("of sixty tenancies", () => {
  const pipelinesOf = {
    plan: read(planPipeline(many, pipelines)),
    apply: read(applyPipeline(many, pipelines, everything)),
  };
  test.each(Object.entries(pipelinesOf))("no job of what is to %s waits for more by name than GitLab takes", (_, {
    jobs,
  }) => {
    expect(Object.keys(jobs).length).toBeGreaterThan(60);
    const needs = Object.entries(jobs).map(([name, { needs: all = [] }]) => [name, all.length] as const);
    expect(needs.filter(([, count]) => count > 50)).toEqual([]);
  });
  test("what would wait for more has all earlier stages behind it, and what they say is applied", () => {
    const { stages, jobs } = pipelinesOf.apply;
    const crowded = Object.entries(jobs).filter(([, { needs = [] }]) =>
      needs.some((need) => `${need}`.startsWith("before ")),
    );
    expect(crowded.map(([name]) => name)).toContain("learn north");
    for (const [name, { stage, needs = [] }] of crowded) {
      const gathers = jobs[`before ${stage}`];
      expect([name, needs.filter((need) => typeof need === "string")]).toEqual([name, [`before ${stage}`]]);
      expect([gathers?.needs, gathers?.artifacts?.paths]).toEqual([undefined, ["plans/*.applied.json"]]);
      expect(stages.indexOf(`before ${stage}`)).toBe(stages.indexOf(stage) - 1);
    }
  });
});

describe("the pipeline that plans", () => {
  const { stages, jobs } = read(planPipeline(registers, pipelines));
  test("plans each stack once, but Vault's, by credentials that only look", () => {
    const planned = Object.values(jobs).flatMap(({ script = [] }) =>
      script.flatMap((line) => /--stacks (.*)$/.exec(line)?.[1]?.split(" ") ?? []),
    );
    const stacks = steps.flatMap(({ stack }) => stack ?? []).filter((stack) => !stack.endsWith("-vault"));
    expect(planned.sort()).toEqual([...new Set(stacks)].sort());
    expect(jobs["plan north-test"]?.variables?.VAULT_AUTH_ROLE).toBe("plan-north");
    expect(JSON.stringify(jobs["plan north-test"]?.secrets)).toContain("test/jobs/plan");
    expect(JSON.stringify(jobs)).not.toContain("jobs/apply");
  });
  test("has all plans read together, for merge requests too, and goes on where nobody pushes without a review", () => {
    // Without `needs` it waits for all earlier stages, and has what they hand on.
    expect(jobs.review?.needs).toBeUndefined();
    expect(stages.indexOf("plan")).toBeLessThan(stages.indexOf(jobs.review?.stage ?? ""));
    for (const [name, { rules = [] }] of Object.entries(jobs))
      expect([name, rules.some((rule) => rule.if === "$CI_MERGE_REQUEST_IID")]).toEqual([name, name !== "apply"]);
    expect(jobs.apply?.rules?.[0]?.if).toContain("$CI_COMMIT_REF_PROTECTED");
  });
});
