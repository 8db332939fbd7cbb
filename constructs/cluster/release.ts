import { Release as HelmRelease } from "@cdktf/provider-helm/lib/release";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { literal } from "../../engine/literal";
import type { Service } from "../../model/site/need";
import { isOfRegistry, type StatedRelease } from "../../model/site/release";
import { isRecord } from "../../model/words/record";
import type { HostAlias } from "./names";
import type { Variable } from "./proxy";
import { serviceOf } from "./service";

export interface ReleaseProps {
  readonly release: StatedRelease;
  /** As others refer to it, so that it is there before. */
  readonly namespace: string;
  /** Variables of pods that go out by the forward proxy of their tenancy. */
  readonly proxy: readonly Variable[];
  /** Names of hosts that its pods meet straight. */
  readonly aliases: readonly HostAlias[];
  /** Where its pods lead who asks for a name. */
  readonly routes: Values | undefined;
  /** What its pods listen on that the chart makes no service of: who comes in by a port of nodes. */
  readonly services: readonly Service[];
  readonly after: readonly ITerraformDependable[];
}

/** A chart of somebody else at one version, undone by itself if it does not come up; and objects of the kinds that it brings. */
export class Release extends Construct {
  /** Once this is there, all of it is. */
  readonly last: ITerraformDependable;

  constructor(
    scope: Construct,
    id: string,
    { release, namespace, proxy, aliases, routes, services, after }: ReleaseProps,
  ) {
    super(scope, id);
    const { release: name, chart, resources, timeout, definitions, pods, why } = release;
    const proxied = withAll(release.values, release.proxyEnv, proxy);
    const named = withAll(proxied, release.hostAliases, aliases);
    const values = release.routes && routes ? changed(named, release.routes.split("."), () => routes) : named;
    const installed = new HelmRelease(this, "Resource", {
      ...safely,
      name,
      namespace,
      ...addressOf(chart),
      ...(definitions ? {} : { skipCrds: true }),
      values: [literal(JSON.stringify(values, undefined, 2))],
      description: literal(why),
      waitForJobs: true,
      timeout: timeout.seconds,
      dependsOn: [...after],
    });
    for (const service of services) {
      const labels = pods.find(({ workload }) => "workload" in service.on && service.on.workload === workload)?.labels;
      if (labels) new ServiceV1(this, `service-${service.service}`, serviceOf({ service, labels, namespace }));
    }
    this.last =
      resources.length === 0
        ? installed
        : new Objects(this, "resources", {
            name: `${name}-resources`,
            namespace,
            objects: resources,
            why: `objects of kinds that ${name} brings`,
            after: [installed],
          }).release;
  }
}

/** In a registry, a digest takes the place of the version: nobody can exchange what it names. */
function addressOf(chart: StatedRelease["chart"]) {
  const { repository, name, version, digest } = chart;
  if (!isOfRegistry(chart)) return { repository, chart: name, version };
  return digest === undefined
    ? { chart: `${repository}/${name}`, version }
    : { chart: `${repository}/${name}@${digest}` };
}

export interface ObjectsProps {
  readonly name: string;
  readonly namespace: string;
  /** As Kubernetes takes them; nothing secret. */
  readonly objects: readonly Values[];
  readonly why: string;
  readonly after: readonly ITerraformDependable[];
}

/**
 * Objects of kinds that charts bring, by a chart of ours. Terraform's own way (`kubernetes_manifest`) asks the cluster for a kind when it
 * plans, and so cannot plan what another release will bring.
 */
export class Objects extends Construct {
  readonly release: HelmRelease;

  constructor(scope: Construct, id: string, { name, namespace, objects, why, after }: ObjectsProps) {
    super(scope, id);
    this.release = new HelmRelease(this, "Resource", {
      ...safely,
      name,
      namespace,
      chart: `\${path.module}/${chartFolder}`,
      values: [literal(JSON.stringify({ resources: objects }, undefined, 2))],
      description: literal(why),
      timeout: 300,
      dependsOn: [...after],
    });
  }
}

/** Values with something more at each of some paths. */
const withAll = (values: Values, paths: readonly string[], more: readonly unknown[]): Values =>
  more.length === 0
    ? values
    : paths.reduce(
        (all, path) => changed(all, path.split("."), (is) => [...(Array.isArray(is) ? is : []), ...more]),
        values,
      );

/** Values with something else at a path. */
function changed(values: Values, [key = "", ...path]: readonly string[], change: (is: unknown) => unknown): Values {
  const inner = values[key];
  return { ...values, [key]: path.length > 0 ? changed(isRecord(inner) ? inner : {}, path, change) : change(inner) };
}
type Values = Readonly<Record<string, unknown>>;

/** Waits until it is ready, and takes back what does not become so: nothing is left half done. */
const safely = { createNamespace: false, atomic: true, cleanupOnFail: true, wait: true, maxHistory: 5, lint: false };

/** The folder of our chart, beside the stack that uses it. */
const chartFolder = "chart";

/** Our chart: it makes what its values say, and knows nothing by itself. */
export const chartFiles: ReadonlyMap<string, string> = new Map([
  [
    `${chartFolder}/Chart.yaml`,
    "apiVersion: v2\nname: custom-resources\nversion: 1.0.0\ndescription: Objects of kinds that other charts bring\n",
  ],
  [`${chartFolder}/templates/resources.yaml`, "{{- range .Values.resources }}\n---\n{{ toYaml . }}\n{{- end }}\n"],
]);
