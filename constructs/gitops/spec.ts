import { z } from "zod";
import { type Component, component } from "../../model/site/component";
import { type Applies, appliesSchema, artifacts, interval } from "../../model/site/gitops";
import { type Need, tcp } from "../../model/site/need";
import type { ChartSpec } from "../../model/site/release";
import type { DescribedFields } from "../../model/words/assumed";
import type { Fields } from "../../model/words/parse";
import { type Duration, gib } from "../../model/words/quantity";
import { priority, toApi } from "../services/spec";

/** What coordinates deployments of all sites, and from which repository. */
export interface GitopsOptions {
  /** Below it a pipeline pushes the output of each site, `oci://registry.example.org/platform`; whoever may pull there is not asked who it is. */
  readonly artifacts: string;
  /** What becomes of plans, by environment: `"at once"`, `"approved"` or `"never"`. @default production is approved, all else is applied at once */
  readonly applies?: Applies;
  /** How often it looks whether a stack is as described. @default 4 hours */
  readonly interval?: Duration;
}

const schema = z.strictObject({
  artifacts,
  applies: appliesSchema.prefault({}),
  interval,
} satisfies Fields<GitopsOptions>);

/** One place for what is installed. Digests were not asked for yet, and the chart of Flux is of its community. @see releases of each */
const charts: Readonly<Record<"flux" | "tofu-controller", ChartSpec>> = {
  flux: { repository: "oci://ghcr.io/fluxcd-community/charts", name: "flux2", version: "2.17.0" },
  "tofu-controller": { repository: "oci://ghcr.io/flux-iac/charts", name: "tofu-controller", version: "0.16.5" },
};

const namespace = "flux-system";

/** How many stacks are planned at once; each takes a runner. */
export const concurrency = 24;

/** What all controllers and runners may take together: {@link concurrency} runners, and as much again for what is ending. */
export const quota = { milliCpu: 12_000, memory: gib(40), pods: 60 };

/** Controllers of Flux that are used: what fetches, and what tells. */
const controllers = ["source-controller", "notification-controller"];

/** Jobs before an installation and an upgrade: they ask the API whether it fits. */
const hooks = { "app.kubernetes.io/part-of": "flux", "app.kubernetes.io/instance": "flux-system" };

/** Labels that tofu-controller gives the pods in which engines run. @see tofu-controller 0.16.5, controllers/tf_controller_runner.go */
const runner = {
  workload: "tofu-runner",
  labels: { "app.kubernetes.io/created-by": "tofu-controller", "app.kubernetes.io/name": "tf-runner" },
};

/**
 * The engine that coordinates deployments of all sites: Flux fetches what a pipeline has pushed, tofu-controller plans and applies stacks
 * in pods of their own. Which stacks, in which order and as whom follows from the whole platform: terraform.ts.
 */
export const gitops = (options: DescribedFields<GitopsOptions>): Component =>
  component(
    "gitops",
    "gitops",
    { schema, input: options, fallback: { artifacts: "oci://registry.example.org/platform" } },
    (is) => ({
      unobserved: "that its pods are there is seen with those of the whole cluster; what they measure nobody asks",
      namespaces: [
        {
          namespace,
          stack: "control-plane",
          quota,
          // A runner that says nothing: an engine, and the providers of a stack.
          container: gib(1),
          why: "coordinates deployments of all sites",
        },
      ],
      gitops: [{ namespace, runner, ...is }],
      releases: [
        {
          release: "flux",
          namespace,
          chart: charts.flux,
          images: ["ghcr.io"],
          values: {
            installCRDs: true,
            // Who states an object says as whom it is made; by default that is nobody who may do anything.
            multitenancy: { enabled: true, privileged: false, defaultServiceAccount: "default" },
            policies: { create: false },
            helmController: { create: false },
            kustomizeController: { create: false },
            imageAutomationController: { create: false },
            imageReflectionController: { create: false },
            sourceController: controller(100, 256),
            notificationController: controller(50, 128),
          },
          pods: [
            ...controllers.map((app) => ({ workload: app, labels: { app } })),
            { workload: "flux-hooks", labels: hooks },
          ],
          proxyEnv: ["sourceController.extraEnv"],
          why: "fetches what pipelines push",
        },
        {
          release: "tofu-controller",
          namespace,
          chart: charts["tofu-controller"],
          images: ["ghcr.io"],
          values: {
            replicaCount: 1,
            concurrency,
            // Whoever waits for a runner waits for the quota too, and has not failed.
            quotaRetryEnabled: true,
            watchAllNamespaces: false,
            allowCrossNamespaceRefs: false,
            allowBreakTheGlass: false,
            awsPackage: { install: false },
            branchPlanner: { enabled: false },
            priorityClassName: priority,
            resources: { requests: { cpu: "200m", memory: "256Mi" }, limits: { memory: "1Gi" } },
            // The chart's own read and write every Secret of the cluster.
            rbac: { create: false },
            runner: { serviceAccount: { create: false, allowedNamespaces: [namespace] } },
          },
          after: ["flux"],
          pods: [
            {
              workload: "tofu-controller",
              labels: { "app.kubernetes.io/instance": "tofu-controller", "app.kubernetes.io/name": "tofu-controller" },
            },
          ],
          why: "plans and applies stacks",
        },
      ],
      services: [
        { service: "flux-source", on: { workload: "source-controller" }, traffic: tcp(9090), auth: "none" },
        { service: "flux-events", on: { workload: "notification-controller" }, traffic: tcp(9090), auth: "none" },
        // Between pods, by certificates that the controller makes for each.
        { service: "tofu-runner", on: { workload: "tofu-runner" }, traffic: tcp(30000), auth: "mtls", ownTrust: true },
      ],
      needs: [
        ...[...controllers, "flux-hooks", "tofu-controller", "tofu-runner"].map(toApi),
        {
          need: "flow",
          from: { workload: "source-controller" },
          to: { outside: "internet" },
          traffic: tcp(443),
          through: "forward-proxy",
          names: [new URL(is.artifacts.replace(/^oci:/, "https:")).hostname],
          why: "what pipelines push is fetched",
          option: "artifacts",
        },
        meets("tofu-controller", "flux-source", "tofu-controller takes what was fetched, and hands it to runners"),
        ...["source-controller", "tofu-controller"].map((workload) =>
          meets(workload, "flux-events", `${workload} tells what became of it`),
        ),
        meets("tofu-controller", "tofu-runner", "the controller has a runner plan and apply"),
      ],
    }),
  );

const controller = (milliCpu: number, mib: number) => ({
  priorityClassName: priority,
  resources: { requests: { cpu: `${milliCpu}m`, memory: `${mib}Mi` }, limits: { memory: `${4 * mib}Mi` } },
});

const meets = (workload: string, service: string, why: string): Need => ({
  need: "flow",
  from: { workload },
  to: { service },
  why,
});
