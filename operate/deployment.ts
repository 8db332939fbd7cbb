import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { countsText, type Plan, WorkingFolder } from "./engine";

/** The files of a stack that an engine reads, by name. */
export type StackFiles = ReadonlyMap<string, string>;

export interface DeploymentProps {
  /** `terraform` or `tofu`, or where one is. */
  readonly engine: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Below it each stack has its folder. */
  readonly output: string;
  /** Where plans and logs are. */
  readonly work: string;
  /** Whether a plan that does something may be applied. Asked one at a time. */
  readonly isApproved: (stack: string, plan: Plan) => Promise<boolean>;
  /** Told how many resources of a stack are done. */
  readonly onDone?: (stack: string, done: number, of: number) => void;
}

/** Plans that were approved elsewhere, and what each was made from. */
const manifestSchema = z.object({
  engine: z.string(),
  plans: z.record(z.string(), z.object({ input: z.string() })),
});
const manifest = "plans.json";

/** Applies stacks, each by the plan that was shown. */
export class Deployment {
  private asking: Promise<unknown> = Promise.resolve();

  constructor(private readonly props: DeploymentProps) {}

  /** Where plans are that were made to be looked at: `<stack>.plan`, and `<stack>.json` for `databridge review --plans`. */
  get plans(): string {
    return join(this.props.work, "plans");
  }

  logOf(stack: string): string {
    return join(this.props.work, "logs", `${stack}.log`);
  }

  /** Plans and applies a stack. @returns what was done, in words */
  async apply(stack: string, files: StackFiles): Promise<string> {
    const folder = await this.prepared(stack, files);
    return this.perform(stack, folder, await folder.plan(this.fileOf(stack)));
  }

  /** Plans a stack and keeps the plan. @returns what it would do, in words */
  async plan(stack: string, files: StackFiles): Promise<string> {
    const folder = await this.prepared(stack, files);
    const plan = await folder.plan(this.fileOf(stack));
    writeFileSync(join(this.plans, `${stack}.json`), JSON.stringify(plan.json));
    const { plans } = this.manifest();
    const text = { engine: this.props.engine, plans: { ...plans, [stack]: { input: plan.input } } };
    writeFileSync(join(this.plans, manifest), `${JSON.stringify(text, undefined, 2)}\n`);
    return plan.isEmpty ? "nothing to do" : countsText(plan.counts).replace(/(\d+) /g, "$1 to be ");
  }

  /** Applies the plan that {@link plan} kept, if it was made from what is here now. @returns what was done, in words */
  async applyKept(stack: string, files: StackFiles): Promise<string> {
    const { engine, plans } = this.manifest();
    const kept = plans[stack];
    if (!kept || !existsSync(this.fileOf(stack)))
      throw new Error(`no plan was kept for it in ${this.plans}: databridge deploy --plan-only`);
    if (engine !== this.props.engine) throw new Error(`its plan was made by ${engine}, not by ${this.props.engine}`);
    const folder = await this.prepared(stack, files);
    if (folder.input !== kept.input)
      throw new Error("its plan was made from other input than is here now: databridge deploy --plan-only, once more");
    return this.perform(stack, folder, await folder.read(this.fileOf(stack), kept.input), true);
  }

  private async perform(stack: string, folder: WorkingFolder, plan: Plan, isApproved = false): Promise<string> {
    if (plan.isEmpty) {
      rmSync(plan.file, { force: true });
      return "nothing to do";
    }
    if (!isApproved && !(await this.ask(stack, plan))) {
      rmSync(plan.file, { force: true });
      throw new Error("was not approved");
    }
    const { create, update, replace, delete: gone } = plan.counts;
    const total = create + update + 2 * replace + gone;
    await folder.apply(plan, (done) => this.props.onDone?.(stack, done, total));
    return countsText(plan.counts);
  }

  /** One question at a time. */
  private ask(stack: string, plan: Plan): Promise<boolean> {
    const answer = this.asking.then(() => this.props.isApproved(stack, plan));
    this.asking = answer.catch(() => undefined);
    return answer;
  }

  /** The folder of a stack with these files in it, and nothing that an engine would read beside them. */
  private async prepared(stack: string, files: StackFiles): Promise<WorkingFolder> {
    const { engine, env, output } = this.props;
    const path = join(output, "stacks", stack);
    mkdirSync(path, { recursive: true });
    mkdirSync(this.plans, { recursive: true });
    for (const [name, text] of files) writeFileSync(join(path, name), text);
    const folder = new WorkingFolder({ engine, folder: path, env, log: this.logOf(stack) });
    await folder.init();
    return folder;
  }

  private fileOf(stack: string): string {
    return join(this.plans, `${stack}.plan`);
  }

  private manifest(): z.output<typeof manifestSchema> {
    const file = join(this.plans, manifest);
    const none = { engine: this.props.engine, plans: {} };
    return existsSync(file) ? manifestSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : none;
  }
}
