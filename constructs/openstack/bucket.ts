import { ObjectstorageContainerV1 } from "@cdktf/provider-openstack/lib/objectstorage-container-v1";
import { Construct } from "constructs";
import { keep } from "../../engine/stateful";
import type { Fate } from "../../model/site/specs";

/** How a bucket is made. */
export interface BucketProps {
  readonly name: string;
  /** @default "keep" */
  readonly fate?: Fate;
  /** Keeps old versions by Swift's own way, where the store has it: elsewhere every plan would ask for it anew. @default false */
  readonly versioning?: boolean;
}

/** A container of the object store that its project alone can read. Stateful, unless disposable. */
export class Bucket extends Construct {
  readonly bucketName: string;

  constructor(scope: Construct, id: string, { name, fate = "keep", versioning = false }: BucketProps) {
    super(scope, id);
    const bucket = new ObjectstorageContainerV1(this, "Resource", { name, ...(versioning ? { versioning } : {}) });
    if (fate === "keep") keep(bucket, "bucket");
    this.bucketName = bucket.name;
  }
}
