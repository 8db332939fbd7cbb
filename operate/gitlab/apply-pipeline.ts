import { servesVault } from "../../model/accounts";
import { type Deployer, deployerOf, hostsAt, stacksAt } from "../../model/deployers";
import type { PlaceEntry } from "../../model/entries";
import { type GraphStep, graphOf } from "../../model/graph";
import type { Registers } from "../../model/registers";
import type { PipelineIssuer } from "../../model/site/identity";
import { closureOf, wavesOf, without } from "../../model/steps";
import { cloudsOf, loggedIn, lookingAt } from "./credentials";
import {
  common,
  type Job,
  kept,
  logged,
  onDefaultBranch,
  type Pipeline,
  planPipelineId,
  reviewJob,
  tokenFor,
} from "./job";
import { withFewNeeds } from "./needs";
import { pushJobs } from "./push-jobs";

/** What a change leaves to do. */
export interface Work {
  /** Whether the plan of a stack does something. */
  readonly hasWork: (stack: string) => boolean;
  /** Whether a stack was another at the base: of Vault's, of which no job makes a plan, and of what the controller is handed. */
  readonly differs: (stack: string) => boolean;
  /** Whether what hosts of a site are made of was another at the base. */
  readonly hostsDiffer: (site: string) => boolean;
}

/**
 * Applies plans that were read, each stack after all that it needs. Left out is what has nothing to do, what is done once more when
 * something was learned, which is the next commit's, and what people are asked between stacks that are left out.
 */
export function applyPipeline(registers: Registers, issuer: PipelineIssuer, work: Work): Pipeline {
  const { steps: all } = graphOf(registers);
  const steps = without(all, leftOutOf(all, work));
  const waves = wavesOf(steps);
  const jobs = [
    ...steps.map((step): readonly [string, Job] => [
      step.id,
      jobOf({ ...step, needs: handedOn(step, steps) }, waves.get(step.id) ?? 1, registers, issuer),
    ]),
    ...Object.entries(pushJobs(registers, work.differs)),
  ];
  const nothing: Job = { stage: "wave 1", rules: [{ if: onDefaultBranch }], script: ["echo nothing to do"] };
  return withFewNeeds({
    ...common,
    stages: Array.from({ length: Math.max(1, ...waves.values()) }, (_, i) => `wave ${i + 1}`),
    jobs: jobs.length > 0 ? Object.fromEntries(jobs) : { nothing },
  });
}

/** What comes right before a step; of stacks all that come before: what each hands on, that it is applied, reaches only who names it. */
function handedOn({ id, needs, stack }: GraphStep, steps: readonly GraphStep[]): string[] {
  if (stack === undefined) return needs;
  const before = closureOf(steps, id);
  const stacks = steps.filter((step) => step.stack !== undefined && before.has(step.id));
  return [...new Set([...needs, ...stacks.map((step) => step.id)])];
}

/** Vault's stack is applied by people: see {@link deployed}. */
const isByHand = (of: GraphStep["of"]): boolean => of === "vault";

function leftOutOf(steps: readonly GraphStep[], { hasWork, differs, hostsDiffer }: Work): (step: GraphStep) => boolean {
  const seen = new Set<string>();
  const works = new Set(
    steps.flatMap(({ id, stack, of }) => {
      if (stack === undefined || seen.has(stack) || !(isByHand(of) ? differs : hasWork)(stack)) return [];
      seen.add(stack);
      return [id];
    }),
  );
  const before = new Map(steps.map(({ id }) => [id, closureOf(steps, id)]));
  const isBetween = (id: string): boolean =>
    [...(before.get(id) ?? [])].some((each) => works.has(each)) && [...works].some((each) => before.get(each)?.has(id));
  const stays = ({ id, kind, of, site = "", needs }: GraphStep): boolean => {
    if (works.has(id)) return true;
    if (kind === "configure") return hostsDiffer(site);
    if (kind === "learn") return needs.some((need) => works.has(need));
    return (kind === "person" || isByHand(of)) && isBetween(id);
  };
  return (step) => !stays(step);
}

