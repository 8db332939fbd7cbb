import { TerraformElement, type TerraformOutput, TerraformStack } from "cdktf";
import type { Construct, Node } from "constructs";
import { type Moves, noMoves } from "../model/site/moves";
import { type State, stateUrl } from "../model/site/state";
import { invokeOnce } from "./aspects";
import { addBackend, addLocalBackend } from "./backend";
import { Refused } from "./refused";
import { Resolution } from "./resolution";
import { isSandbox } from "./world-of";

export interface PlatformStackProps {
  /** Where its state is kept, and under which key. */
  readonly state: State;
  readonly key: string;
  /** What became of things that it had, or has under another path. @default - nothing changed */
  readonly moves?: Moves;
  /** Where the description says so, for problems: `lumi.production`. @default - the stack's name */
  readonly at?: string;
}

/** A stack whose addresses read as the construct tree does, with a backend that locks. */
export class PlatformStack extends TerraformStack {
  readonly moves: Moves;
  readonly at: string;
  /** What tells its state from all others. */
  readonly state: string;
  /** Files of its hosts, which Ansible brings there, by `<host id>/<path>`. @default - none */
  readonly hostFiles: ReadonlyMap<string, string> = new Map();
  /** Files beside its own that its blocks read, by path. @default - none */
  files: ReadonlyMap<string, string> = new Map();
  private readonly resolution = new Resolution(this);

  constructor(scope: Construct, id: string, { state, key, moves = noMoves, at = id }: PlatformStackProps) {
    super(scope, id);
    this.moves = moves;
    this.at = at;
    this.state = stateUrl(state, key);
    if (isSandbox(this)) addLocalBackend(this, id);
    else addBackend(this, state, key);
  }

  override prepareStack(): void {
    invokeOnce(this);
    this.resolution.prepare();
  }

  /** cdktf would read the other stack's state: no stack of ours reads another's. */
  override registerOutgoingCrossStackReference(identifier: string): TerraformOutput {
    const allowed = "what the model computes, or a lock has learned";
    throw new Refused([
      { path: this.node.path, value: `another stack refers to ${identifier}`, allowed, fix: "hand over that" },
    ]);
  }

  override toTerraform(): unknown {
    return this.resolution.written();
  }

  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : (element as Node);
    return idOfPath(pathIn(this, node));
  }
}

/** The ids on the way from a stack to a construct of it. */
export const pathIn = (stack: TerraformStack, node: Node): readonly string[] =>
  node.scopes.slice(node.scopes.indexOf(stack) + 1).map((scope) => scope.node.id);

/**
 * The name that a path has in an address: joined by `_`, as in `fdb-store-1_data`. Ids hold no `_`, so that no two paths
 * give one address. A `Resource` or `Default` at the end, by which a construct names its main child, is left out.
 */
export const idOfPath = (path: readonly string[]): string =>
  path.filter((id, i) => i < path.length - 1 || path.length === 1 || !["Resource", "Default"].includes(id)).join("_");

/** The path of which a name was made, as far as it tells: that of a construct, not of its main child. */
export const pathOfId = (id: string): string => id.replaceAll("_", "/");
