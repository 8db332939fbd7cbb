import { basename } from "node:path/posix";
import type { DeploymentV1SpecTemplate } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { literal } from "../../engine/literal";
import { workloadLabel } from "../../model/pods";
import { keeperOf, type StatedContainer, type StatedWorkload } from "../../model/site/workload";
import type { Environment } from "../../model/words/environment";
import { grouped } from "../../model/words/grouped";
import { gib, mib, type Size } from "../../model/words/quantity";
import { foldersOf, type Kept } from "./kept";
import { keyOf } from "./key";
import type { HostAlias } from "./names";
import { classOf } from "./priority";
import type { Variable } from "./proxy";
import { coresOf, sizeOf } from "./quantity";

/** What a pod of ours is made of; Deployments, StatefulSets, Jobs and CronJobs take the same. */
export type PodTemplate = DeploymentV1SpecTemplate;

export interface PodProps {
  readonly workload: StatedWorkload;
  readonly environment: Environment;
  /** Names of the account, and of the ConfigMap of each container, as others refer to them. */
  readonly account: string;
  readonly files: Readonly<Record<string, string>>;
  /** What of Vault its containers have as files. */
  readonly kept: readonly Kept[];
  /** Variables by which it goes out through the forward proxy. */
  readonly proxy: readonly Variable[];
  /** Names of hosts that it meets straight. */
  readonly aliases: readonly HostAlias[];
  /** Changes with the files, so that pods are made anew for others. */
  readonly revision: string;
}

/** Labels of the pods of a workload; flows know them by the first. */
export const labelsOf = ({ workload }: StatedWorkload): Record<string, string> => ({
  [workloadLabel]: workload,
  "app.kubernetes.io/name": workload,
});

/**
 * A pod that Kubernetes takes at its level `restricted`. What the provider sends by itself is said here: of a container whose
 * `run_as_non_root` is left out it says `false`, and overrules the pod.
 * @see Kubernetes, Pod Security Standards
 */
export function podOf({
  workload,
  environment,
  account,
  files,
  kept,
  proxy,
  aliases,
  revision,
}: PodProps): PodTemplate {
  const { containers, user, runs, api } = workload;
  const claim = runs.kind === "StatefulSet" ? runs.volume : undefined;
  const folders = [...foldersOf(kept)];
  const keptBy = (container: StatedContainer) =>
    folders.flatMap(([path, mine]) => (keeperOf(workload, path) === container ? mine : []));
  const ends = runs.kind === "Job" || runs.kind === "CronJob";
  return {
    metadata: { labels: labelsOf(workload), annotations: { "databridge/files": revision } },
    spec: {
      serviceAccountName: account,
      automountServiceAccountToken: api.length > 0,
      enableServiceLinks: false,
      hostAliases: aliases.map(({ ip, hostnames }) => ({ ip, hostnames: [...hostnames] })),
      priorityClassName: classOf(environment),
      restartPolicy: ends ? "Never" : "Always",
      terminationGracePeriodSeconds: 60,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: `${user}`,
        runAsGroup: `${user}`,
        fsGroup: `${user}`,
        seccompProfile: { type: "RuntimeDefault" },
      },
      container: containers.map((container, i) => ({
        name: container.name,
        image: container.image,
        ...(container.command ? { command: literal([...container.command]) } : {}),
        ...(container.args ? { args: literal([...container.args]) } : {}),
        // What is secret comes first, since others may be made of it: $(NAME).
        env: [...variablesOfKept(keptBy(container)), ...variablesOf(container, proxy)],
        resources: {
          requests: {
            cpu: coresOf(container.milliCpu),
            memory: sizeOf(container.memory),
            ...(container.scratchSize ? { "ephemeral-storage": sizeOf(roomOf(container)) } : {}),
          },
          limits: { memory: sizeOf(container.memory) },
        },
        securityContext: {
          runAsNonRoot: true,
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          privileged: false,
          capabilities: { drop: ["ALL"] },
        },
        ...probesOf(container),
        volumeMount: [
          ...container.scratch.map((path, n) => ({ name: scratchOf(container, n), mountPath: path })),
          ...Object.keys(container.files)
            .sort()
            .map((path) => ({ name: filesOf(container), mountPath: path, subPath: keyOf(path), readOnly: true })),
          ...(claim && (i === 0 || container.volume) ? [{ name: claimName, mountPath: claim.path }] : []),
          ...folders.flatMap(([path], n) =>
            keeperOf(workload, path) === container ? [{ name: keptOf(n), mountPath: path, readOnly: true }] : [],
          ),
        ],
      })),
      volume: [
        ...folders.map(([, mine], n) => ({ name: keptOf(n), projected: [projectedOf(mine)] })),
        ...containers.flatMap((container) => [
          ...container.scratch.map((_, n) => ({
            name: scratchOf(container, n),
            emptyDir: { sizeLimit: sizeOf(container.scratchSize ?? mib(256)) },
          })),
          ...(files[container.name] === undefined
            ? []
            : [{ name: filesOf(container), configMap: { name: `${files[container.name]}` } }]),
        ]),
      ],
    },
  };
}

/** What was stated comes first: nobody is overruled. */
const variablesOf = ({ env, address }: StatedContainer, proxy: readonly Variable[]) => [
  ...Object.entries(env).map(([name, value]) => ({ name, value: literal(value) })),
  ...(address === undefined ? [] : [{ name: address, valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }]),
  ...proxy.filter(({ name }) => !Object.hasOwn(env, name)),
];

const variablesOfKept = (kept: readonly Kept[]) =>
  kept.flatMap(({ variable: name, secret, key }) =>
    name === undefined ? [] : [{ name, valueFrom: { secretKeyRef: { name: secret, key } } }],
  );

/** What all its scratch may hold: a pod is where a disk has that. */
const roomOf = ({ scratch, scratchSize }: StatedContainer): Size => gib(scratch.length * (scratchSize?.gib ?? 0));

const keptOf = (n: number): string => `kept-${n}`;

/** As whole folders: a file that is mounted alone would never see another value. */
const projectedOf = (kept: readonly Kept[]) => ({
  defaultMode: "0440",
  sources: [...grouped(kept, ({ secret }) => secret)].map(([name, mine]) => ({
    secret: [{ name, items: mine.map(({ key, file }) => ({ key, path: basename(file) })) }],
  })),
});

/** The volume of a stateful workload. */
export const claimName = "data";

const scratchOf = ({ name }: StatedContainer, n: number): string => `${name}-scratch-${n}`;
const filesOf = ({ name }: StatedContainer): string => `${name}-files`;

/** It gets traffic once it answers, and is made anew after it has not for a minute. */
function probesOf({ health }: StatedContainer) {
  if (!health) return {};
  const asking = (path: string | undefined) =>
    "http" in health
      ? { httpGet: { path: path ?? health.http, port: `${health.port}` } }
      : { tcpSocket: [{ port: `${health.tcp}` }] };
  return {
    readinessProbe: { ...asking("http" in health ? health.ready : undefined), periodSeconds: 10, timeoutSeconds: 5 },
    livenessProbe: {
      ...asking(undefined),
      periodSeconds: 20,
      timeoutSeconds: 5,
      failureThreshold: 3,
      initialDelaySeconds: 30,
    },
  };
}
