import {
  DefaultTokenResolver,
  StringConcat,
  type TerraformElement,
  TerraformOutput,
  type TerraformStack,
  Tokenization,
} from "cdktf";
import { deepMerge } from "cdktf/lib/util";
import { elementsIn } from "./guards/elements";

type Json = Record<string, unknown>;

const resolver = new DefaultTokenResolver(new StringConcat());

/**
 * Resolves a stack once. cdktf 0.21 does it three times, and all give the same: to find references to other stacks, to
 * write, and over the whole of what is resolved by then.
 */
export class Resolution {
  private readonly prepared = new Map<TerraformElement, Json>();

  constructor(private readonly stack: TerraformStack) {}

  /** As `TerraformStack.prepareStack`: tells other stacks of references to them. */
  prepare(): void {
    this.stack.ensureBackendExists();
    for (const element of elementsIn(this.stack))
      this.prepared.set(element, this.resolved(element.toTerraform(), { preparing: true }));
  }

  /** As `TerraformStack.toTerraform`, to the byte. What was prepared is not resolved again. */
  written(): Json {
    const elements = elementsIn(this.stack);
    const overrides = Reflect.get(this.stack, "rawOverrides") as Json; // private in cdktf, which offers no way to ask
    const metadata = merged([
      { version: this.stack.node.tryGetContext("cdktfVersion"), stackName: this.stack.node.id, backend: "local" },
      ...(Object.keys(overrides).length > 0 ? [{ overrides: { stack: Object.keys(overrides) } }] : []),
      ...elements.map((element) => this.resolved(element.toMetadata())),
    ]);
    const outputs = merged(
      elements
        .filter(TerraformOutput.isTerraformOutput)
        .map((output) => this.resolved(at(output.node.path.split("/"), output.friendlyUniqueId))),
    );
    const blocks = elements.map((element) => this.prepared.get(element) ?? this.resolved(element.toTerraform()));
    this.prepared.clear();
    return merged([{ "//": { metadata, outputs } }, ...blocks, this.resolved(overrides)]);
  }

  private resolved(value: unknown, { preparing = false } = {}): Json {
    return Tokenization.resolve(value, { scope: this.stack, resolver, preparing }) as Json;
  }
}

const merged = (parts: readonly Json[]): Json => parts.reduce((all, part) => deepMerge(all, part) as Json, {});

/** An object that has a value at a path. */
const at = (path: readonly string[], value: string): Json =>
  path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Json;
