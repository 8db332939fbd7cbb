import { dirname, join } from "node:path";
import { App, TerraformResource, TerraformStack } from "cdktf";
import { invokeOnce } from "./aspects";
import { encryptionFile, encryptionText } from "./encryption";
import { problemsOf } from "./guards/guard";
import { hostsFolder, writeBelow } from "./host-files";
import { answeredIn, arrivingIn, type Locked, type LockedStacks, lossProblems } from "./lock";
import { addBlocks, adoptedTwice, movesOf } from "./moves/moves";
import { Refused } from "./refused";
import { PlatformStack } from "./stack";
import { type Stateful, statefulIn } from "./stateful";
import type { World } from "./world";
import { setWorld } from "./world-of";

/** What a stack came to. */
export interface StackOutput {
  readonly name: string;
  /** Managed resources, without data sources. */
  readonly resources: number;
  readonly stateful: readonly Stateful[];
  /** The file that Terraform reads. */
  readonly file: string;
  /** Files beside it that its blocks read, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Files of its hosts, by `<host id>/<path>`; output has them below `hosts`. */
  readonly hostFiles: ReadonlyMap<string, string>;
  /** Paths of answers in the description that its lock knows nothing about any more. */
  readonly over: readonly string[];
  /** Addresses that are kept, and that its lock does not hold yet. */
  readonly unlocked: readonly string[];
}

/** What a lock is to hold of a stack. */
export interface StackStanding {
  readonly name: string;
  /** What tells its state from all others. */
  readonly state: string;
  readonly stateful: readonly Stateful[];
  /** Addresses of the lock that are no more, and of which the description says what became of them. */
  readonly answered: readonly string[];
  /** Addresses that a lock holds only once they were applied: what is there now is something else, or nothing. */
  readonly arriving: readonly string[];
}

export interface PlatformAppProps {
  /** What must not be lost. @default - nothing */
  readonly locked?: LockedStacks;
  /** @default "production" */
  readonly world?: World["name"];
}

/** The app that all stacks stand in. It writes nothing while anything would be lost, revealed or dropped silently. */
export class PlatformApp extends App {
  private readonly locked: LockedStacks;

  /** @param outdir where output goes @default - what cdktf's CLI says, or `cdktf.out` */
  constructor(outdir?: string, { locked = new Map(), world = "production" }: PlatformAppProps = {}) {
    // Stack traces in the output would carry paths of this machine.
    super({ stackTraces: false, ...(outdir === undefined ? {} : { outdir }) });
    this.locked = locked;
    setWorld(this, world);
  }

  /** @throws {@link Refused} with everything that is wrong, before any file is written */
  override synth(): void {
    const moves = this.checked();
    for (const [stack, each] of moves) addBlocks(stack, each);
    super.synth();
    for (const [stack] of moves)
      writeBelow(dirname(this.fileOf(stack)), new Map([[encryptionFile, encryptionText], ...filesOf(stack)]));
    for (const stack of this.stacks) writeBelow(join(this.outdir, hostsFolder), hostFilesOf(stack));
  }

  /** Writes all stacks and tells what was written. */
  synthesize(): readonly StackOutput[] {
    this.synth();
    return this.stacks.map((stack) => {
      const stateful = statefulIn(stack);
      const locked = this.lockedOf(stack).stateful;
      const moves = movesOf(stack, locked);
      const arriving = arrivingIn(moves, this.lockedOf(stack));
      return {
        name: stack.node.id,
        resources: stack.node.findAll().filter(TerraformResource.isTerraformResource).length,
        stateful,
        file: this.fileOf(stack),
        files: filesOf(stack),
        hostFiles: hostFilesOf(stack),
        over: moves.over,
        unlocked: stateful
          .map(({ address }) => address)
          .filter((address) => !Object.hasOwn(locked, address) && !arriving.includes(address)),
      };
    });
  }

  /** What locks are to hold. Writes nothing. @throws {@link Refused} as {@link synth} does */
  standing(): readonly StackStanding[] {
    return [...this.checked()].flatMap(([stack, moves]) =>
      stack instanceof PlatformStack
        ? [
            {
              name: stack.node.id,
              state: stack.state,
              stateful: statefulIn(stack),
              answered: answeredIn(stack, this.lockedOf(stack), moves),
              arriving: arrivingIn(moves, this.lockedOf(stack)),
            },
          ]
        : [],
    );
  }

  private get stacks(): readonly TerraformStack[] {
    return this.node.findAll().filter(TerraformStack.isStack);
  }

  private checked() {
    for (const stack of this.stacks) invokeOnce(stack);
    const moves = new Map(this.stacks.map((stack) => [stack, movesOf(stack, this.lockedOf(stack).stateful)]));
    const problems = [
      ...problemsOf(this),
      ...adoptedTwice([...moves.values()]),
      ...[...moves].flatMap(([stack, each]) => [...each.problems, ...lossProblems(stack, this.lockedOf(stack), each)]),
    ];
    if (problems.length > 0) throw new Refused(problems);
    return moves;
  }

  private lockedOf(stack: TerraformStack): Locked {
    return this.locked.get(stack.node.id) ?? { path: stack.node.path, state: "", stateful: {} };
  }

  private fileOf(stack: TerraformStack): string {
    return join(this.outdir, this.manifest.forStack(stack).synthesizedStackPath);
  }
}

const filesOf = (stack: TerraformStack): ReadonlyMap<string, string> =>
  stack instanceof PlatformStack ? stack.files : new Map();

const hostFilesOf = (stack: TerraformStack): ReadonlyMap<string, string> =>
  stack instanceof PlatformStack ? stack.hostFiles : new Map();
