import type { PlaceEntry } from "./entries";
import { keysOf } from "./runners";
import { identityOf } from "./site/identity";
import type { Secret } from "./site/secret";
import type { Site } from "./site/site";
import { type StackEntry, stacksOf } from "./stacks";
import { type Environment, environments } from "./words/environment";
import { days } from "./words/quantity";

/** Jobs that plan at a site, or that apply what was planned for one tenancy there. */
export interface Deployer {
  /** Of its role and policy: `plan-lumi`, `apply-lumi-production`. */
  readonly name: string;
  readonly does: "plan" | "apply";
  /** Tenancies of which it reads the credentials: those of a site, or one, since another may be another team's. */
  readonly places: readonly PlaceEntry[];
}

/** Every deployer, if jobs can prove who they are, and people can, who write what jobs log in by. */
export function deployersOf({
  sites,
  places,
}: {
  readonly sites: readonly Site[];
  readonly places: readonly PlaceEntry[];
}): readonly Deployer[] {
  const { people, pipelines } = identityOf(sites);
  if (!people || !pipelines) return [];
  return sites.flatMap(({ name: site }): readonly Deployer[] => {
    const mine = places.filter((place) => place.site.name === site);
    return [
      { name: `plan-${site}`, does: "plan", places: mine },
      ...mine.map((place): Deployer => ({ name: `apply-${place.id}`, does: "apply", places: [place] })),
    ];
  });
}

/** Who plans, or applies, the stacks of a tenancy. @returns nobody, where jobs cannot prove who they are */
export const deployerOf = (
  does: Deployer["does"],
  place: PlaceEntry,
  registers: Parameters<typeof deployersOf>[0],
): Deployer | undefined =>
  deployersOf(registers).find((each) => each.does === does && each.places.some(({ id }) => id === place.id));

/** Where a job deploys to, as GitLab calls it; whether it is protected there, and who may deploy to it, is said of that name. */
export interface DeployedTo {
  readonly name: string;
  readonly environment: Environment;
}

/** Where the stacks of a tenancy are deployed to: `lumi/production/production`. */
export const stacksAt = ({ site, name, tenancy: { environment } }: PlaceEntry): DeployedTo => ({
  name: `${site.name}/${name}/${environment}`,
  environment,
});

/** Where the hosts of a site are configured, which are one after the other: `lumi/hosts/production`, of its strictest tenancy. */
export function hostsAt(site: string, places: readonly PlaceEntry[]): DeployedTo {
  const mine = places.filter((place) => place.site.name === site).map(({ tenancy }) => tenancy.environment);
  const environment = environments.find((each) => mine.includes(each)) ?? "production";
  return { name: `${site}/hosts/${environment}`, environment };
}

/** The stacks of a tenancy that jobs plan and apply: not Vault's, since whoever applies that is root of all secrets. */
export const deployed = (place: PlaceEntry): readonly StackEntry[] =>
  stacksOf(place).filter(({ kind }) => kind !== "vault");

/** By which jobs log in to a cloud, to the store of states, and to the cluster, for a tenancy. */
export const credentialsOf = (does: Deployer["does"], place: PlaceEntry): Secret => ({
  secret: `jobs/${does}`,
  keys: keysOf(deployed(place), place).map(({ key }) => key),
  greatestAge: days(180),
  rotation: {
    overlap: days(1),
    steps: [
      `make another application credential in the tenancy, ${does === "plan" ? "with the role reader alone" : "with the role member"}, and write the clouds.yaml that has it, of one entry`,
      `make another key for the store of states, ${does === "plan" ? "which reads, and writes nothing, not even locks" : "which reads and writes"}`,
      "the passphrase stays: another one is a migration of all states",
      "end the last credential and the last key",
    ],
    test: `a job that ${does === "plan" ? "plans" : "applies"} has taken them`,
  },
  why: does === "plan" ? "jobs look at what is there, and plan" : "jobs apply plans that were read",
});
