import { controlledStacks } from "./controlled";
import type { PlaceEntry, Said } from "./entries";
import type { applyings, StatedGitops } from "./site/gitops";
import type { FlowNeed } from "./site/need";
import { tcp } from "./site/need";
import type { StackEntry } from "./stacks";
import { grouped } from "./words/grouped";

/** Something secret that an engine has to have, by its key in Vault, and how the engine takes it. */
export interface RunnerKey {
  readonly key: string;
  readonly as:
    | { readonly env: string }
    /** A file, and the variable that says where it is. */
    | { readonly file: string; readonly env: string }
    /** A variable of the stack: engines take none from the environment of a runner. */
    | { readonly variable: string };
}

/** Who plans, or applies, the stacks of one tenancy: an account of the cluster on which the controller runs. */
export interface Runner {
  /** `apply-lumi-production`, or `plan-lumi-production` where nothing is applied. */
  readonly account: string;
  /** Where it runs. */
  readonly at: PlaceEntry;
  readonly by: StatedGitops;
  /** What becomes of its plans. */
  readonly applies: (typeof applyings)[number];
  /** Whose stacks. */
  readonly place: PlaceEntry;
  readonly stacks: readonly StackEntry[];
  /** The secret of the tenancy that it reads, `deploy/apply`, and its keys. */
  readonly secret: string;
  readonly keys: readonly RunnerKey[];
}

/** One for each tenancy with stacks that the controller may apply; none without a controller. */
export function runnersOf(places: readonly PlaceEntry[]): readonly Runner[] {
  if (places.every(({ gitops }) => gitops.length === 0)) return [];
  const stacks = grouped(controlledStacks(places), ({ place }) => place.id);
  return places.flatMap((at) =>
    at.gitops.flatMap(({ said: by }) =>
      places.flatMap((place): readonly Runner[] => {
        const mine = stacks.get(place.id) ?? [];
        const applies = appliesAt(by, place);
        const does = applies === "never" ? "plan" : "apply";
        const runner = { at, by, applies, place, stacks: mine, secret: `deploy/${does}`, keys: keysOf(mine, place) };
        return mine.length > 0 ? [{ account: `${does}-${place.id}`, ...runner }] : [];
      }),
    ),
  );
}

/** A controller knows no closed hours: where there are any, somebody who knows them approves the plan. */
function appliesAt({ applies }: StatedGitops, { tenancy: { environment, calendar } }: PlaceEntry): Runner["applies"] {
  const closes = calendar.forecast !== undefined || calendar.freezes.length + calendar.maintenance.length > 0;
  return applies[environment] === "at once" && closes ? "approved" : applies[environment];
}

/** What an engine needs for some stacks of a tenancy: the store of states, and the cloud or the cluster. */
export function keysOf(stacks: readonly StackEntry[], { tenancy: { state } }: PlaceEntry): readonly RunnerKey[] {
  const isOfCloud = ({ kind }: StackEntry): boolean => kind === "tenancy";
  return [
    ...stateKeys[state.kind].map((env) => ({ key: env.toLowerCase().replaceAll("_", "-"), as: { env } })),
    { key: "state-passphrase", as: { variable: "state_passphrase" } },
    ...(stacks.some(isOfCloud) ? [{ key: "clouds", as: { file: "clouds.yaml", env: "OS_CLIENT_CONFIG_FILE" } }] : []),
    ...(stacks.every(isOfCloud) ? [] : [{ key: "kubeconfig", as: { file: "kubeconfig", env: "KUBE_CONFIG_PATH" } }]),
  ];
}

/** What the backend of each kind takes from the environment. */
const stateKeys = {
  s3: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
  http: ["TF_HTTP_USERNAME", "TF_HTTP_PASSWORD"],
  pg: ["PG_CONN_STR"],
} as const;

/** From where engines take providers. Not tried: a registry may lead elsewhere. */
const registries = ["registry.opentofu.org", "github.com", "release-assets.githubusercontent.com"];

/** Places in which runners may also reach what follows from all sites: the stores of states, and the APIs of clouds. */
export function withRunnerNeeds(places: readonly PlaceEntry[]): readonly PlaceEntry[] {
  const runners = runnersOf(places);
  return places.map((place) => {
    const mine = runners.filter(({ at }) => at.id === place.id);
    return mine.length === 0
      ? place
      : { ...place, needs: [...place.needs, ...place.gitops.map((said) => needOf(said, mine))] };
  });
}

function needOf({ said, because }: Said<StatedGitops>, runners: readonly Runner[]): Said<FlowNeed> {
  const urls = runners.flatMap(({ place, stacks }) => [
    ...(stacks.some(({ kind }) => kind === "tenancy") ? place.site.cloud.api : []),
    ...storeOf(place),
  ]);
  const names = [...new Set([...registries, ...urls.map((url) => new URL(url).hostname)])].sort();
  return {
    because,
    said: {
      need: "flow",
      from: { workload: said.runner.workload },
      to: { outside: "internet" },
      traffic: tcp(443),
      through: "forward-proxy",
      names,
      why: "engines ask clouds, stores of states and registries of providers",
    },
  };
}

const storeOf = ({ tenancy: { state } }: PlaceEntry): readonly string[] =>
  state.kind === "s3"
    ? [state.endpoint ?? `https://s3.${state.region}.amazonaws.com`]
    : state.kind === "http"
      ? [state.address]
      : [];
