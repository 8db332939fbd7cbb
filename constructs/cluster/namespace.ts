import { LimitRangeV1 } from "@cdktf/provider-kubernetes/lib/limit-range-v1";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { ResourceQuotaV1 } from "@cdktf/provider-kubernetes/lib/resource-quota-v1";
import { Construct } from "constructs";
import type { NamespaceEntry } from "../../model/entries";
import { DefaultDeny } from "./network-policies";
import { classOf } from "./priority-classes";

/** Where others refer to, so that it is there before them. */
export interface INamespace {
  readonly name: string;
}

export interface TeamNamespaceProps {
  readonly entry: NamespaceEntry;
  /** What it is labelled with beside. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A namespace of a team: as much as its quota says, nothing privileged, and closed to everybody until flows open it. */
export class TeamNamespace extends Construct implements INamespace {
  readonly name: string;

  constructor(scope: Construct, id: string, { entry, labels }: TeamNamespaceProps) {
    super(scope, id);
    const { namespace: name, quota, security, environment, owner, why } = entry;
    const namespace = new NamespaceV1(this, "Resource", {
      metadata: {
        name,
        labels: {
          ...labels,
          "databridge/owner": owner,
          "databridge/environment": environment,
          "pod-security.kubernetes.io/enforce": security,
          "pod-security.kubernetes.io/warn": security,
          "pod-security.kubernetes.io/audit": security,
        },
        annotations: { "databridge/why": why },
      },
    });
    this.name = namespace.metadata.name;
    new ResourceQuotaV1(this, "quota", {
      metadata: { name: "all", namespace: this.name },
      spec: {
        hard: {
          "requests.cpu": `${quota.milliCpu}m`,
          "requests.memory": `${quota.memory.mib}Mi`,
          "limits.memory": `${quota.memory.mib}Mi`,
          pods: `${quota.pods}`,
          "requests.storage": quota.storage ? `${quota.storage.mib}Mi` : "0",
          // What is reached from outside is stated as a service: nobody opens a port of nodes by hand.
          "services.loadbalancers": "0",
        },
      },
    });
    // Whoever says nothing gets little, so that the quota can count it.
    new LimitRangeV1(this, "limits", {
      metadata: { name: "container", namespace: this.name },
      spec: {
        limit: [
          {
            type: "Container",
            default: { memory: "256Mi" },
            defaultRequest: { cpu: "50m", memory: "256Mi" },
          },
        ],
      },
    });
    new DefaultDeny(this, "deny", { namespace: this.name });
  }

  /** The class of its pods. */
  static priorityOf({ environment }: NamespaceEntry): string {
    return classOf(environment);
  }
}
