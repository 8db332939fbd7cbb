#!/usr/bin/env node
// Kubernetes' OpenAPI, strictly, holds every object that the provider would send of our stacks. Before, the adapter that makes
// the objects proves itself on a stack of ours that has all kinds, and mistakes are planted that have to be found.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../../cli/prepare.mjs";
import { same } from "./clouds.mjs";
import { Gate, run, Skipped } from "./gate.mjs";
import { objectsOf, offered, placed } from "./kubernetes/adapter.mjs";
import { mistakes, sent, wrong } from "./kubernetes/expected.mjs";
import { defined, kindOf, release, validator } from "./kubernetes/openapi.mjs";
import { inlined, unsent } from "./kubernetes/provider.mjs";

/** @typedef {import("./kubernetes/adapter.mjs").KubernetesObject} KubernetesObject */
/** @typedef {import("./kubernetes/openapi.mjs").Definition} Definition */
/** @typedef {import("../../engine/validate/schema.js").Block} Block */

const gate = new Gate();
const folder = join(import.meta.dirname, "kubernetes");
/** @returns {any} the stack, as often as somebody wants to change it */
const fixture = () => JSON.parse(readFileSync(join(folder, "fixture.tf.json"), "utf8"));

/** What kubernetes-validate has against each object, in one process. @param {readonly KubernetesObject[]} objects @returns {(string | null)[]} */
function problemsOf(objects) {
  const file = join(gate.folder, "objects.json");
  writeFileSync(file, JSON.stringify(objects));
  const found = JSON.parse(run(join(dirname(validator()), "python"), [join(folder, "validate.py"), release, file]));
  same(found.length, objects.length);
  return found;
}

/** Throws what is wrong, with addresses. @param {Map<string, KubernetesObject>} objects */
function valid(objects) {
  const found = problemsOf([...objects.values()]);
  const lines = [...objects.keys()].flatMap((address, i) => (found[i] === null ? [] : [`${address}: ${found[i]}`]));
  if (lines.length > 0) throw new Error(lines.join("\n"));
}

/** Arguments of a type that have no place in the API. @param {string} type @returns {string[]} */
function unplaced(type) {
  /** @param {Definition} definition @param {Block | undefined} block @returns {string[]} */
  const walk = (definition, { attributes = {}, block_types: nested = {} } = {}, top = false) => {
    const settable = Object.keys(attributes).filter((name) => attributes[name]?.required || attributes[name]?.optional);
    return [...settable, ...Object.keys(nested)].flatMap((argument) => {
      const name = `${definition.name}.${argument}`;
      const block = nested[argument]?.block;
      if (top && unsent.test(argument)) return [];
      if (inlined.includes(name)) return walk(definition, block);
      const is = defined(definition.properties?.[placed(definition, argument) ?? ""] ?? {});
      if (Object.keys(is).length === 0) return [name];
      return block ? walk(is.properties ? is : defined(is.items ?? {}), block) : [];
    });
  };
  return walk(kindOf(type).definition, offered[type]?.block, true);
}

gate.check(`every argument that a stack may give has its place in Kubernetes ${release}`, () => {
  const types = Object.keys(offered);
  // The provider takes it and sends nothing; who gives it is told.
  same(types.flatMap(unplaced), ["HorizontalPodAutoscalerSpec.target_cpu_utilization_percentage"]);
  same(
    Object.keys(fixture().resource)
      .filter((type) => type !== "helm_release")
      .sort(),
    types.sort(),
  );
});
gate.check("objects are as the provider sends them, with what nobody said", () => {
  const objects = objectsOf(fixture());
  for (const [path, value] of sent) {
    const [object, steps] = within(objects, path);
    const found = steps.reduce((inner, step) => inner?.[step], object);
    same([path, sorted(found)], [path, sorted(value)]);
  }
});
gate.check("kubernetes-validate takes all of them", () => valid(objectsOf(fixture())));
gate.check("what is wrong in a stack is found, and where", () => {
  for (const [what, path, value, words] of mistakes) {
    const stack = fixture();
    change(stack.resource, path.split("."), value);
    let told = "nothing";
    try {
      valid(objectsOf(stack));
    } catch (error) {
      told = String(error instanceof Error ? error.message : error);
    }
    if (!words.test(told)) throw new Error(`${what}: ${told}`);
  }
  console.log(`  ${mistakes.length} mistakes`);
});
gate.check("what is wrong with an object is found by kubernetes-validate alone", () => {
  const objects = wrong.map(([, path, value]) => {
    const [object, steps] = within(objectsOf(fixture()), path);
    change(object, steps, value);
    return object;
  });
  for (const [i, told] of problemsOf(objects).entries())
    if (!wrong[i]?.[3].test(told ?? "nothing")) throw new Error(`${wrong[i]?.[0]}: ${told}`);
});

/** The object of a path, and its steps in it. @param {Map<string, KubernetesObject>} objects @param {string} path @returns {[any, string[]]} */
function within(objects, path) {
  const [type, name, ...steps] = path.split(".");
  const object = objects.get(`${type}.${name}`);
  if (!object) throw new Error(`there is no ${type}.${name}`);
  return [object, steps];
}

/** Writes a value, or takes one out. @param {any} whole @param {readonly string[]} steps @param {unknown} value */
function change(whole, steps, value) {
  const [last = "", ...before] = [...steps].reverse();
  const inner = before.reduceRight((at, step) => at[step], whole);
  if (value === undefined) delete inner[last];
  else inner[last] = value;
}

/** @param {any} value @returns {any} the same, with keys in order */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

const stacks = join(root, "synthesized", "stacks");
const ours = readdirSync(stacks).flatMap((file) => {
  const stack = JSON.parse(readFileSync(join(stacks, file), "utf8"));
  const { kubernetes, helm } = stack.terraform?.required_providers ?? {};
  return kubernetes || helm ? [{ name: file.replace(/\.json$/, ""), stack, sources: [kubernetes, helm] }] : [];
});
gate.check("kubernetes-validate takes all objects of our stacks", () => {
  if (ours.length === 0) throw new Skipped("no stack has any yet");
  /** @type {Map<string, KubernetesObject>} */
  const all = new Map();
  for (const { name, stack, sources } of ours) {
    // OpenTofu looks a shorter one up elsewhere.
    for (const { source = "" } of sources.filter(Boolean))
      if (source.split("/").length !== 3) throw new Error(`${name}: the source ${source} has no host`);
    for (const [address, object] of objectsOf(stack)) all.set(`${name}.${address}`, object);
  }
  if (all.size === 0) throw new Error("it has looked at nothing");
  valid(all);
  console.log(`  ${all.size} objects of ${ours.length} stacks`);
});
gate.done();
