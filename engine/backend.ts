import { S3Backend } from "cdktf";
import type { Construct } from "constructs";
import type { State } from "../model/site/state";

/** Gives a stack the backend that its tenancy states. Credentials come from the environment, never from here. */
export function addBackend(stack: Construct, state: State, key: string): void {
  const { bucket, region, endpoint } = state;
  // What a store other than AWS does not answer.
  const elsewhere = {
    skipCredentialsValidation: true,
    skipRegionValidation: true,
    skipRequestingAccountId: true,
    skipMetadataApiCheck: true,
    skipS3Checksum: true,
    usePathStyle: true,
  };
  const backend = new S3Backend(stack, {
    bucket,
    key,
    region,
    encrypt: true,
    ...(endpoint ? { endpoints: { s3: endpoint }, ...elsewhere } : {}),
  });
  backend.addOverride("use_lockfile", true); // not among the properties of cdktf 0.21
}
