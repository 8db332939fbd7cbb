import { BlockstorageVolumeV3 } from "@cdktf/provider-openstack/lib/blockstorage-volume-v3";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { keep } from "../../engine/stateful";
import type { Fate } from "../../model/site/specs";
import type { Size } from "../../model/words/quantity";

/** A volume, whoever made it. */
export interface IVolume {
  readonly volumeId: string;
  /** What a server has to wait for, so that the volume has grown before the server is resized. @default - nothing */
  readonly resource?: ITerraformDependable;
}

/** How a volume is made. */
export interface VolumeProps {
  readonly name: string;
  /** It can grow while it is used, and never shrink. */
  readonly size: Size;
  /** @default "keep" */
  readonly fate?: Fate;
  /** For people at the cloud's console. Not as metadata, to which Cinder adds its own: every plan would take it away. @default - none */
  readonly description?: string;
}

/** A disk that outlives its server. Stateful, unless it is said to be disposable. */
export class Volume extends Construct implements IVolume {
  /** A volume that somebody else made. */
  static fromId(volumeId: string): IVolume {
    return { volumeId };
  }

  readonly volumeId: string;
  readonly resource: BlockstorageVolumeV3;

  constructor(scope: Construct, id: string, { name, size, fate = "keep", description }: VolumeProps) {
    super(scope, id);
    this.resource = new BlockstorageVolumeV3(this, "Resource", {
      name,
      size: size.gib,
      enableOnlineResize: true,
      ...(description === undefined ? {} : { description }),
    });
    if (fate === "keep") keep(this.resource, "volume");
    this.volumeId = this.resource.id;
  }
}
