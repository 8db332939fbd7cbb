import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import { Construct } from "constructs";
import { literal } from "../../engine/literal";
import { groupOf } from "./people";

/**
 * What a team may look at, by group of the API. Kubernetes' own role `view` would be more with each chart that adds to it. No secrets, and
 * nothing by which one is in a pod: `exec`, `attach` and `portforward` are to create.
 * @see Kubernetes, RBAC, "User-facing roles"
 */
const seen: Readonly<Record<string, readonly string[]>> = {
  "": [
    ...["namespaces", "pods", "pods/log", "services", "endpoints", "configmaps", "serviceaccounts", "events"],
    ...["persistentvolumeclaims", "resourcequotas", "limitranges"],
  ],
  apps: ["deployments", "replicasets", "statefulsets", "daemonsets"],
  batch: ["jobs", "cronjobs"],
  policy: ["poddisruptionbudgets"],
  "networking.k8s.io": ["networkpolicies"],
  "discovery.k8s.io": ["endpointslices"],
  "events.k8s.io": ["events"],
  // Why a file of Vault is not there: what was asked for, never what was given.
  "external-secrets.io": ["secretstores", "externalsecrets"],
  "cert-manager.io": ["issuers", "certificates", "certificaterequests"],
};

export interface TeamViewProps {
  /** As others refer to it, so that it is there before. */
  readonly namespace: string;
  /** The team that answers for it. */
  readonly owner: string;
}

/** Lets people of the team that answers for a namespace look at what is in it. */
export class TeamView extends Construct {
  constructor(scope: Construct, id: string, { namespace, owner }: TeamViewProps) {
    super(scope, id);
    const metadata = { name: "databridge-view", namespace };
    const role = new RoleV1(this, "role", {
      metadata,
      rule: Object.entries(seen).map(([group, resources]) => ({
        apiGroups: [group],
        resources: [...resources],
        verbs: ["get", "list", "watch"],
      })),
    });
    const apiGroup = "rbac.authorization.k8s.io";
    new RoleBindingV1(this, "binding", {
      metadata,
      roleRef: { apiGroup, kind: "Role", name: role.metadata.name },
      subject: [{ apiGroup, kind: "Group", name: literal(groupOf(owner)) }],
    });
  }
}
