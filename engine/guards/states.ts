import { TerraformResource } from "cdktf";
import type { Problem } from "../../model/words/problem";
import { PlatformStack } from "../stack";
import { argumentsOf, type StackTree } from "./elements";

/** Two stacks in one state would destroy what the other made; a state in a bucket of ours would go with it. */
export const stateProblems = (trees: readonly StackTree[]): readonly Problem[] => {
  const stacks = trees.map(({ stack }) => stack).filter((stack) => stack instanceof PlatformStack);
  const buckets = bucketsIn(trees);
  return stacks.flatMap((stack, i): readonly Problem[] => {
    const { state, at } = stack;
    const path = `${at}.state`;
    const other = stacks.slice(0, i).find((each) => each.state === state);
    const made = buckets.get(bucketOf(state));
    return [
      ...(other
        ? [{ path, value: state, allowed: `a state of its own; ${other.node.path} has it`, fix: "change its key" }]
        : []),
      ...(state.startsWith("pg://") && state.length > "pg://".length + longest
        ? [{ path, value: state, allowed: `a schema's name of at most ${longest} bytes`, fix: "shorten schemaName" }]
        : []),
      ...(made !== undefined
        ? [{ path, value: state, allowed: `a bucket that no stack makes; ${made} does`, fix: "take another bucket" }]
        : []),
    ];
  });
};

/** PostgreSQL cuts off what is longer, and two would be one. */
const longest = 63;

const bucketOf = (state: string): string => /^s3:\/\/([^/]+)\//.exec(state)?.[1] ?? "";

/** Argument with the name of the bucket, by type of resource. */
const named: Readonly<Record<string, string>> = {
  openstack_objectstorage_container_v1: "name",
  aws_s3_bucket: "bucket",
  minio_s3_bucket: "bucket",
};

/** Paths of the buckets that stacks make, by name. Of a store one cannot tell where it is: the name is enough. */
const bucketsIn = (trees: readonly StackTree[]): ReadonlyMap<string, string> =>
  new Map(
    trees
      .flatMap(({ elements }) => elements)
      .flatMap((element) => {
        if (!TerraformResource.isTerraformResource(element)) return [];
        const argument = Object.hasOwn(named, element.terraformResourceType) && named[element.terraformResourceType];
        const name = argument ? argumentsOf(element)[argument] : undefined;
        return typeof name === "string" ? [[name, element.node.path] as const] : [];
      }),
  );
