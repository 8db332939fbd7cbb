import { createHash } from "node:crypto";
import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ClusterRoleV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { literal } from "../../engine/literal";
import { keep } from "../../engine/stateful";
import type { VolumeClasses } from "../../model/site/cluster";
import type { Service } from "../../model/site/need";
import type { StatedRule, StatedWorkload } from "../../model/site/workload";
import type { Environment } from "../../model/words/environment";
import type { Kept } from "./kept";
import { keyOf } from "./key";
import type { HostAlias } from "./names";
import { claimName, labelsOf, podOf } from "./pod";
import type { Variable } from "./proxy";
import { sizeOf } from "./quantity";
import { serviceOf } from "./service";

/** Each takes as long to load as ten others together: only what is used is. */
const kinds = {
  Deployment: () =>
    require("@cdktf/provider-kubernetes/lib/deployment-v1") as typeof import("@cdktf/provider-kubernetes/lib/deployment-v1"),
  StatefulSet: () =>
    require("@cdktf/provider-kubernetes/lib/stateful-set-v1") as typeof import("@cdktf/provider-kubernetes/lib/stateful-set-v1"),
  Job: () => require("@cdktf/provider-kubernetes/lib/job-v1") as typeof import("@cdktf/provider-kubernetes/lib/job-v1"),
  CronJob: () =>
    require("@cdktf/provider-kubernetes/lib/cron-job-v1") as typeof import("@cdktf/provider-kubernetes/lib/cron-job-v1"),
};

export interface WorkloadProps {
  readonly workload: StatedWorkload;
  readonly environment: Environment;
  /** The classes of volumes of its cluster. */
  readonly volumes?: VolumeClasses;
  /** As others refer to it, so that it is there before. */
  readonly namespace: string;
  /** By which what belongs to the whole cluster is told from that of others: `lumi-production`. */
  readonly place: string;
  /** What it has of Vault. */
  readonly kept: readonly Kept[];
  /** Variables by which it goes out through the forward proxy. */
  readonly proxy: readonly Variable[];
  /** Names of hosts that it meets straight. */
  readonly aliases: readonly HostAlias[];
  /** What its pods listen on, for others. */
  readonly services: readonly Service[];
  /** What has to be there before its pods: what opens them. */
  readonly after: readonly ITerraformDependable[];
}

