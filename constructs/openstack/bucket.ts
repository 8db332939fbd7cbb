import { ObjectstorageContainerV1 } from "@cdktf/provider-openstack/lib/objectstorage-container-v1";
import { Construct } from "constructs";
import { keep } from "../../engine/stateful";
import type { Fate } from "../../model/site/specs";

export interface BucketProps {
  readonly name: string;
  /** @default "keep" */
  readonly fate?: Fate;
}

/** A container of the object store that keeps old versions and is readable by its project alone. Stateful, unless disposable. */
export class Bucket extends Construct {
  readonly bucketName: string;

  constructor(scope: Construct, id: string, { name, fate = "keep" }: BucketProps) {
    super(scope, id);
    const bucket = new ObjectstorageContainerV1(this, "Resource", { name, versioning: true });
    if (fate === "keep") keep(bucket, "bucket");
    this.bucketName = bucket.name;
  }
}
