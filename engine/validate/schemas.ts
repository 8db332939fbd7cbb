import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isRecord } from "../../model/words/record";
import type { ProviderSchema, Schemas } from "./schema";

/** Where `databridge schemas` keeps what providers told. @see XDG Base Directory Specification */
export const cacheOf = (env: NodeJS.ProcessEnv): string =>
  join(env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "data-bridge-cdk", "schemas");

/**
 * Schemas of all files of these places, each as `terraform providers schema -json` prints it; later ones win.
 * @param places files, or folders of them; those that are not there are left out
 */
export function readSchemas(places: readonly string[]): Schemas {
  const schemas = new Map<string, ProviderSchema>();
  for (const file of places.flatMap(filesOf)) {
    const { provider_schemas: providers } = JSON.parse(readFileSync(file, "utf8")) as { provider_schemas?: unknown };
    for (const [source, schema] of Object.entries(isRecord(providers) ? providers : {}))
      if (isRecord(schema)) schemas.set(source, schema);
  }
  return schemas;
}

function filesOf(place: string): readonly string[] {
  if (!existsSync(place)) return [];
  if (place.endsWith(".json")) return [place];
  const files = readdirSync(place).filter((file) => file.endsWith(".json"));
  return files.sort().map((file) => join(place, file));
}

/** A schema with what validation reads, and no prose. */
export function compact(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(compact);
  if (!isRecord(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => !prose.includes(key) && value !== false)
      .map(([key, value]) => [key, key === "attributes" || key === "block_types" ? named(value) : compact(value)]),
  );
}

/** Attributes bear any name, that of prose too. */
const named = (value: unknown): unknown =>
  isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, compact(item)])) : value;

const prose = ["description", "description_kind", "deprecated", "deprecation_message", "functions", "version"];
