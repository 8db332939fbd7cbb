import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

const [reads, writes] = [
  ["get", "list", "watch"],
  ["get", "list", "watch", "create", "update", "patch", "delete"],
];

/** Of the chart's name; it makes the account, and by `rbac` none of its roles. */
export const controllerAccount = "tofu-controller";

/** What the chart would allow in the whole cluster, in one namespace. @see tofu-controller 0.16.5, charts/tofu-controller/templates/rbac.yaml */
const controllerRules = [
  {
    apiGroups: ["infra.contrib.fluxcd.io"],
    resources: ["terraforms", "terraforms/status", "terraforms/finalizers"],
    verbs: writes,
  },
  {
    apiGroups: ["source.toolkit.fluxcd.io"],
    resources: ["buckets", "gitrepositories", "ocirepositories"],
    verbs: reads,
  },
  { apiGroups: [""], resources: ["pods", "configmaps", "secrets"], verbs: writes },
  { apiGroups: [""], resources: ["serviceaccounts"], verbs: reads },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: writes },
];

/** Plans are kept as Secrets, and as ConfigMaps to be read. States are elsewhere, so no lease is needed. */
const runnerRules = [{ apiGroups: [""], resources: ["configmaps", "secrets"], verbs: writes }];

export interface GitopsRolesProps {
  readonly namespace: string;
  /** Accounts of runners. */
  readonly accounts: readonly string[];
}

/** Who plans and applies, and what they may ask of the API: nothing outside of their namespace. */
export class GitopsRoles extends Construct {
  /** What has to be there before the controller. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { namespace, accounts }: GitopsRolesProps) {
    super(scope, id);
    const bind = (name: string, rule: (typeof controllerRules)[number][], subjects: readonly string[]) => {
      const metadata = { name, namespace };
      const role = new RoleV1(this, `${name}-role`, { metadata, rule });
      return new RoleBindingV1(this, `${name}-binding`, {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
        subject: subjects.map((subject) => ({ kind: "ServiceAccount", name: subject, namespace })),
      });
    };
    const runners = accounts.map(
      (name) =>
        // The program in the pod speaks to the API as it.
        new ServiceAccountV1(this, name, { metadata: { name, namespace }, automountServiceAccountToken: true }).metadata
          .name,
    );
    this.ready = [
      bind(controllerAccount, controllerRules, [controllerAccount]),
      ...(runners.length > 0 ? [bind("tofu-runner", runnerRules, runners)] : []),
    ];
  }
}
