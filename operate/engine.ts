import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type ProgramProps, type Ran, runProgram } from "./program";

/** What a plan would do. */
export interface Counts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  /** It moves, adopts or forgets something, and touches nothing. */
  readonly other: number;
}

/** A plan that was made, and may be applied once. */
export interface Plan {
  readonly file: string;
  /** As `terraform show -json` prints it. */
  readonly json: unknown;
  readonly counts: Counts;
  /** Whether applying it does nothing at all. */
  readonly isEmpty: boolean;
  /** Digest of what it was made from. */
  readonly input: string;
  /** Of the engine. */
  readonly version: string;
}

export interface WorkingFolderProps {
  /** `terraform` or `tofu`, or where one is. */
  readonly engine: string;
  /** The folder of a stack. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: string;
}

/** The folder of a stack, in which Terraform or OpenTofu works. */
export class WorkingFolder {
  constructor(private readonly props: WorkingFolderProps) {}

  /** Digest of the files that the engine reads: a plan is of one input alone. */
  get input(): string {
    return inputOf(this.props.folder);
  }

  async init(): Promise<void> {
    await this.run("init", "-input=false", "-no-color", "-lock-timeout=60s");
  }

  /**
   * Makes a plan and keeps it in a file, for {@link apply}.
   * @param locks whether nobody else may apply meanwhile. A plan that is only looked at holds nobody up: where somebody did, it is stale @default true
   */
  async plan(file: string, { locks = true }: { readonly locks?: boolean } = {}): Promise<Plan> {
    const { input } = this;
    await this.run("plan", "-input=false", "-no-color", locks ? "-lock-timeout=60s" : "-lock=false", `-out=${file}`);
    return this.read(file, input);
  }

  /** A plan that was made before. @param input what it was made from, as was noted then */
  async read(file: string, input: string): Promise<Plan> {
    const json = await this.shown(file);
    return { file, json, input, ...readPlan(json) };
  }

  /**
   * Applies a plan, and no other: whatever has been written since makes it one of something else.
   * @param onDone told how many resources are done
   */
  async apply({ file, input }: Plan, onDone: (done: number) => void = () => undefined): Promise<void> {
    if (this.input !== input) throw new Error("the plan was made from other files than are here now; plan once more");
    let done = 0;
    const onLine = (line: string) => {
      if (line.includes('"type":"apply_complete"')) onDone(++done);
    };
    const ran = await this.start(["apply", "-input=false", "-json", "-lock-timeout=60s", file], { onLine });
    if (ran.code !== 0) throw new Error(reasonIn(ran));
  }

  /** Ids of all that the state has. */
  async ids(): Promise<ReadonlySet<string>> {
    const { code, output, error } = await this.start(["show", "-json"], { isSecret: true });
    if (code !== 0) throw new Error(error.trim());
    const { values } = stateSchema.parse(jsonIn(output));
    return new Set(values?.root_module.resources.flatMap(({ values: { id } }) => id ?? []));
  }

  /** A plan as JSON, without the variables: among them stands the passphrase of the state, in the clear. */
  private async shown(file: string): Promise<unknown> {
    const { code, output, error } = await this.start(["show", "-json", file], { isSecret: true });
    if (code !== 0) throw new Error(error.trim());
    const { variables: _, ...plan } = z.record(z.string(), z.unknown()).parse(jsonIn(output));
    return plan;
  }

  private async run(...args: readonly string[]): Promise<Ran> {
    const ran = await this.start(args);
    if (ran.code === 0) return ran;
    throw new Error(reasonIn(ran));
  }

  private start(args: readonly string[], more: Pick<ProgramProps, "isSecret" | "onLine"> = {}): Promise<Ran> {
    const { engine, folder: cwd, env, log } = this.props;
    return runProgram(engine, args, { cwd, env, log, ...more });
  }
}

/** OpenTofu writes its warnings before its JSON. */
export const jsonIn = (output: string): unknown => JSON.parse(output.slice(Math.max(0, output.indexOf("{"))));

/** Digest of what an engine reads in a folder, beside the state. */
export function inputOf(folder: string): string {
  const hash = createHash("sha256");
  for (const file of filesRead(folder))
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(folder, file)))
      .update("\0");
  return hash.digest("hex");
}

/** Names of the files that an engine reads in a folder. */
export const filesRead = (folder: string): readonly string[] =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => /\.(tf|tofu)(\.json)?$|\.tfvars(\.json)?$/.test(name))
    .sort();

const planSchema = z.object({
  terraform_version: z.string().default(""),
  resource_changes: z
    .array(
      z.object({
        mode: z.string(),
        previous_address: z.string().optional(),
        change: z.object({ actions: z.array(z.string()), importing: z.unknown().optional() }),
      }),
    )
    .default([]),
  output_changes: z.record(z.string(), z.object({ actions: z.array(z.string()) })).default({}),
});

const stateSchema = z.object({
  values: z
    .object({
      root_module: z.object({
        resources: z.array(z.object({ values: z.object({ id: z.string().nullish() }) })).default([]),
      }),
    })
    .optional(),
});

function readPlan(json: unknown): Pick<Plan, "counts" | "isEmpty" | "version"> {
  const { resource_changes: changes, output_changes: outputs, terraform_version: version } = planSchema.parse(json);
  const counts = { create: 0, update: 0, replace: 0, delete: 0, other: 0 };
  for (const { mode, previous_address: moved, change } of changes) {
    if (mode !== "managed") continue;
    const is = change.actions.join(" ");
    if (is.includes("create") && is.includes("delete")) counts.replace += 1;
    else if (is === "create" || is === "update" || is === "delete") counts[is] += 1;
    else if (moved !== undefined || change.importing !== undefined || is === "forget") counts.other += 1;
  }
  const said = Object.values(outputs).some(({ actions }) => actions.join() !== "no-op");
  return { counts, isEmpty: !said && Object.values(counts).every((count) => count === 0), version };
}

/** What was done, in words: `88 created, 2 changed`. */
export function countsText({ create, update, replace, delete: gone, other }: Counts): string {
  const parts = [
    [create, "created"],
    [update, "changed"],
    [replace, "made anew"],
    [gone, "destroyed"],
    [other, "moved, adopted or left"],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return told.join(", ") || "nothing to do";
}

/** The same of what is planned: `88 to be created`. */
export const plannedText = (counts: Counts): string => countsText(counts).replace(/(\d+) /g, "$1 to be ");

/** What an engine complains of, in its own words, as short as they are. */
export function reasonIn({ output, error, code }: Ran): string {
  const said = output.split("\n").flatMap((line) => {
    if (!line.includes('"@level":"error"') || !line.endsWith("}")) return [];
    const { diagnostic, "@message": message } = messageSchema.parse(JSON.parse(line));
    return [
      diagnostic ? [diagnostic.summary, diagnostic.address, diagnostic.detail].filter(Boolean).join(": ") : message,
    ];
  });
  if (said.length > 0) return [...new Set(said)].join("\n").split("\n").slice(-most).join("\n");
  const lines = (error.trim() || output.trim()).split("\n");
  // Warnings come before; a box is drawn around either.
  const first = lines.findIndex((line) => /^[\s│|]*Error: /.test(line));
  const text =
    first < 0 ? lines.slice(-most) : lines.slice(first, first + most).map((line) => line.replace(/^│ ?/, ""));
  return text.join("\n").trim() || `it ended with ${code}`;
}

const most = 25;
const messageSchema = z.object({
  "@message": z.string(),
  diagnostic: z
    .object({ summary: z.string(), detail: z.string().optional(), address: z.string().optional() })
    .optional(),
});
