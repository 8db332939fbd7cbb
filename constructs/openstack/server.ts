import { ComputeInstanceV2 } from "@cdktf/provider-openstack/lib/compute-instance-v2";
import { ComputeVolumeAttachV2 } from "@cdktf/provider-openstack/lib/compute-volume-attach-v2";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { addressOf } from "../../engine/address";
import type { IPort } from "./port";
import type { IServerGroup } from "./server-group";
import { TerraformData } from "./terraform-data";
import type { IVolume } from "./volume";

/** How a server is made: image, flavor, port, volumes, and what it is told when it boots first. */
export interface ServerProps {
  readonly name: string;
  /** Id of an image, never a name that may move on to a newer one. */
  readonly imageId: string;
  /** Name of a flavor. */
  readonly flavor: string;
  readonly port: IPort;
  /** Volumes by a name that stays; they are attached one after the other, in the order of their names. @default - none */
  readonly volumes?: Readonly<Record<string, IVolume>>;
  /** What cloud-init does at the first boot, and only then. No secrets: the cloud shows it to every process. @default - nothing */
  readonly userData?: string;
  /** A changed group does not touch a server that stands already. @default - any hypervisor */
  readonly group?: IServerGroup;
  /** Shown at the cloud's console. @default - none */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Raise it to rebuild the server; port, addresses and volumes stay. @default 1 */
  readonly generation?: number;
  /** What has to be there first. @default - nothing */
  readonly after?: readonly ITerraformDependable[];
}

/**
 * A server.
 *
 * A changed image, user data or group does not touch a running server: the cloud would wipe its disk, for an image even
 * without Terraform calling it more than an update. Only a new generation rebuilds it.
 */
export class Server extends Construct {
  readonly serverId: string;

  constructor(scope: Construct, id: string, props: ServerProps) {
    super(scope, id);
    const { name, imageId, flavor, port, volumes = {}, userData, group, metadata, generation = 1, after = [] } = props;
    const entries = Object.entries(volumes).sort(([a], [b]) => (a < b ? -1 : 1));
    const first = [...entries.flatMap(([, volume]) => volume.resource ?? []), ...after];
    // As text: cdktf would write a construct as "${…}" here, which Terraform refuses in this one place.
    const rebuild = addressOf(new TerraformData(this, "generation", generation));
    const server = new ComputeInstanceV2(this, "Resource", {
      name,
      imageId,
      flavorName: flavor,
      configDrive: true, // the first boot then needs no metadata service
      network: [{ port: port.portId }],
      stopBeforeDestroy: true,
      ...(userData === undefined ? {} : { userData }),
      ...(group ? { schedulerHints: [{ group: group.serverGroupId }] } : {}),
      ...(metadata ? { metadata: { ...metadata } } : {}),
      // Nova takes a volume through states in which the provider refuses to extend it while a resize goes on.
      ...(first.length > 0 ? { dependsOn: first } : {}),
      lifecycle: { ignoreChanges: ["image_id", "user_data", "scheduler_hints"], replaceTriggeredBy: [rebuild] },
    });
    const attachments = new Construct(this, "volume");
    let before: readonly ITerraformDependable[] = [];
    for (const [key, { volumeId }] of entries)
      before = [
        new ComputeVolumeAttachV2(attachments, key, {
          instanceId: server.id,
          volumeId,
          ...(before.length > 0 ? { dependsOn: [...before] } : {}),
        }),
      ];
    this.serverId = server.id;
  }
}
