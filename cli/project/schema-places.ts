import { dirname, join } from "node:path";
import { cacheOf } from "../../engine/validate/schemas";

/** Where schemas of providers are: OpenStack's with its bindings, others as `databridge schemas` and the user keep them. */
export const places = (): readonly string[] => [
  join(dirname(require.resolve("@cdktf/provider-openstack/package.json")), "schema.json"),
  cacheOf(process.env),
  ...(process.env.DATABRIDGE_SCHEMAS === undefined ? [] : [process.env.DATABRIDGE_SCHEMAS]),
];
