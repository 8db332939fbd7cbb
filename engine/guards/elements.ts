import {
  TerraformDataSource,
  TerraformElement,
  TerraformLocal,
  TerraformModule,
  TerraformOutput,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
} from "cdktf";
import type { IConstruct } from "constructs";

/** A stack and its elements. */
export interface StackTree {
  readonly stack: TerraformStack;
  readonly elements: readonly TerraformElement[];
}

/** The stacks of an app, those inside others too. */
export const stackTreesIn = (app: IConstruct): readonly StackTree[] =>
  app.node
    .findAll()
    .filter(TerraformStack.isStack)
    .map((stack) => ({ stack, elements: elementsIn(stack) }));

/** The elements of a stack, those of stacks inside it left out. */
export function elementsIn(scope: IConstruct): readonly TerraformElement[] {
  return scope.node.children.flatMap((child) =>
    TerraformStack.isStack(child)
      ? []
      : [...(TerraformElement.isTerraformElement(child) ? [child] : []), ...elementsIn(child)],
  );
}

/** The address by which an element is written, and by which a second one would silently replace it. */
export function addressIn(element: TerraformElement): string | undefined {
  const id = element.friendlyUniqueId;
  if (TerraformResource.isTerraformResource(element)) return `${element.terraformResourceType}.${id}`;
  if (TerraformDataSource.isTerraformDataSource(element)) return `data.${element.terraformResourceType}.${id}`;
  if (TerraformOutput.isTerraformOutput(element)) return `output.${id}`;
  if (element instanceof TerraformLocal) return `local.${id}`;
  if (element instanceof TerraformVariable) return `var.${id}`;
  if (element instanceof TerraformModule) return `module.${id}`;
  return undefined;
}

/** Arguments of a resource or a data source as they would be written, overrides included. */
export function argumentsOf(element: TerraformElement): Readonly<Record<string, unknown>> {
  type Blocks = Readonly<Record<string, Readonly<Record<string, object>>>>;
  const { resource, data } = element.toTerraform() as { readonly resource?: Blocks; readonly data?: Blocks };
  const [blocks = {}] = Object.values(resource ?? data ?? {});
  const [block = {}] = Object.values(blocks);
  return { ...block } as Readonly<Record<string, unknown>>;
}
