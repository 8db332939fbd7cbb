import type { PlaceEntry } from "../../model/entries";
import { graphOf } from "../../model/graph";
import { stacksLeftAlone } from "../../model/left-alone";
import type { Registers } from "../../model/registers";
import { type Runner, type RunnerKey, runnersOf } from "../../model/runners";
import { stackOrder } from "../../model/stack-order";
import type { StackEntry } from "../../model/stacks";
import type { Duration } from "../../model/words/quantity";
import { minutes } from "../../model/words/quantity";
import { fetchedBy } from "../cluster/fetched";
import { keyOf } from "../cluster/key";
import { proxyOf } from "../cluster/proxy";
import { backendText } from "./backend";

/** What a runner is sure to have, and the most it may take. */
export const runnerSize = { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "1Gi" } };

/** Objects of one tenancy, as Kubernetes takes them. */
export interface Deployment {
  readonly runner: Runner;
  readonly objects: readonly Readonly<Record<string, unknown>>[];
}

/**
 * What a controller at a place has to know: for each tenancy where its stacks are, what its runner reads, and the stacks.
 * @param all runners of the platform
 * @throws if one of them would apply what the controller stands on
 */
export function deploymentsFrom(
  at: PlaceEntry,
  registers: Registers,
  all: readonly Runner[] = runnersOf(registers.places),
): readonly Deployment[] {
  const runners = all.filter((runner) => runner.at.id === at.id);
  const [first] = runners;
  if (!first) return [];
  const graph = graphOf(registers);
  const order = stackOrder(graph);
  const held = stacksLeftAlone(registers);
  const bootstrap = new Set(graph.steps.flatMap((step) => (step.bootstrap && step.stack ? [step.stack] : [])));
  const proxy = proxyOf([first.by.runner.workload], at, registers);
  return runners.map((runner) => {
    const fetched = fetchedBy(runner.account, at, registers);
    const secret = fetched.kept[0]?.secret ?? runner.account;
    const stacks = runner.stacks.map((stack) => {
      if (bootstrap.has(stack.name)) throw new Error(`${stack.name} is what the controller stands on`);
      const after = order.get(stack.name) ?? [];
      return terraformOf(stack, { runner, secret, proxy, after, held: held.get(stack.name) });
    });
    return { runner, objects: [sourceOf(runner), ...fetched.objects, ...stacks] };
  });
}

interface TerraformProps {
  readonly runner: Runner;
  /** The Secret in which the cluster keeps what the runner reads. */
  readonly secret: string;
  readonly proxy: readonly { readonly name: string; readonly value: string }[];
  readonly after: readonly string[];
  readonly held: string | undefined;
}

/** @see tofu-controller 0.16.5, api/v1alpha2/terraform_types.go */
function terraformOf(
  { name, key, place }: StackEntry,
  { runner, secret, proxy, after, held }: TerraformProps,
): Readonly<Record<string, unknown>> {
  const { by, applies, account, keys } = runner;
  const files = keys.filter(({ as }) => "file" in as);
  return {
    apiVersion: "infra.contrib.fluxcd.io/v1alpha2",
    kind: "Terraform",
    metadata: {
      name,
      labels: labelsOf(place),
      annotations: {
        "databridge/owner": place.tenancy.owner,
        ...(held === undefined ? {} : { "databridge/held": held }),
      },
    },
    spec: {
      interval: shown(by.interval),
      retryInterval: shown(minutes(10)),
      sourceRef: { kind: "OCIRepository", name: sourceName(runner) },
      path: `./stacks/${name}`,
      dependsOn: after.map((other) => ({ name: other })),
      backendConfig: { customConfiguration: backendText(place.tenancy.state, key) },
      // Nothing, where somebody has to name the plan: tfctl approve.
      approvePlan: applies === "at once" ? "auto" : "",
      planOnly: applies === "never",
      suspend: held !== undefined,
      disableDriftDetection: false,
      destroyResourcesOnDeletion: false,
      storeReadablePlan: "human",
      parallelism: 10,
      // Versions of providers are written in the stack, each one.
      upgradeOnInit: false,
      serviceAccountName: account,
      // An engine that is killed leaves what it made in no state.
      runnerTerminationGracePeriodSeconds: 600,
      varsFrom: keys.flatMap(({ key, as }) =>
        "variable" in as ? [{ kind: "Secret", name: secret, varsKeys: [`${keyed(key)}:${as.variable}`] }] : [],
      ),
      runnerPodTemplate: {
        spec: {
          env: [...proxy, ...keys.flatMap((each) => variableOf(each, secret))],
          resources: runnerSize,
          volumes: [
            {
              name: "credentials",
              secret: {
                secretName: secret,
                items: files.flatMap(({ key, as }) => ("file" in as ? [{ key: keyed(key), path: as.file }] : [])),
              },
            },
          ],
          volumeMounts: [{ name: "credentials", mountPath: folder, readOnly: true }],
        },
      },
    },
  };
}

/** Where a runner finds its files. */
const folder = "/run/databridge";

const keyed = (key: string): string => keyOf(`/${key}`);

function variableOf({ key, as }: RunnerKey, secret: string): readonly Readonly<Record<string, unknown>>[] {
  if ("variable" in as) return [];
  if ("file" in as) return [{ name: as.env, value: `${folder}/${as.file}` }];
  return [{ name: as.env, valueFrom: { secretKeyRef: { name: secret, key: keyed(key) } } }];
}

/** The output of a site that a pipeline has pushed: another site's change is no reason to plan this one's stacks. */
const sourceOf = (runner: Runner): Readonly<Record<string, unknown>> => ({
  apiVersion: "source.toolkit.fluxcd.io/v1",
  kind: "OCIRepository",
  metadata: { name: sourceName(runner), labels: labelsOf(runner.place) },
  spec: {
    interval: shown(minutes(5)),
    url: `${runner.by.artifacts}/${runner.place.site.name}`,
    ref: { tag: runner.place.tenancy.environment },
  },
});

const sourceName = ({ place }: Runner): string => place.id;

const labelsOf = ({ site, name, tenancy }: PlaceEntry) => ({
  "databridge/site": site.name,
  "databridge/tenancy": name,
  "databridge/environment": tenancy.environment,
});

/** As Go reads it. */
const shown = ({ seconds }: Duration): string => `${seconds}s`;
