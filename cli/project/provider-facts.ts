import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readSchemas } from "../../engine/validate/schemas";
import { isRecord, own } from "../../model/words/record";
import type { ProviderFacts } from "../../review/change";
import { places } from "./schema-places";

/**
 * What schemas tell of sets, and the OpenStack provider of what replaces. Of other providers nobody lists what replaces:
 * their plans tell.
 */
export function providerFacts(): ProviderFacts {
  const blocks = [...readSchemas(places()).values()].map(({ resource_schemas: resources }) => resources ?? {});
  const folder = dirname(require.resolve("@cdktf/provider-openstack/package.json"));
  const replacing: unknown = JSON.parse(readFileSync(join(folder, "replacing.json"), "utf8"));
  const paths = new Map(
    Object.entries(isRecord(replacing) ? replacing : {}).map(([type, found]) => [
      type,
      new Set(Array.isArray(found) ? found : []),
    ]),
  );
  return {
    isSet(type, path) {
      let block: unknown = blocks.map((each) => own(each, type)).find((each) => each !== undefined)?.block;
      const steps = path.split(".");
      for (const [i, step] of steps.entries()) {
        if (!isRecord(block)) return false;
        const nested = isRecord(block.block_types) ? block.block_types[step] : undefined;
        if (isRecord(nested)) {
          if (i === steps.length - 1) return nested.nesting_mode === "set";
          block = nested.block;
          continue;
        }
        const attribute = isRecord(block.attributes) ? block.attributes[step] : undefined;
        return isRecord(attribute) && Array.isArray(attribute.type) && attribute.type[0] === "set";
      }
      return false;
    },
    replaces(type, path) {
      if (type === "terraform_data") return path === "triggers_replace";
      const found = paths.get(type);
      const steps = path.split(".");
      return steps.some((_, i) => found?.has(steps.slice(0, i + 1).join(".")) === true);
    },
  };
}
