import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../../../model/words/record";

interface Options {
  /** Of the collector. */
  readonly version: string;
  /** By kind and type of component, what each takes; of a list, what its items take. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** What the program of one version takes, as it says itself: test/gates/telemetry/options.mjs asks it. */
export const known: Options = JSON.parse(readFileSync(join(__dirname, "options.json"), "utf8"));

/** Below these, keys are free, or somebody else's: Prometheus' own configuration is read by promtool. */
const free = ["config", "headers", "mapping", "resource"];

/** What a configuration says that the program does not know: `exporters otlp_http sending_queue.storrage`. */
export const unknownIn = (config: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(known.options).flatMap((kind) => {
    const types = known.options[kind];
    return Object.entries(isRecord(config[kind]) ? config[kind] : {}).flatMap(([id, component]) => {
      const [type = ""] = id.split("/");
      if (!isRecord(types) || !(type in types)) return [`${kind} ${type}`];
      return beyond(component, types[type]).map((path) => `${kind} ${type} ${path}`);
    });
  });

function beyond(value: unknown, takes: unknown): readonly string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((each: unknown) => beyond(each, takes)))];
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (!isRecord(takes) || !(key in takes)) return [key];
    return free.includes(key) ? [] : beyond(inner, takes[key]).map((path) => `${key}.${path}`);
  });
}
