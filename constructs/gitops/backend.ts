import { httpAddress, pgSchema, type State } from "../../model/site/state";

/**
 * The backend of a stack as HCL. The controller writes it beside the stack, where it takes the place of the stack's own, and says the same;
 * without it, it would keep the state in a Secret of its cluster.
 */
export function backendText(state: State, key: string): string {
  if (state.kind === "pg") return block("pg", { schema_name: pgSchema(state, key) });
  if (state.kind === "http") {
    const address = httpAddress(state, key);
    const lock = `${address}/lock`;
    return block("http", {
      address,
      lock_address: lock,
      lock_method: "POST",
      unlock_address: lock,
      unlock_method: "DELETE",
    });
  }
  const { bucket, region, endpoint } = state;
  const elsewhere = {
    skip_credentials_validation: true,
    skip_metadata_api_check: true,
    skip_region_validation: true,
    skip_requesting_account_id: true,
    skip_s3_checksum: true,
    use_path_style: true,
  };
  return block("s3", {
    bucket,
    key,
    region,
    use_lockfile: true,
    ...(endpoint === undefined ? { encrypt: true } : { endpoints: { s3: endpoint }, ...elsewhere }),
  });
}

type Value = string | boolean | Readonly<Record<string, string>>;

const block = (type: string, values: Readonly<Record<string, Value>>): string =>
  [
    `backend "${type}" {`,
    ...Object.entries(values).map(([name, value]) => `  ${name} = ${JSON.stringify(value)}`),
    "}",
  ].join("\n");
