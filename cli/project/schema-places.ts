import { dirname, join } from "node:path";
import { cacheOf } from "../../engine/validate/schemas";
import { root } from "./project";

/** Where schemas of providers are: OpenStack's with its bindings, others that a checkout has, or as `databridge schemas` and the user keep them. */
export const places = (): readonly string[] => [
  join(dirname(require.resolve("@cdktf/provider-openstack/package.json")), "schema.json"),
  join(root, "engine", "validate", "providers"),
  cacheOf(process.env),
  ...(process.env.DATABRIDGE_SCHEMAS === undefined ? [] : [process.env.DATABRIDGE_SCHEMAS]),
];
