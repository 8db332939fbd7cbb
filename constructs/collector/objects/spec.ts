import { z } from "zod";
import { type Component, component } from "../../../model/site/component";
import { image } from "../../../model/site/workload";
import { podCollector as workload } from "../../../model/telemetry";
import type { DescribedFields } from "../../../model/words/assumed";
import type { Fields } from "../../../model/words/parse";
import { gib, mib } from "../../../model/words/quantity";
import { namespace, toApi } from "../../services/spec";
import { names } from "../places";
import { objectPanels } from "./panels";
import { files, healthPort } from "./places";
import { objectMetrics, objectRecordings, signalsOfObjects } from "./signals";

/** What tells of the objects of a cluster, and asks its pods. */
export interface ClusterCollectorOptions {
  /** The distribution `contrib` of the OpenTelemetry Collector, with its digest. */
  readonly image: string;
}

const schema = z.strictObject({ image } satisfies Fields<ClusterCollectorOptions>);
const fallback = { image: `example.org/it:0@sha256:${"0".repeat(64)}` };

const everywhere = (groups: readonly string[], resources: readonly string[]) => ({
  groups,
  resources,
  verbs: ["get", "list", "watch"] as const,
  everywhere: true,
});

/**
 * Tells of the objects of the tenancy's cluster: nodes that are not Ready, pods that are missing, jobs that failed, and events; and asks
 * pods for their metrics. It brings all that to the collector of the tenancy, which reaches no pod; what containers write comes by the nodes.
 */
export const clusterCollector = (options: DescribedFields<ClusterCollectorOptions>): Component =>
  component(workload, workload, { schema, input: options, fallback }, (is, here) => ({
    namespaces: [
      {
        ...namespace("telemetry", "tells of the objects of the cluster", here),
        quota: { milliCpu: 200, memory: gib(1), pods: 4 },
      },
    ],
    workloads: [
      {
        workload,
        namespace: "telemetry",
        // Of two, each would tell everything.
        runs: { kind: "Deployment", replicas: 1 },
        containers: [
          {
            name: workload,
            image: is.image,
            args: [`--config=${files.config}`],
            milliCpu: 100,
            memory: mib(256),
            scratch: [files.queue],
            health: { http: "/", port: healthPort },
          },
        ],
        // @see OpenTelemetry Collector, receiver k8s_cluster, "RBAC"
        api: [
          everywhere(
            [""],
            ["events", "namespaces", "nodes", "pods", "replicationcontrollers", "resourcequotas", "services"],
          ),
          everywhere(["apps"], ["daemonsets", "deployments", "replicasets", "statefulsets"]),
          everywhere(["batch"], ["cronjobs", "jobs"]),
          everywhere(["autoscaling"], ["horizontalpodautoscalers"]),
          everywhere(["events.k8s.io"], ["events"]),
        ],
        why: "tells of the objects of the cluster",
      },
    ],
    brought: [{ brought: "objects", by: { workload }, metrics: objectMetrics }],
    recordings: objectRecordings,
    panels: objectPanels,
    needs: [
      toApi(workload),
      {
        need: "flow",
        from: { workload },
        to: { service: names.logs },
        why: "metrics of objects, and events, are brought",
        remedy: "add collector()",
      },
      ...signalsOfObjects,
    ],
  }));
