import { HttpBackend, LocalBackend, PgBackend, S3Backend } from "cdktf";
import type { Construct } from "constructs";
import { httpAddress, pgSchema, type State } from "../model/site/state";

/** Gives a stack the backend that its tenancy states. Credentials come from the environment, never from here. */
export function addBackend(stack: Construct, state: State, key: string): void {
  if (state.kind === "s3") addS3(stack, state, key);
  else if (state.kind === "http") addHttp(stack, httpAddress(state, key));
  else addPg(stack, pgSchema(state, key));
}

/** A file beside the stack's output, for a world in which nobody else applies. */
export function addLocalBackend(stack: Construct, id: string): void {
  new LocalBackend(stack, { path: `${id}.tfstate` });
}

function addS3(stack: Construct, { bucket, region, endpoint }: Extract<State, { kind: "s3" }>, key: string): void {
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
    // Other stores refuse to encrypt where nobody gave them a key.
    ...(endpoint === undefined ? { encrypt: true } : { endpoints: { s3: endpoint }, ...elsewhere }),
  });
  backend.addOverride("use_lockfile", true); // not among the properties of cdktf 0.21
}

function addHttp(stack: Construct, address: string): void {
  const lock = `${address}/lock`;
  new HttpBackend(stack, {
    address,
    lockAddress: lock,
    lockMethod: "POST",
    unlockAddress: lock,
    unlockMethod: "DELETE",
  });
}

function addPg(stack: Construct, schemaName: string): void {
  const backend = new PgBackend(stack, { connStr: "", schemaName });
  backend.addOverride("conn_str", undefined); // it holds a password, and comes from PG_CONN_STR
}
