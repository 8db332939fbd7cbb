import { TerraformElement, TerraformStack } from "cdktf";
import type { Construct, Node } from "constructs";
import type { State } from "../model/site/state";
import { addBackend } from "./backend";

export interface PlatformStackProps {
  /** Where its state is kept, and under which key. */
  readonly state: State;
  readonly key: string;
}

/** A stack whose addresses read as the construct tree does, with a backend that locks. */
export class PlatformStack extends TerraformStack {
  constructor(scope: Construct, id: string, { state, key }: PlatformStackProps) {
    super(scope, id);
    addBackend(this, state, key);
  }

  /**
   * The path in the stack, joined by `_`: `fdb-store-1_data`. Ids hold no `_`, so that no two paths give one address.
   * A `Resource` or `Default` at the end, by which a construct names its main child, is left out.
   */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : (element as Node);
    const ids = node.scopes.slice(node.scopes.indexOf(this) + 1).map((scope) => scope.node.id);
    return ids
      .filter((id, i) => i < ids.length - 1 || ids.length === 1 || !["Resource", "Default"].includes(id))
      .join("_");
  }
}
