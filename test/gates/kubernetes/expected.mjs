// What has to come of the fixture, and of mistakes in it. Paths begin with the address; an item of a list is its number.
const server = "kubernetes_deployment_v1.ecflow_server.spec.template.spec";
const policy = "kubernetes_network_policy_v1.ecflow_policy.spec";
const service = "kubernetes_service_v1.ecflow_service";
const settings = "kubernetes_config_map_v1.settings";
const feed = "kubernetes_secret_v1.feed";

/** What stands in objects. @type {[path: string, value: unknown][]} */
export const sent = [
  [
    `${service}.metadata`,
    { name: "ecflow", namespace: "experiments", annotations: { "prometheus.io/scrape": "true" } },
  ],
  [`${service}.spec.clusterIP`, "None"],
  [`${service}.spec.externalIPs`, ["192.0.2.10"]],
  [`${service}.spec.ports.0`, { name: "ecflow", port: 3141, protocol: "TCP", targetPort: "ecflow" }],
  [`${service}.spec.ports.1`, { name: "metrics", port: 9100, targetPort: 9100 }],
  ["kubernetes_network_policy_v1.nothing.spec", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }],
  [`${policy}.egress`, [{ ports: [{ port: 30000, endPort: 32767 }], to: [{ podSelector: {} }] }, {}]],
  [`${policy}.ingress.0.from.0.ipBlock`, { cidr: "10.68.0.0/20", except: ["10.68.1.0/24"] }],
  ["kubernetes_deployment_v1.ecflow_server.spec.replicas", 1],
  [
    "kubernetes_deployment_v1.ecflow_server.spec.strategy",
    { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: "50%" } },
  ],
  ["kubernetes_deployment_v1.ecflow_server.spec.selector", { matchLabels: { "app.kubernetes.io/name": "ecflow" } }],
  [
    `${server}.containers.0.env.2`,
    { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "feed", key: "password" } } },
  ],
  [`${server}.containers.0.livenessProbe`, { initialDelaySeconds: 10, tcpSocket: { port: "ecflow" } }],
  [
    `${server}.containers.1.securityContext`,
    {
      ...{ allowPrivilegeEscalation: true, privileged: false, readOnlyRootFilesystem: false, runAsNonRoot: false },
      runAsUser: 1001,
    },
  ],
  [`${server}.volumes.1.configMap.items`, [{ key: "log_level", mode: 0o400, path: "level" }]],
  [
    `${server}.volumes.3.projected.sources`,
    [
      { serviceAccountToken: { audience: "vault", expirationSeconds: 600, path: "token" } },
      { configMap: { name: "settings" } },
      { secret: { name: "feed" } },
    ],
  ],
  ["kubernetes_stateful_set_v1.store.spec.revisionHistoryLimit", 0],
  ["kubernetes_stateful_set_v1.store.spec.template.spec.automountServiceAccountToken", true],
  [
    "kubernetes_daemon_set_v1.collector.spec.updateStrategy",
    { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
  ],
  ["kubernetes_job_v1.once.spec.template.spec.restartPolicy", "Never"],
  ["kubernetes_cron_job_v1.nightly.spec.timeZone", "Etc/UTC"],
  ["kubernetes_storage_class_v1.cinder.provisioner", "cinder.csi.openstack.org"],
  ["kubernetes_storage_class_v1.cinder.allowVolumeExpansion", true],
  ["kubernetes_persistent_volume_v1.software.spec.nfs", { server: "10.68.2.10", path: "/software", readOnly: true }],
  [`${feed}.stringData`, { password: "var.feed_password" }],
  ["kubernetes_default_service_account_v1.default.metadata", { name: "default", namespace: "experiments" }],
];

/** What somebody writes into a stack, or takes out of it, and what is told. @type {[what: string, path: string, value: unknown, told: RegExp][]} */
export const mistakes = [
  ["a type that is not offered", "kubernetes_manifest", { a: { manifest: {} } }, /kubernetes_manifest\.a/],
  ["an older name of a type", "kubernetes_role", { a: {} }, /kubernetes_role\.a: .*kubernetes_role_v1/],
  ["an argument that nobody knows", `${server}.colour`, "red", /template\.spec\.colour/],
  ["a volume that is no longer mounted", `${server}.volume.0.rbd`, { rbd_image: "a" }, /volume\.rbd/],
  ["truth that is none", `${server}.container.0.security_context.privileged`, "maybe", /\.privileged: bool/],
  ["a user by name", `${server}.security_context.run_as_user`, "root", /run_as_user: "root" · a whole number/],
  ["a mode that is not octal", `${server}.volume.1.config_map.default_mode`, "440", /default_mode: "440, and not 0/],
  ["a word that is none", `${server}.container.0.image_pull_policy`, "Some", /image_pull_policy: "Some" · Always/],
  ["a word in small letters", `${policy}.ingress.0.ports.0.protocol`, "tcp", /ports\[0\]\.protocol: "tcp" · TCP/],
  ["a quantity that is none", `${server}.container.0.resources.limits.memory`, "512 MB", /"512 MB" · a quantity/],
  [
    "two blocks of which one is sent",
    `${server}.container.0.liveness_probe.tcp_socket.1`,
    { port: "a" },
    /only the first/,
  ],
  [
    "what the provider takes and does not send",
    "kubernetes_horizontal_pod_autoscaler_v2.web_scale.spec.target_cpu_utilization_percentage",
    80,
    /HorizontalPodAutoscalerSpec of Kubernetes has nothing of the name/,
  ],
  [
    "a block without its CIDR",
    `${policy}.ingress.0.from.0.ip_block.cidr`,
    undefined,
    /from\.0\.ipBlock: 'cidr' is a re/,
  ],
  [
    "a probe without its port",
    `${server}.container.0.startup_probe.http_get.port`,
    undefined,
    /httpGet: 'port' is a re/,
  ],
  [
    "a reference to nothing",
    `${settings}.metadata.namespace`,
    "${kubernetes_namespace_v1.a.id}",
    /metadata\.namespace/,
  ],
  [
    "a function, which nobody evaluates here",
    `${settings}.data.log_level`,
    '${upper("info")}',
    /settings: unknown here: /,
  ],
  ["no name", "kubernetes_role_binding_v1.readers.metadata.name", undefined, /readers\.metadata: it has no name/],
  ["the name of another", "kubernetes_network_policy_v1.nothing.metadata.name", "ecflow", /has the same name/],
  [
    "a secret in the file",
    `${feed}.data_wo.password`,
    "of the feed",
    /data_wo\.password: a secret comes from a variable/,
  ],
  ["a secret in the state", `${feed}.data`, { password: "of the feed" }, /no secret in a file or in state/],
  ["a secret that is never sent", `${feed}.data_wo_revision`, undefined, /data_wo: nothing is sent without a revision/],
  ["a loop", `${service}.for_each`, "${toset([])}", /for_each: unknown here/],
];

/** The same for objects, which kubernetes-validate alone has to find. @type {typeof mistakes} */
export const wrong = [
  ["a name as the provider has it", `${service}.spec.cluster_ip`, "None", /'cluster_ip' was unexpected/],
  ["text for truth", `${server}.containers.0.securityContext.privileged`, "yes", /privileged: 'yes' is not of type/],
  ["text for a number", "kubernetes_stateful_set_v1.store.spec.replicas", "3", /replicas: '3' is not of type/],
  ["a version that is gone", "kubernetes_ingress_v1.web.apiVersion", "extensions/v1beta1", /Couldn't find schema/],
  ["no containers", `${server}.containers`, undefined, /template\.spec: 'containers' is a required property/],
];
