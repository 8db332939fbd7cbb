import { ComputeServergroupV2 } from "@cdktf/provider-openstack/lib/compute-servergroup-v2";
import { Construct } from "constructs";
import type { Apart } from "../../model/site/specs";

/** A server group, whoever made it. */
export interface IServerGroup {
  readonly serverGroupId: string;
}

/** How far apart the servers of a group stand. */
export interface ServerGroupProps {
  readonly name: string;
  /** Different hypervisors: always (`anti-affinity`), or where it can be (`soft-anti-affinity`). @default "anti-affinity" */
  readonly policy?: Apart["policy"];
}

/** Servers that do not share a hypervisor. */
export class ServerGroup extends Construct implements IServerGroup {
  /** A group that somebody else made. */
  static fromId(serverGroupId: string): IServerGroup {
    return { serverGroupId };
  }

  readonly serverGroupId: string;

  constructor(scope: Construct, id: string, { name, policy = "anti-affinity" }: ServerGroupProps) {
    super(scope, id);
    this.serverGroupId = new ComputeServergroupV2(this, "Resource", { name, policies: [policy] }).id;
  }
}
