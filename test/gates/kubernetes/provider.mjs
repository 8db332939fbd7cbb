// What the Kubernetes provider does that neither its schema nor Kubernetes' says: read in its source, 2.38.0, where each
// `expand…` makes an object. Definitions are named as in the API, arguments as in Terraform.

/** @typedef {Record<string, any>} Part what is sent of a definition */

/** Arguments that are called otherwise, or are none of their own: what stands in those stands beside them. */
export const renamed = {
  "DaemonSetSpec.strategy": "updateStrategy",
  "Secret.data": "stringData",
  "Secret.data_wo": "stringData",
  "Secret.binary_data": "data",
  "Secret.binary_data_wo": "data",
  "StorageClass.storage_provisioner": "provisioner",
};
export const inlined = ["PersistentVolumeSpec.persistent_volume_source"];

/** What only the provider reads, of a resource itself. */
export const unsent = /^(id|timeouts|wait_\w+|\w+_wo_revision)$/;

/** Text that is sent in base64, and such that is an octal number. */
export const encoded = /^ca_bundle$/;
export const octal = /^(default_)?mode$/;

/**
 * What is sent though nobody says it, where Kubernetes by itself would take something else, or wants it to be said. Some of it
 * overrides: a container's `runAsNonRoot` that of its pod, a pod's `automountServiceAccountToken` that of its account. Other
 * defaults of the provider are those of Kubernetes.
 * @type {Record<string, Part | ((said: Part, within: readonly string[]) => Part)>}
 */
export const added = {
  // Where a block scales down, Kubernetes would wait for 300 seconds.
  HPAScalingRules: { stabilizationWindowSeconds: 0 },
  HTTPIngressPath: { pathType: "ImplementationSpecific" },
  JobSpec: ({ completionMode: by }) => ({
    ...{ completions: 1, parallelism: 1 },
    ...(by === "Indexed" ? { backoffLimitPerIndex: 0, maxFailedIndexes: 0 } : {}),
  }),
  ObjectReference: (_, within) => (within.at(-1) === "PersistentVolumeSpec" ? { namespace: "default" } : {}),
  PodFailurePolicyOnPodConditionsPattern: { status: "True" },
  PodSecurityContext: { runAsNonRoot: false },
  PodSpec: (_, within) => ({
    automountServiceAccountToken: true,
    restartPolicy: within.includes("JobSpec") ? "Never" : "Always",
  }),
  SeccompProfile: { type: "Unconfined" },
  SecurityContext: {
    ...{ allowPrivilegeEscalation: true, privileged: false, readOnlyRootFilesystem: false, runAsNonRoot: false },
  },
  // Kubernetes would keep 10.
  StatefulSetSpec: { revisionHistoryLimit: 0 },
  StorageClass: { allowVolumeExpansion: true },
  Subject: { namespace: "default" },
  TopologySpreadConstraint: { maxSkew: 1, whenUnsatisfiable: "DoNotSchedule" },
};

const few = `
Container.imagePullPolicy: Always IfNotPresent Never
Container.terminationMessagePolicy: File FallbackToLogsOnError
ContainerPort.protocol: TCP UDP
NetworkPolicyPort.protocol ServicePort.protocol: TCP UDP SCTP
CronJobSpec.concurrencyPolicy: Allow Forbid Replace
DaemonSetUpdateStrategy.type StatefulSetUpdateStrategy.type: RollingUpdate OnDelete
DeploymentStrategy.type: RollingUpdate Recreate
HTTPGetAction.scheme: HTTP HTTPS
HTTPIngressPath.pathType: ImplementationSpecific Prefix Exact
HostPathVolumeSource.type: DirectoryOrCreate Directory FileOrCreate File Socket CharDevice BlockDevice
JobSpec.completionMode: Indexed NonIndexed
LabelSelectorRequirement.operator ScopedResourceSelectorRequirement.operator: In NotIn Exists DoesNotExist
LimitRangeItem.type: Container Pod PersistentVolumeClaim
MetricSpec.type: ContainerResource External Object Pods Resource
MutatingWebhook.failurePolicy ValidatingWebhook.failurePolicy: Fail Ignore
MutatingWebhook.matchPolicy ValidatingWebhook.matchPolicy: Equivalent Exact
MutatingWebhook.reinvocationPolicy: Never IfNeeded
MutatingWebhook.sideEffects ValidatingWebhook.sideEffects: Unknown None Some NoneOnDryRun
NetworkPolicySpec.policyTypes: Ingress Egress
NodeSelectorRequirement.operator: In NotIn Exists DoesNotExist Gt Lt
PersistentVolumeClaimSpec.accessModes PersistentVolumeSpec.accessModes: ReadWriteOnce ReadOnlyMany ReadWriteMany ReadWriteOncePod
PersistentVolumeClaimSpec.volumeMode PersistentVolumeSpec.volumeMode: Block Filesystem
PersistentVolumeSpec.persistentVolumeReclaimPolicy StorageClass.reclaimPolicy: Recycle Retain Delete
PodFailurePolicyRule.action: FailIndex FailJob Ignore Count
PodOS.name: linux windows
PodSecurityContext.fsGroupChangePolicy: Always OnRootMismatch
PodSpec.dnsPolicy: ClusterFirst ClusterFirstWithHostNet Default None
PodSpec.restartPolicy: Always OnFailure Never
PriorityClass.preemptionPolicy: Never PreemptLowerPriority
ResourceQuotaSpec.scopes ScopedResourceSelectorRequirement.scopeName: Terminating NotTerminating BestEffort NotBestEffort PriorityClass
RoleRef.apiGroup: rbac.authorization.k8s.io
RoleRef.kind: Role ClusterRole
RuleWithOperations.operations: * CREATE UPDATE DELETE CONNECT
SeccompProfile.type: Localhost RuntimeDefault Unconfined
ServiceSpec.externalTrafficPolicy ServiceSpec.internalTrafficPolicy: Cluster Local
ServiceSpec.ipFamilies: IPv4 IPv6
ServiceSpec.ipFamilyPolicy: SingleStack PreferDualStack RequireDualStack
ServiceSpec.sessionAffinity: ClientIP None
ServiceSpec.type: ClusterIP ExternalName NodePort LoadBalancer
StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled: Retain Delete
StatefulSetSpec.podManagementPolicy: OrderedReady Parallel
StorageClass.volumeBindingMode: Immediate WaitForFirstConsumer
Subject.kind: ServiceAccount User Group
Toleration.effect: NoSchedule PreferNoSchedule NoExecute
Toleration.operator: Exists Equal
TopologySpreadConstraint.nodeAffinityPolicy TopologySpreadConstraint.nodeTaintsPolicy: Honor Ignore
TopologySpreadConstraint.whenUnsatisfiable: DoNotSchedule ScheduleAnyway
VolumeMount.mountPropagation: None HostToContainer Bidirectional
`;

/**
 * Words of which there are few, which OpenAPI leaves out: the provider refuses most others before it asks anybody, the server
 * the rest.
 * @type {Record<string, readonly string[]>}
 */
export const words = Object.fromEntries(
  [...few.matchAll(/^(.+): (.+)$/gm)].flatMap(([, of = "", said = ""]) =>
    of.split(" ").map((name) => [name, said.split(" ")]),
  ),
);
