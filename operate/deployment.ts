import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { listed } from "../model/words/problem";
import { reviewable } from "../review/plan";
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
  /** Where plans are kept that are to be looked at. @default - `plans`, beside the logs */
  readonly plans?: string;
  /** The commit of which it all is, as far as reviewers have seen it. @default - there is none, or something differs from it */
  readonly commit?: string;
  /** Whether a plan that does something may be applied. Asked one at a time. */
  readonly isApproved: (stack: string, plan: Plan) => Promise<boolean>;
  /** Whether nothing is to be begun any more. @default - never */
  readonly isStopped?: () => boolean;
  /** Told how many resources of a stack are done. */
  readonly onDone?: (stack: string, done: number, of: number) => void;
}

/** A plan that was kept: what it was made from, by what, and what it is. */
const manifestSchema = z.strictObject({
  stack: z.string(),
  /** The commit whose site files and locks it is of. @default - what is here was no commit's */
  commit: z.string().exactOptional(),
  engine: z.string(),
  version: z.string(),
  /** SHA-256 of all that the engine read. */
  input: z.string(),
  /** SHA-256 of the plan. */
  digest: z.string(),
  /** See {@link reviewedDigest}. */
  reviewed: z.string(),
  /** Whether there is nothing to do. */
  isEmpty: z.boolean(),
});
export type Manifest = z.output<typeof manifestSchema>;

const endings = { plan: ".plan", json: ".json", manifest: ".manifest.json", applied: ".applied.json" } as const;

/** Stacks of which a folder holds a plan to be looked at, as JSON. */
export const plannedIn = (names: readonly string[]): readonly string[] =>
  names.flatMap((name) => /^([^.]+)\.json$/.exec(name)?.[1] ?? []).sort();

