import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { cacheOf, compact } from "../../engine/validate/schemas";
import { isRecord } from "../../model/words/record";
import { outdir } from "../project/description";

/** `databridge schemas`. @returns the exit code */
export function runSchemas({ dir = outdir }: { readonly dir?: string }): number {
  const stacks = join(dir, "stacks");
  const ready = (existsSync(stacks) ? readdirSync(stacks) : [])
    .map((name) => join(stacks, name))
    .filter((folder) => existsSync(join(folder, ".terraform")));
  if (ready.length === 0) {
    console.error(`no stack in ${dir} is initialized: run terraform init in one of ${stacks}`);
    return 1;
  }
  const told = new Set<string>();
  for (const folder of ready) for (const source of keep(folder)) told.add(source);
  for (const source of told) console.log(`kept ${source}`);
  return told.size === 0 ? 1 : 0;
}

/** @returns the sources of the providers that told */
function keep(folder: string): readonly string[] {
  const engine = process.env.TERRAFORM_BINARY_NAME ?? "terraform";
  const options = { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 } as const;
  const { status, stdout, stderr, error } = spawnSync(engine, ["providers", "schema", "-json"], options);
  if (status !== 0) {
    console.error(`${basename(folder)}: ${error?.message ?? (stderr.trim() || `${engine} ended with ${status}`)}`);
    return [];
  }
  const { provider_schemas: providers } = JSON.parse(stdout) as { provider_schemas?: unknown };
  const cache = cacheOf(process.env);
  mkdirSync(cache, { recursive: true });
  return Object.entries(isRecord(providers) ? providers : {}).map(([source, schema]) => {
    const file = join(cache, `${source.replaceAll("/", "-")}.json`);
    writeFileSync(`${file}.${process.pid}`, `${JSON.stringify({ provider_schemas: { [source]: compact(schema) } })}\n`);
    renameSync(`${file}.${process.pid}`, file);
    return source;
  });
}
