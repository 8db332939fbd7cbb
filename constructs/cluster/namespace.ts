import { LimitRangeV1 } from "@cdktf/provider-kubernetes/lib/limit-range-v1";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { ResourceQuotaV1 } from "@cdktf/provider-kubernetes/lib/resource-quota-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { literal } from "../../engine/literal";
import type { NamespaceEntry } from "../../model/entries";
import { DefaultDeny } from "./network-policies";
import { coresOf, sizeOf } from "./quantity";
import { TeamView } from "./team-view";

export interface TeamNamespaceProps {
  readonly entry: NamespaceEntry;
  /** What it is labelled with beside. */
  readonly labels: Readonly<Record<string, string>>;
  /** Whether the API knows people by their groups. */
  readonly hasPeople: boolean;
}

/** A namespace of a team: as much as its quota says, nothing privileged, closed until flows open it, and for its people to look at. */
export class TeamNamespace extends Construct {
  /** As others refer to it, so that it is there before. */
  readonly name: string;
  /** What has to be there before any pod: what denies all, and what counts. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { entry, labels, hasPeople }: TeamNamespaceProps) {
    super(scope, id);
    const { namespace: name, quota, container, security, environment, owner, why } = entry;
    const namespace = new NamespaceV1(this, "Resource", {
      metadata: {
        name,
        labels: {
          ...labels,
          "databridge/environment": environment,
          "pod-security.kubernetes.io/enforce": security,
          "pod-security.kubernetes.io/warn": security,
          "pod-security.kubernetes.io/audit": security,
        },
        annotations: { "databridge/owner": literal(owner), "databridge/why": literal(why) },
      },
    });
    this.name = namespace.metadata.name;
    const counts = new ResourceQuotaV1(this, "quota", {
      metadata: { name: "all", namespace: this.name },
      spec: {
        hard: {
          "requests.cpu": coresOf(quota.milliCpu),
          "requests.memory": sizeOf(quota.memory),
          "limits.memory": sizeOf(quota.memory),
          pods: `${quota.pods}`,
          "requests.storage": quota.storage ? sizeOf(quota.storage) : "0",
          // What is reached from outside is stated as a service: nobody opens a port of nodes by hand.
          "services.loadbalancers": "0",
        },
      },
    });
    // Whoever says nothing gets little, so that the quota can count it.
    const limits = new LimitRangeV1(this, "limits", {
      metadata: { name: "container", namespace: this.name },
      spec: {
        limit: [
          {
            type: "Container",
            default: { memory: sizeOf(container) },
            defaultRequest: { cpu: "50m", memory: sizeOf(container) },
          },
        ],
      },
    });
    const { resource: denies } = new DefaultDeny(this, "deny", { namespace: this.name });
    if (hasPeople) new TeamView(this, "view", { namespace: this.name, owner });
    this.ready = [denies, counts, limits];
  }
}
