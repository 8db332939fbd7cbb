// A stack of Terraform, as JSON: its resources, held against the provider's schema, in the order in which they are made.
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile } from "../../../cli/prepare.mjs";

const load = createRequire(join(compile(), "main.js"));
/** @type {typeof import("../../../engine/validate/validate.js")} */
const { validate } = load("./engine/validate/validate.js");
/** @type {typeof import("../../../engine/validate/expressions.js")} */
const { readTemplate } = load("./engine/validate/expressions.js");
/** @type {typeof import("../../../engine/validate/schemas.js")} */
export const { readSchemas } = load("./engine/validate/schemas.js");

/** @typedef {import("../../../engine/validate/schema.js").Schemas} Schemas */
/** @typedef {{ address: string, type: string, stated: Record<string, any>, lifecycle: Record<string, any> }} Block */

const known = ["//", "terraform", "provider", "variable", "locals", "output", "resource", "moved", "removed"];
/** What only Terraform reads: here nothing is destroyed, nor made anew. */
const harmless = ["prevent_destroy", "create_before_destroy", "precondition", "postcondition"];

/**
 * All resources in the order in which they are made; throws every problem at once, before anything is written.
 * @param {any} stack
 * @param {Schemas} schemas
 * @param {readonly string[]} types that can be made
 * @param {(block: Block) => readonly string[]} refused what is wrong with a block, besides, by names of its arguments
 * @param {readonly string[]} [passed] what is harmless besides in a lifecycle
 * @returns {Block[]}
 */
export function blocksOf(stack, schemas, types, refused, passed = []) {
  const { problems: found, unchecked } = validate("stack", stack, schemas);
  const problems = found.map(({ path, allowed, fix }) => `${path}: ${allowed} · ${fix}`);
  for (const source of unchecked.keys()) problems.push(`${source}: nobody knows its schema`);
  for (const key of Object.keys(stack)) if (!known.includes(key)) problems.push(`${key}: unknown here`);
  /** @type {Map<string, Block & { after: string[] }>} */
  const blocks = new Map();
  for (const [type, named] of Object.entries(stack.resource ?? {}))
    for (const [name, block] of Object.entries(/** @type {Record<string, any>} */ (named))) {
      const address = `${type}.${name}`;
      const { "//": _, depends_on: first = [], lifecycle = {}, ...rest } = block;
      const stated = saidIn(rest);
      const one = { address, type, stated, lifecycle, after: [...first, ...referred(stated)] };
      blocks.set(address, one);
      if (!types.includes(type)) problems.push(`${address}: unknown here`);
      for (const key of Object.keys(lifecycle))
        if (![...harmless, ...passed].includes(key)) problems.push(`${address}.lifecycle.${key}: unknown here`);
      for (const key of ["provider", "count", "for_each"])
        if (stated[key] !== undefined) problems.push(`${address}.${key}: unknown here`);
      problems.push(...refused(one).map((problem) => `${address}.${problem}`));
    }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  /** @type {Set<Block>} */
  const done = new Set();
  /** @param {string} address @param {readonly string[]} path */
  const visit = (address, path) => {
    const block = blocks.get(address);
    if (block === undefined || done.has(block)) return;
    if (path.includes(address)) throw new Error(`a cycle: ${[...path, address].join(" → ")}`);
    for (const other of block.after) visit(other, [...path, address]);
    done.add(block);
  };
  for (const address of blocks.keys()) visit(address, []);
  return [...done];
}

/** Whether all of a text is a variable, as a secret has to be. @param {unknown} value */
export const isVariable = (value) => typeof value === "string" && /^\$\{var\.[\w-]+\}$/.test(value);

/** What is said, without what is null: Terraform takes it for not said. @param {any} value @returns {any} */
function saidIn(value) {
  if (Array.isArray(value)) return value.map(saidIn);
  if (typeof value !== "object" || value === null) return value;
  const said = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(said.map(([name, item]) => [name, saidIn(item)]));
}

/** Addresses of what is referred to, anywhere in a value. @param {any} value @returns {string[]} */
function referred(value) {
  if (typeof value === "string") return readTemplate(value).references.map(({ steps }) => steps.slice(0, 2).join("."));
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(referred) : [];
}

/**
 * A value with its references replaced; functions and conditions are refused.
 * @param {any} value
 * @param {(steps: readonly (string | number)[]) => any} look
 * @returns {any}
 */
export function resolved(value, look) {
  if (Array.isArray(value)) return value.map((item) => resolved(item, look));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, look)]));
  if (typeof value !== "string") return value;
  const found = (/** @type {string} */ text) => {
    const { references, only } = readTemplate(text);
    if (!only || references[0] === undefined) throw new Error(`unknown here: ${text}`);
    return look(references[0].steps.map((step) => step ?? 0));
  };
  if (/^\$\{[^{}]*\}$/.test(value)) return found(value);
  return value.replace(/\$\$\{|%%\{|%\{|\$\{[^}]*\}/g, (text) =>
    text === "$${" || text === "%%{" ? text.slice(1) : found(text),
  );
}
