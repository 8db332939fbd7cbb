import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { countsText, filesRead, type Plan, plannedText, WorkingFolder } from "./engine";

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
  /** Whether nothing is to be begun any more. @default - never */
  readonly isStopped?: () => boolean;
  /** Told how many resources of a stack are done. */
  readonly onDone?: (stack: string, done: number, of: number) => void;
}

/** Plans that were kept, and what each was made from and is. */
const manifestSchema = z.object({
  engine: z.string(),
  plans: z.record(z.string(), z.object({ input: z.string(), digest: z.string() })),
});
export const manifest = "plans.json";

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
    const file = join(this.props.work, "plans", `${stack}.${process.pid}.plan`);
    try {
      return await this.perform(stack, folder, await folder.plan(file));
    } finally {
      // Refused or done: nobody may take it for one that was kept.
      rmSync(file, { force: true });
    }
  }

  /** Plans a stack and keeps the plan. @returns what it would do, in words */
  async plan(stack: string, files: StackFiles): Promise<string> {
    const folder = await this.prepared(stack, files);
    this.forget(stack);
    const plan = await folder.plan(this.fileOf(stack));
    writePrivately(join(this.plans, `${stack}.json`), JSON.stringify(plan.json));
    const { plans } = this.manifest();
    this.write({ ...plans, [stack]: { input: plan.input, digest: digestOf(this.fileOf(stack)) } });
    return plannedText(plan.counts);
  }

  /** Applies the plan that {@link plan} kept, if it was made from what is here now. @returns what was done, in words */
  async applyKept(stack: string, files: StackFiles): Promise<string> {
    const { engine, plans } = this.manifest();
    const kept = plans[stack];
    const file = this.fileOf(stack);
    if (!kept || !existsSync(file)) throw new Error(`no plan was kept for it in ${this.plans}: --plan-only keeps one`);
    if (engine !== this.props.engine) throw new Error(`its plan was made by ${engine}, not by ${this.props.engine}`);
    if (digestOf(file) !== kept.digest)
      throw new Error(`${file} is not the plan that was kept: --plan-only, once more`);
    const folder = await this.prepared(stack, files);
    if (folder.input !== kept.input)
      throw new Error("its plan was made from other input than is here now: --plan-only, once more");
    const told = await this.perform(stack, folder, await folder.read(file, kept.input));
    this.forget(stack);
    return told;
  }

  /** Ids of all that the state of a stack has. */
  async ids(stack: string, files: StackFiles): Promise<ReadonlySet<string>> {
    return (await this.prepared(stack, files)).ids();
  }

  private async perform(stack: string, folder: WorkingFolder, plan: Plan): Promise<string> {
    if (plan.isEmpty) return "nothing to do";
    if (!(await this.ask(stack, plan))) throw new Error("was not approved");
    if (this.props.isStopped?.()) throw new Error("was stopped before it was applied");
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
    mkdirSync(this.plans, { recursive: true, mode: 0o700 });
    const strange = filesRead(path).filter((name) => !files.has(name));
    if (strange.length > 0)
      throw new Error(
        `${path} holds what no site file gives, and an engine would read: ${strange.join(", ")}; remove it`,
      );
    for (const [name, text] of files) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), text);
    }
    const folder = new WorkingFolder({ engine, folder: path, env, log: this.logOf(stack) });
    await folder.init();
    return folder;
  }

  private fileOf(stack: string): string {
    return join(this.plans, `${stack}.plan`);
  }

  /** A plan is kept until it was applied, or another is made. */
  private forget(stack: string): void {
    const { [stack]: _, ...others } = this.manifest().plans;
    this.write(others);
    for (const ending of ["plan", "json"]) rmSync(join(this.plans, `${stack}.${ending}`), { force: true });
  }

  private manifest(): z.output<typeof manifestSchema> {
    const file = join(this.plans, manifest);
    const none = { engine: this.props.engine, plans: {} };
    const read = existsSync(file) ? manifestSchema.safeParse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
    return read?.success ? read.data : none;
  }

  private write(plans: z.output<typeof manifestSchema>["plans"]): void {
    const text = { engine: this.props.engine, plans };
    writePrivately(join(this.plans, manifest), `${JSON.stringify(text, undefined, 2)}\n`);
  }
}

const digestOf = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Plans hold what the state holds, which is encrypted elsewhere. */
const writePrivately = (file: string, text: string): void => writeFileSync(file, text, { mode: 0o600 });