/** What is noted of a kept plan. @returns nothing if there is none, or it says something else, as one that was half written does */
export function readManifest(folder: string, stack: string): Manifest | undefined {
  const file = join(folder, `${stack}${endings.manifest}`);
  if (!existsSync(file)) return undefined;
  try {
    const { success, data } = manifestSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
    return success && data.stack === stack ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Says which plan reviewers have read: of its JSON, as a packet names it. */
export const reviewedDigest = (json: unknown): string =>
  createHash("sha256").update(JSON.stringify(json)).digest("hex").slice(0, 32);

/** What has to hold before a kept plan is applied. */
export interface Approval {
  /** Which plans reviewers have read, by stack: {@link reviewedDigest}. @default - whatever was kept */
  readonly reviewed?: ReadonlyMap<string, string>;
  /** Stacks that come before it. Those of them whose plans are kept, or were read, have to be applied. */
  readonly first: readonly string[];
}

/** Applies stacks, each by the plan that was shown. */
export class Deployment {
  private asking: Promise<unknown> = Promise.resolve();

  constructor(private readonly props: DeploymentProps) {}

  /** Where plans are that were made to be looked at: `<stack>.plan`, `<stack>.json` for `databridge review --plans`, and what is noted of each. */
  get plans(): string {
    return this.props.plans ?? join(this.props.work, "plans");
  }

  logOf(stack: string): string {
    return join(this.props.work, "logs", `${stack}.log`);
  }

  /** Plans and applies a stack. @returns what was done, in words */
  async apply(stack: string, files: StackFiles): Promise<string> {
    const folder = await this.prepared(stack, files);
    return inPrivate(async (file) => this.perform(stack, folder, await folder.plan(file)));
  }

  /** Plans a stack and keeps the plan. @returns what it would do, in words */
  async plan(stack: string, files: StackFiles): Promise<string> {
    const { engine, commit } = this.props;
    const folder = await this.prepared(stack, files);
    this.forget(stack);
    const file = this.fileOf(stack, "plan");
    const { input, json, counts, isEmpty, version } = await folder.plan(file, { locks: false });
    const shown = reviewable(json);
    const manifest: Manifest = {
      stack,
      ...(commit === undefined ? {} : { commit }),
      engine: basename(engine),
      version,
      input,
      digest: digestOf(file),
      reviewed: reviewedDigest(shown),
      isEmpty,
    };
    writePrivately(this.fileOf(stack, "json"), JSON.stringify(shown));
    writePrivately(this.fileOf(stack, "manifest"), jsonText(manifest));
    return plannedText(counts);
  }

  /**
   * Applies the plan that {@link plan} kept, if it is the one that was read, of what is here, and its turn.
   * @returns what was done, in words
   */
  applyKept(stack: string, files: StackFiles, approval: Approval = { first: [] }): Promise<string> {
    // While somebody thinks about it, another may be put in its place.
    return inPrivate(async (copy) => {
      const kept = this.approved(stack, approval, copy);
      const folder = await this.prepared(stack, files);
      if (folder.input !== kept.input)
        throw new Error("its plan was made from other input than is here now: --plan-only, once more");
      const plan = await folder.read(copy, kept.input);
      const reviewed = approval.reviewed?.get(stack);
      if (reviewed !== undefined && reviewedDigest(reviewable(plan.json)) !== reviewed)
        throw new Error("its plan is not the one that was read: the packet names another; have this one reviewed");
      const told = await this.perform(stack, folder, plan).catch(staleToo);
      this.forget(stack);
      writePrivately(this.fileOf(stack, "applied"), jsonText(kept));
      return told;
    });
  }

  /**
   * Copies a kept plan. @returns what is noted of it
   * @throws where it must not be applied, as far as that is known without an engine
   */
  private approved(stack: string, { reviewed, first }: Approval, copy: string): Manifest {
    const { engine, commit } = this.props;
    const kept = readManifest(this.plans, stack);
    const file = this.fileOf(stack, "plan");
    if (!kept || !existsSync(file)) throw new Error(`no plan was kept for it in ${this.plans}: --plan-only keeps one`);
    if (reviewed && !reviewed.has(stack)) throw new Error("its plan was not read: the packet names none of it");
    writePrivately(copy, readFileSync(file));
    if (digestOf(copy) !== kept.digest)
      throw new Error(`${file} is not the plan that was kept: --plan-only, once more`);
    if (basename(engine) !== kept.engine)
      throw new Error(`its plan was made by ${kept.engine}, not by ${basename(engine)}`);
    if (commit !== kept.commit)
      throw new Error(
        `its plan is of ${kept.commit ?? "no commit"}, and here is ${commit ?? "what no commit has"}: --plan-only, once more`,
      );
    const known = first.filter((each) => reviewed?.has(each) || readManifest(this.plans, each));
    const undone = known.filter((each) => !readManifest(this.plans, each)?.isEmpty && !this.isApplied(each));
    if (undone.length > 0) throw new Error(`out of order: ${listed(undone)} is not applied, and comes before it`);
    return kept;
  }

  private isApplied(stack: string): boolean {
    return existsSync(this.fileOf(stack, "applied"));
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

  private fileOf(stack: string, what: keyof typeof endings): string {
    return join(this.plans, `${stack}${endings[what]}`);
  }

  /** A plan is kept until it was applied, or another is made. */
  private forget(stack: string): void {
    for (const what of ["plan", "json", "manifest", "applied"] as const)
      rmSync(this.fileOf(stack, what), { force: true });
  }
}

/** What the engine says of a plan that another has overtaken, with what to do. */
function staleToo(error: unknown): never {
  if (!(error instanceof Error) || !/plan is stale/i.test(error.message)) throw error;
  throw new Error(`${error.message}\n--plan-only, once more, and have that plan read`);
}

const digestOf = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

const jsonText = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** Plans hold what the state holds, which is encrypted elsewhere. */
const writePrivately = (file: string, content: string | Uint8Array): void =>
  writeFileSync(file, content, { mode: 0o600 });

/** Does some work with a plan where nobody else looks or writes, and keeps none of it. @param work takes where the plan may be */
async function inPrivate<T>(work: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "databridge-"));
  try {
    return await work(join(folder, "plan"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
