import { z } from "zod";
import { type Component, component } from "../../model/site/component";
import { type Need, tcp } from "../../model/site/need";
import type { ChartSpec } from "../../model/site/release";
import { type Fields, url } from "../../model/words/parse";
import { gib } from "../../model/words/quantity";
import { priority, toApi } from "../services/spec";

export interface GitopsOptions {
  /** What it follows: the repository of the platform, by HTTPS. */
  readonly repository: string;
}

const schema = z.strictObject({ repository: url("the repository of the platform") } satisfies Fields<GitopsOptions>);

/** One place for what is installed. Digests were not asked for yet, and the chart of Flux is of its community. @see releases of each */
const charts: Readonly<Record<"flux" | "tofu-controller", ChartSpec>> = {
  flux: { repository: "oci://ghcr.io/fluxcd-community/charts", name: "flux2", version: "2.17.0" },
  "tofu-controller": { repository: "oci://ghcr.io/flux-iac/charts", name: "tofu-controller", version: "0.16.5" },
};

/** Controllers of Flux that are used: what fetches, what applies, and what tells. */
const controllers = ["source-controller", "kustomize-controller", "notification-controller"];

/** Jobs before an installation and an upgrade: they ask the API whether it fits. */
const hooks = { "app.kubernetes.io/part-of": "flux", "app.kubernetes.io/instance": "flux-system" };

/** Labels that tofu-controller gives the pods in which engines run. */
const runner = { "app.kubernetes.io/created-by": "tf-controller", "app.kubernetes.io/name": "tf-runner" };

/**
 * The engine that coordinates deployments of all sites: Flux follows the repository, tofu-controller plans and applies stacks in pods
 * of their own. What it applies is stated elsewhere: it stands here, and has nothing to do yet.
 */
export const gitops = (options: GitopsOptions): Component =>
  component(
    "gitops",
    "gitops",
    { schema, input: options, fallback: { repository: "https://example.org" } },
    ({ repository }) => ({
      namespaces: [
        {
          namespace: "flux-system",
          stack: "control-plane",
          // Runners too: one for each stack that is planned at the moment.
          quota: { milliCpu: 12_000, memory: gib(40), pods: 60 },
          // A runner that says nothing: an engine, and the providers of a stack.
          container: gib(1),
          why: "coordinates deployments of all sites",
        },
      ],
      releases: [
        {
          release: "flux",
          namespace: "flux-system",
          chart: charts.flux,
          images: ["ghcr.io"],
          values: {
            installCRDs: true,
            // Who states an object says as whom it is made; by default that is nobody who may do anything.
            multitenancy: { enabled: true, privileged: false, defaultServiceAccount: "default" },
            policies: { create: false },
            helmController: { create: false },
            imageAutomationController: { create: false },
            imageReflectionController: { create: false },
            sourceController: controller(100, 256),
            kustomizeController: controller(100, 256),
            notificationController: controller(50, 128),
          },
          pods: [
            ...controllers.map((app) => ({ workload: app, labels: { app } })),
            { workload: "flux-hooks", labels: hooks },
          ],
          proxyEnv: ["sourceController.extraEnv"],
          why: "follows the repository of the platform",
        },
        {
          release: "tofu-controller",
          namespace: "flux-system",
          chart: charts["tofu-controller"],
          images: ["ghcr.io"],
          values: {
            replicaCount: 1,
            // How many stacks are planned at once; each takes a runner.
            concurrency: 24,
            watchAllNamespaces: false,
            allowCrossNamespaceRefs: false,
            allowBreakTheGlass: false,
            awsPackage: { install: false },
            branchPlanner: { enabled: false },
            priorityClassName: priority,
            resources: { requests: { cpu: "200m", memory: "256Mi" }, limits: { memory: "1Gi" } },
            runner: { serviceAccount: { allowedNamespaces: ["flux-system"] } },
          },
          after: ["flux"],
          pods: [
            {
              workload: "tofu-controller",
              labels: { "app.kubernetes.io/instance": "tofu-controller", "app.kubernetes.io/name": "tofu-controller" },
            },
            { workload: "tofu-runner", labels: runner },
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
          names: [new URL(repository).hostname],
          why: "the repository of the platform is followed",
          option: "repository",
        },
        ...["kustomize-controller", "tofu-controller", "tofu-runner"].map((workload) =>
          meets(workload, "flux-source", `${workload} takes what was fetched`),
        ),
        ...["source-controller", "kustomize-controller", "tofu-controller"].map((workload) =>
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
