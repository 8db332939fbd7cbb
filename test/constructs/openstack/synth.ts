import { TerraformStack, Testing } from "cdktf";

type Json = Readonly<Record<string, unknown>>;
/** Blocks of a synthesized stack by `type.name`, without cdktf's comments. */
export type Blocks = Readonly<Record<string, Json>>;

/** What constructs come to in somebody else's stack, which knows nothing of our platform. */
export function synth(build: (stack: TerraformStack) => void): {
  readonly resources: Blocks;
  readonly data: Blocks;
  readonly stack: TerraformStack;
} {
  const stack = new TerraformStack(Testing.app(), "theirs");
  build(stack);
  const json = JSON.parse(Testing.synth(stack)) as {
    resource?: Record<string, Record<string, Json>>;
    data?: Record<string, Record<string, Json>>;
  };
  return { resources: flat(json.resource), data: flat(json.data), stack };
}

const flat = (types: Record<string, Record<string, Json>> = {}): Blocks =>
  Object.fromEntries(
    Object.entries(types).flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([name, { "//": _, ...block }]) => [
        `${type}.${name.replace(/_[0-9A-F]{8}$/, "")}`,
        block,
      ]),
    ),
  );
