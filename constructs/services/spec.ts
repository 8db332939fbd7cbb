import { z } from "zod";
import { type Component, component, type Place } from "../../model/site/component";
import { type Need, type Service, tcp } from "../../model/site/need";
import { home, type PlaceName, placeName } from "../../model/site/place-name";
import type { ChartSpec } from "../../model/site/release";
import type { Fields } from "../../model/words/parse";
import { gib } from "../../model/words/quantity";

/** Certificates and secrets of Vault for pods of a cluster. */
export interface SharedServicesOptions {
  /** Where Vault is. @default - home's production */
  readonly vault?: PlaceName;
}

const schema = z.strictObject({
  vault: placeName("name one").default(home),
} satisfies Fields<SharedServicesOptions>);

/** One place for what is installed. Their digests were not asked for yet: `crane digest` tells them. @see releases of each */
const charts: Readonly<Record<"cert-manager" | "external-secrets", ChartSpec>> = {
  "cert-manager": { repository: "oci://quay.io/jetstack/charts", name: "cert-manager", version: "v1.20.2" },
  "external-secrets": {
    repository: "oci://ghcr.io/external-secrets/charts",
    name: "external-secrets",
    version: "2.6.0",
  },
};

/** What other pods of a cluster count on: certificates from Vault, and secrets of Vault where pods can read them. */
export const sharedServices = (options: SharedServicesOptions = {}): Component =>
  component("services", "services", { schema, input: options }, ({ vault }, here) => ({
    unobserved: "that its pods are there is seen with those of the whole cluster; what they measure nobody asks",
    namespaces: [
      namespace("cert-manager", "certificates of Vault, renewed", here),
      namespace("external-secrets", "secrets of Vault, where pods read them", here),
    ],
    releases: [
      {
        release: "cert-manager",
        namespace: "cert-manager",
        chart: charts["cert-manager"],
        images: ["quay.io"],
        values: {
          crds: { enabled: true, keep: true },
          global: { priorityClassName: priority, leaderElection: { namespace: "cert-manager" } },
          replicaCount: 2,
          resources: sized(50, 128),
          webhook: { replicaCount: 2, securePort: webhookPort, resources: sized(25, 64) },
          cainjector: { resources: sized(25, 256) },
          // Its check at the start needs a way in of its own.
          startupapicheck: { enabled: false },
        },
        pods: ["controller", "webhook", "cainjector"].map((part) => ({
          workload: part === "controller" ? "cert-manager" : `cert-manager-${part}`,
          labels: { "app.kubernetes.io/instance": "cert-manager", "app.kubernetes.io/component": part },
        })),
        proxyEnv: ["extraEnv"],
        hostAliases: ["hostAliases"],
        why: "certificates of Vault for pods, renewed in time",
      },
      {
        release: "external-secrets",
        namespace: "external-secrets",
        chart: charts["external-secrets"],
        images: ["ghcr.io"],
        values: {
          installCRDs: true,
          priorityClassName: priority,
          replicaCount: 2,
          leaderElect: true,
          resources: sized(50, 256),
          webhook: { port: webhookPort, priorityClassName: priority, resources: sized(25, 64) },
          certController: { priorityClassName: priority, resources: sized(25, 128) },
        },
        pods: ["external-secrets", "external-secrets-webhook", "external-secrets-cert-controller"].map((name) => ({
          workload: name,
          labels: { "app.kubernetes.io/instance": "external-secrets", "app.kubernetes.io/name": name },
        })),
        proxyEnv: ["extraEnv"],
        hostAliases: ["hostAliases"],
        why: "secrets of Vault for pods, as they are read there",
      },
    ],
    services: ["cert-manager-webhook", "external-secrets-webhook"].map(
      (name): Service => ({
        service: name,
        on: { workload: name },
        traffic: tcp(webhookPort),
        auth: "tls",
        ownTrust: true,
      }),
    ),
    needs: [
      ...[
        "cert-manager",
        "cert-manager-webhook",
        "cert-manager-cainjector",
        "external-secrets",
        "external-secrets-webhook",
        "external-secrets-cert-controller",
      ].map((workload) => toApi(workload)),
      ...["cert-manager-webhook", "external-secrets-webhook"].map(
        (service): Need => ({
          need: "flow",
          from: { role: "cluster-server" },
          to: { service },
          why: "the API asks whether an object is sound",
        }),
      ),
      ...["cert-manager", "external-secrets"].map(
        (workload): Need => ({
          need: "flow",
          from: { workload },
          to: { service: "vault", at: vault },
          ...(here.site === vault.site && here.tenancy === vault.tenancy ? {} : { through: "forward-proxy" }),
          why: `${workload} asks Vault`,
          option: "vault",
          acrossEnvironments: true,
        }),
      ),
    ],
  }));

/** Where webhooks listen; the charts' own choice. */
const webhookPort = 10250;

/** Beside the system's own: without them nobody else comes up. */
export const priority = "system-cluster-critical";

export const sized = (milliCpu: number, mib: number) => ({
  requests: { cpu: `${milliCpu}m`, memory: `${mib}Mi` },
  limits: { memory: `${2 * mib}Mi` },
});

/** Those of home serve all sites. */
export const namespace = (name: string, why: string, { site }: Place) => ({
  namespace: name,
  stack: site === home.site ? ("control-plane" as const) : ("services" as const),
  quota: { milliCpu: 2000, memory: gib(4), pods: 12 },
  why,
});

/** A controller works by the Kubernetes API alone. */
export const toApi = (workload: string): Need => ({
  need: "flow",
  from: { workload },
  to: { service: "cluster-api" },
  why: `${workload} works by the API of the cluster`,
});