function jobOf(step: GraphStep, wave: number, registers: Registers, issuer: PipelineIssuer): Job {
  const isManual = step.environments[0] === "production" || step.bootstrap || step.kind === "person";
  const shared: Pick<Job, "stage" | "rules" | "needs"> = {
    stage: `wave ${wave}`,
    needs: step.needs,
    rules: [{ if: onDefaultBranch, ...(isManual && { when: "manual", allow_failure: false }) }],
  };
  if (step.kind === "learn") return { ...shared, ...learnJob(step, registers, issuer) };
  if (step.kind === "configure") return { ...shared, ...configureJob(step, registers, issuer) };
  if (step.stack === undefined || step.of === undefined)
    return { ...shared, script: [told(`${step.id}: ${step.what}`)] };
  const place = registers.places.find(({ site, name }) => site.name === step.site && name === step.tenancy);
  if (!place) throw new Error(`${step.id} is of no tenancy`);
  const by = deployerOf("apply", place, registers);
  if (isByHand(step.of) || !by)
    return { ...shared, rules: manually, script: [told(`by hand, with a token for that one time: ${byHand(step)}`)] };
  return { ...shared, ...applyJob(step, step.stack, place, by, issuer) };
}

const manually: Job["rules"] = [{ if: onDefaultBranch, when: "manual", allow_failure: false }];

/** What a person does; whoever starts the job says that it is done. */
const told = (text: string): string => `echo '${text.replaceAll("'", "'\\''")}'`;

const byHand = ({ site, stack }: GraphStep): string =>
  `databridge deploy ${site} --plan-only --stacks ${stack}, look at the plan, databridge deploy ${site} --plans --stacks ${stack}`;

/** Words that whoever starts a job by hand may add: why closed hours are overridden, and that something is lost for good. */
const overrides = '${DATABRIDGE_INCIDENT:+--incident "$DATABRIDGE_INCIDENT"}';
const irreversible = "${DATABRIDGE_IRREVERSIBLE:+--irreversible}";

function applyJob(
  { needs }: GraphStep,
  stack: string,
  place: PlaceEntry,
  { does, name }: Deployer,
  issuer: PipelineIssuer,
): Partial<Job> {
  return {
    needs: [{ pipeline: `$${planPipelineId}`, job: reviewJob }, ...needs],
    environment: { name: stacksAt(place).name },
    resource_group: stack,
    ...loggedIn(does, name, place, issuer),
    script: [
      `npx databridge deploy ${place.site.name} --plans --folder plans --packet packet.json --stacks ${stack} --yes ${irreversible} ${overrides}`,
    ],
    // What comes after it looks whether it is applied.
    artifacts: logOf(`plans/${stack}.applied.json`, ".databridge/report.json"),
  };
}

/** What a job leaves of what it did; beside it the incidents for which closed hours were overridden, which somebody commits. */
const logOf = (...paths: readonly string[]): NonNullable<Job["artifacts"]> => ({
  paths: [...paths, "incidents/"],
  when: "always",
  access: "developer",
  expire_in: logged,
});

/** Writes to the lock what the clouds gave, and hands it to people: it is the next change. */
function learnJob({ site }: GraphStep, { places }: Registers, issuer: PipelineIssuer): Partial<Job> {
  const mine = places.filter((place) => place.site.name === site);
  const files = mine.map((place) => `"$${cloudsOf(place)}"`).join(" ");
  return {
    ...lookingAt(`plan-${site}`, mine, issuer),
    script: [
      // Each has one entry below its first line; with all of them together the site is asked once.
      `{ echo clouds:; grep -hv '^clouds:' ${files}; } > clouds.yaml`,
      `npx databridge learn ${site}`,
      "git diff -- sites > learned.patch",
      "echo 'what was learned is learned.patch of this job: git apply learned.patch, npx databridge synth, npx databridge lock, and have it merged'",
    ],
    artifacts: { paths: ["learned.patch"], access: "developer", expire_in: kept },
  };
}

/** Lets Ansible in, and has hosts log in to Vault, as the team that owns each tenancy. Servers of Vault are configured by hand. */
function configureJob({ site = "" }: GraphStep, { places }: Registers, issuer: PipelineIssuer): Partial<Job> {
  const mine = places.flatMap((place) => {
    const hosts = place.hosts.filter((host) => !servesVault(host)).map(({ id }) => id);
    return place.site.name === site && hosts.length > 0 ? [{ place, hosts, report: `configure-${place.id}.json` }] : [];
  });
  return {
    environment: { name: hostsAt(site, places).name },
    resource_group: `${site}-hosts`,
    ...tokenFor(issuer),
    script: mine.flatMap(({ place, hosts, report }) => [
      `. .ci/login ${place.tenancy.owner} ${place.id}`,
      `npx databridge configure ${site} ${overrides} --json --hosts ${hosts.join(" ")} > ${report}`,
    ]),
    artifacts: logOf(...mine.map(({ report }) => report)),
  };
}
