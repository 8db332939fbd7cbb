import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { App, TerraformResource, TerraformStack } from "cdktf";
import { type Stateful, statefulIn } from "./stateful";

/** What a stack came to. */
export interface StackOutput {
  readonly name: string;
  /** Managed resources, without data sources. */
  readonly resources: number;
  readonly stateful: readonly Stateful[];
  /** The file that Terraform reads. */
  readonly file: string;
}

/** The app that all stacks stand in. */
export class PlatformApp extends App {
  /** @param outdir where output goes @default - what cdktf's CLI says, or `cdktf.out` */
  constructor(outdir?: string) {
    // Stack traces in the output would carry paths of this machine.
    super({ stackTraces: false, ...(outdir === undefined ? {} : { outdir }) });
  }

  /** Writes all stacks and tells what was written. */
  synthesize(): readonly StackOutput[] {
    const stacks = this.node.children.filter(TerraformStack.isStack);
    this.synth();
    return stacks.map((stack) => ({
      name: stack.node.id,
      resources: stack.node.findAll().filter(TerraformResource.isTerraformResource).length,
      stateful: statefulIn(stack),
      file: join(this.outdir, this.manifest.forStack(stack).synthesizedStackPath),
    }));
  }

  /** Removes the output of stacks that are no more, so that nobody applies it. @param names of those that there are */
  removeOthers(names: readonly string[]): void {
    const folder = join(this.outdir, "stacks");
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder))
      if (!names.includes(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