/** A program on a cluster: its account, its files, its pods, and where others meet them. */
export class Workload extends Construct {
  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id);
    const { workload, environment, namespace, place, kept, proxy, aliases, services, after } = props;
    const account = this.addAccount(workload, namespace, place);
    const files = this.addFiles(workload, namespace);
    const said = JSON.stringify(workload.containers.map((container) => container.files));
    const revision = createHash("sha256").update(said).digest("hex").slice(0, 12);
    const pod = podOf({ workload, environment, account, files, kept, proxy, aliases, revision });
    this.addPods(props, pod, [...after]);
    for (const service of services)
      new ServiceV1(this, `service-${service.service}`, serviceOf({ service, labels: labelsOf(workload), namespace }));
  }

  /** One of its own, which may do nothing but what is stated. */
  private addAccount({ workload, api }: StatedWorkload, namespace: string, place: string): string {
    const account = new ServiceAccountV1(this, "account", {
      metadata: { name: workload, namespace },
      automountServiceAccountToken: false,
    });
    const { name } = account.metadata;
    const subject = [{ kind: "ServiceAccount", name, namespace }];
    const [here, everywhere] = [api.filter((rule) => !rule.everywhere), api.filter((rule) => rule.everywhere)];
    if (here.length > 0) {
      const role = new RoleV1(this, "role", { metadata: { name: workload, namespace }, rule: here.map(ruleOf) });
      const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name };
      new RoleBindingV1(this, "binding", { metadata: { name: workload, namespace }, roleRef, subject });
    }
    if (everywhere.length > 0) {
      const metadata = { name: `databridge-${place}-${workload}` };
      const role = new ClusterRoleV1(this, "cluster-role", { metadata, rule: everywhere.map(ruleOf) });
      const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name };
      new ClusterRoleBindingV1(this, "cluster-binding", { metadata, roleRef, subject });
    }
    return name;
  }

  /** @returns the name of the ConfigMap of each container that has files */
  private addFiles({ workload, containers }: StatedWorkload, namespace: string): Readonly<Record<string, string>> {
    return Object.fromEntries(
      containers
        .filter(({ files }) => Object.keys(files).length > 0)
        .map(({ name, files }) => {
          const map = new ConfigMapV1(this, `files-${name}`, {
            metadata: { name: `${workload}-${name}`, namespace },
            data: Object.fromEntries(Object.entries(files).map(([path, text]) => [keyOf(path), literal(text)])),
          });
          return [name, map.metadata.name];
        }),
    );
  }

  private addPods(
    { workload, namespace, volumes }: WorkloadProps,
    template: ReturnType<typeof podOf>,
    dependsOn: ITerraformDependable[],
  ): void {
    const { workload: name, runs } = workload;
    const metadata = {
      name,
      namespace,
      labels: labelsOf(workload),
      annotations: {
        "databridge/why": literal(workload.why),
        ...("suspended" in runs && runs.suspended ? { "databridge/suspended": literal(runs.suspended) } : {}),
      },
    };
    const selector = { matchLabels: labelsOf(workload) };
    const timeouts = { create: "5m", update: "10m", delete: "5m" };
    if (runs.kind === "Deployment") {
      new (kinds.Deployment().DeploymentV1)(this, "Resource", {
        metadata,
        spec: {
          replicas: `${runs.replicas}`,
          selector,
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "1", maxUnavailable: "0" } },
          revisionHistoryLimit: 3,
          template,
        },
        timeouts,
        dependsOn,
      });
      // Of one pod, none could ever be moved.
      if (runs.replicas > 1)
        new PodDisruptionBudgetV1(this, "budget", {
          metadata: { name, namespace },
          spec: { maxUnavailable: "1", selector },
        });
    } else if (runs.kind === "StatefulSet") {
      // By it, each pod has a name. What it listens on for others may well be called as it is.
      const names = `${name}-pods`;
      new ServiceV1(this, "names", {
        metadata: { name: names, namespace },
        spec: { selector: labelsOf(workload), clusterIp: "None", publishNotReadyAddresses: true },
        waitForLoadBalancer: false,
      });
      const set = new (kinds.StatefulSet().StatefulSetV1)(this, "Resource", {
        metadata,
        spec: {
          replicas: `${runs.replicas}`,
          serviceName: names,
          selector,
          podManagementPolicy: "OrderedReady",
          revisionHistoryLimit: 3,
          updateStrategy: [{ type: "RollingUpdate" }],
          persistentVolumeClaimRetentionPolicy: [
            { whenDeleted: runs.volume.fate === "keep" ? "Retain" : "Delete", whenScaled: "Retain" },
          ],
          volumeClaimTemplate: [
            {
              metadata: { name: claimName },
              spec: {
                accessModes: ["ReadWriteOnce"],
                ...(volumes ? { storageClassName: volumes[runs.volume.fate] } : {}),
                resources: { requests: { storage: sizeOf(runs.volume.size) } },
              },
            },
          ],
          template,
        },
        timeouts: { create: "10m", update: "20m", delete: "10m" },
        dependsOn,
      });
      if (runs.volume.fate === "keep") keep(set, "claims");
    } else {
      // A job that failed is looked at by people: it is not begun again by itself, and stays for a while.
      const job = {
        backoffLimit: 0,
        activeDeadlineSeconds: runs.deadline.seconds,
        template: { metadata: template.metadata, spec: template.spec },
      };
      if (runs.kind === "Job")
        new (kinds.Job().JobV1)(this, "Resource", {
          metadata: { ...metadata, name: `${name}-${runs.generation}` },
          spec: job,
          waitForCompletion: false,
          // Another pod would be another job under the same name: it runs once for each generation, whatever else changes.
          lifecycle: { ignoreChanges: ["spec"] },
          timeouts: { create: "5m", update: "5m" },
          dependsOn,
        });
      else
        new (kinds.CronJob().CronJobV1)(this, "Resource", {
          metadata,
          spec: {
            schedule: runs.schedule,
            timezone: "Etc/UTC",
            ...(runs.suspended === undefined ? {} : { suspend: true }),
            concurrencyPolicy: "Forbid",
            startingDeadlineSeconds: 3600,
            successfulJobsHistoryLimit: 3,
            failedJobsHistoryLimit: 3,
            jobTemplate: { metadata: { labels: labelsOf(workload) }, spec: job },
          },
          timeouts: { delete: "5m" },
          dependsOn,
        });
    }
  }
}

const ruleOf = ({ groups, resources, verbs }: StatedRule) => ({
  apiGroups: [...groups],
  resources: [...resources],
  verbs: [...verbs],
});
