import { stringify } from "yaml";

/**
 * What the API writes down: who did what, and of what is secret never the content. Answers to health checks, and what nodes and
 * controllers look at all day, would hide the rest.
 * @see https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1
 */
export const auditPolicy = (header: string): string =>
  yaml(header, {
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    // Every request is written down once, when it is answered.
    omitStages: ["RequestReceived"],
    rules: [
      { level: "None", nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version"] },
      { level: "None", resources: [{ group: "", resources: ["events"] }, { group: "events.k8s.io" }] },
      // Before what is passed over: who reads a secret is written down, whoever it is.
      {
        level: "Metadata",
        resources: [
          { group: "", resources: ["secrets", "configmaps", "serviceaccounts/token"] },
          { group: "authentication.k8s.io", resources: ["tokenreviews"] },
        ],
      },
      {
        level: "None",
        userGroups: ["system:nodes", "system:serviceaccounts:kube-system"],
        verbs: ["get", "list", "watch"],
      },
      { level: "None", resources: [{ group: "coordination.k8s.io", resources: ["leases"] }] },
      {
        level: "Request",
        verbs: ["create", "update", "patch", "delete", "deletecollection"],
        resources: [{ group: "rbac.authorization.k8s.io" }, { group: "admissionregistration.k8s.io" }],
      },
      { level: "Metadata" },
    ],
  });

/**
 * Pods are restricted unless their namespace says otherwise. RKE2's own charts and jobs, and what moves the shared address, are in
 * kube-system, and nothing else is passed over.
 * @see https://docs.rke2.io/security/pod_security_standards
 */
export const podSecurity = (header: string): string =>
  yaml(header, {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AdmissionConfiguration",
    plugins: [
      {
        name: "PodSecurity",
        configuration: {
          apiVersion: "pod-security.admission.config.k8s.io/v1",
          kind: "PodSecurityConfiguration",
          defaults: Object.fromEntries(
            ["enforce", "audit", "warn"].flatMap((mode) => [
              [mode, "restricted"],
              [`${mode}-version`, "latest"],
            ]),
          ),
          exemptions: { usernames: [], runtimeClasses: [], namespaces: ["kube-system"] },
        },
      },
    ],
  });

/**
 * RKE2 does not start by its profile `cis` unless the kernel has these. A leading dash: a sandbox's host cannot set them, and RKE2
 * tells what is missing where it matters.
 * @see https://docs.rke2.io/security/hardening_guide, "Kernel parameters"
 */
export const kernel = (header: string): string =>
  [
    header,
    "-vm.panic_on_oom = 0",
    "-vm.overcommit_memory = 1",
    "-kernel.panic = 10",
    "-kernel.panic_on_oops = 1",
    "# Canal routes between pods and nodes.",
    "-net.ipv4.ip_forward = 1",
    "# What watches files of many pods needs more than a host alone.",
    "-fs.inotify.max_user_instances = 1024",
    "-fs.inotify.max_user_watches = 524288",
    "",
  ].join("\n");

const yaml = (header: string, value: unknown): string => `${header}\n${stringify(value, { lineWidth: 0 })}`;
