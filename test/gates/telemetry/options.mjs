#!/usr/bin/env node
// What the built collector says that its components take, of those that our configurations name.
//   node test/gates/telemetry/options.mjs     writes what tests hold configurations against
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { root } from "../../../cli/prepare.mjs";
import { build, programs, versions } from "../../../sandbox/telemetry/build.mjs";
import { run } from "../gate.mjs";

export const file = join(root, "test", "constructs", "collector", "options.json");

/** Configurations as they are committed: the program reads each. */
export function configs() {
  const hosts = join(root, "synthesized", "hosts");
  return readdirSync(hosts).flatMap((host) => {
    const folder = join(hosts, host, "etc", "otelcol");
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  });
}

/** @typedef {{ [key: string]: Tree }} Tree */

/** @param {unknown} value @param {Tree} into */
function merged(value, into) {
  if (Array.isArray(value)) for (const each of value) merged(each, into);
  else if (typeof value === "object" && value !== null)
    for (const [key, inner] of Object.entries(value)) into[key] = merged(inner, into[key] ?? {});
  return into;
}

/** As the file has it. */
export function options() {
  /** @type {Tree} */
  const all = {};
  for (const config of configs()) {
    const words = ["print-config", "--config", config, "--mode=unredacted", "--format=json"];
    // It says all that it knows, but for what may be left out; that it has taken besides, or it would have refused all.
    for (const said of [JSON.parse(run(programs.otelcol, words)), parse(readFileSync(config, "utf8"))])
      for (const kind of ["extensions", "receivers", "processors", "exporters"])
        for (const [id, component] of Object.entries(said[kind] ?? {})) {
          all[kind] ??= {};
          const [type = ""] = id.split("/");
          all[kind][type] = merged(component, all[kind][type] ?? {});
        }
  }
  return `${JSON.stringify({ version: versions.collector, options: all }, sorted, 2)}\n`;
}

/** @param {string} _ @param {unknown} value */
const sorted = (_, value) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  build();
  writeFileSync(file, options());
}
