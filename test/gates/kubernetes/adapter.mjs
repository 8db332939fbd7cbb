// Makes of a stack the objects that the Kubernetes provider would send, where the provider itself cannot be installed. Names
// and shapes are the API's own; what it cannot place is refused, and so is what the provider would refuse.
import { join } from "node:path";
import { root } from "../../../cli/prepare.mjs";
import { blocksOf, isVariable, readSchemas, resolved } from "../vault/stack.mjs";
import { defined, kindOf, propertyOf, typesOf } from "./openapi.mjs";
import { added, encoded, inlined, octal, renamed, unsent, words } from "./provider.mjs";

/** @typedef {import("./openapi.mjs").Definition} Definition */
/** @typedef {Record<string, any>} Stated */
/** @typedef {{ apiVersion: string, kind: string, metadata: Record<string, any> } & Record<string, any>} KubernetesObject */

const schemas = readSchemas([join(root, "engine", "validate", "providers")]);
const of = (/** @type {string} */ name) =>
  schemas.get(`registry.terraform.io/hashicorp/${name}`)?.resource_schemas ?? {};
/** What a stack may make of Kubernetes. */
export const offered = of("kubernetes");

/**
 * All objects of a stack by their addresses, in the order in which they are made. What charts of Helm make is not among them.
 * Throws all that is wrong, a line each.
 * @param {any} stack as cdktf writes it
 * @returns {Map<string, KubernetesObject>}
 */
export function objectsOf(stack) {
  /** @type {Map<string, KubernetesObject>} */
  const objects = new Map();
  /** @type {string[]} */
  const problems = [];
  /** @type {Record<string, Stated>} */
  const values = {};
  /** Addresses by kind and name. @type {Map<string, string>} */
  const names = new Map();
  /** @param {readonly (string | number)[]} steps @returns {any} what a reference means */
  const look = ([first = "", second = "", ...rest]) => {
    if (first === "local") return resolved(stack.locals?.[second], look);
    // What nobody knows before an apply stands for itself: a secret has to.
    if (first === "var") return stack.variable?.[second]?.default ?? `var.${second}`;
    // Of a chart beside the stack, which is read elsewhere.
    if (first === "path") return `path.${second}`;
    const found = rest.reduce(
      (value, step) => (step === 0 && !Array.isArray(value) ? value : value?.[step]),
      /** @type {any} */ (values[`${first}.${second}`]),
    );
    if (found === undefined) throw new Error(`${[first, second, ...rest].join(".")} has no value`);
    return found;
  };
  const types = Object.keys({ ...offered, ...of("helm") });
  // What is ignored later is sent at first.
  for (const { address, type, stated } of blocksOf(stack, schemas, types, secrets, ["ignore_changes"])) {
    let full = stated;
    try {
      full = resolved(stated, look);
    } catch (error) {
      problems.push(`${address}: ${error instanceof Error ? error.message : error}`);
    }
    values[address] = full;
    if (!Object.hasOwn(offered, type)) continue;
    const { apiVersion, kind, definition } = kindOf(type);
    /** @type {KubernetesObject} */
    const object = { apiVersion, kind, metadata: {}, ...new Sending(problems).part(definition, full, address) };
    const { metadata } = object;
    if (type.startsWith("kubernetes_default_")) metadata.name ??= "default";
    if (isNamespaced(type)) metadata.namespace ??= "default";
    const id = [metadata.namespace, metadata.name].filter(Boolean).join("/");
    const twin = metadata.name && names.get(`${kind} ${id}`);
    if (twin) problems.push(`${address}: ${twin} has the same name`);
    if (!metadata.name && !metadata.generateName) problems.push(`${address}.metadata: it has no name`);
    names.set(`${kind} ${id}`, address);
    values[address] = { ...full, metadata, id };
    objects.set(address, object);
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return objects;
}

/** @param {string} type */
const isNamespaced = (type) =>
  Object.hasOwn(offered[type]?.block.block_types?.metadata?.block.attributes ?? {}, "namespace");

/** What is wrong with a secret. @param {{ stated: Stated }} block @returns {string[]} */
const secrets = ({ stated }) =>
  ["data_wo", "binary_data_wo"].flatMap((name) => {
    if (stated[name] === undefined) return [];
    if (typeof stated[name] !== "object") return [`${name}: its keys have to be said`];
    const said = Object.entries(stated[name]).filter(([, value]) => !isVariable(value));
    const problems = said.map(([key]) => `${name}.${key}: a secret comes from a variable`);
    return stated[`${name}_revision`] >= 1 ? problems : [...problems, `${name}: nothing is sent without a revision`];
  });

/** What is sent of a resource. */
class Sending {
  /** Names of the definitions around what is being made, outermost first. @type {string[]} */
  within = [];

  /** @param {string[]} problems */
  constructor(problems) {
    this.problems = problems;
  }

  /** A block. @param {Definition} definition @param {Stated} stated @param {string} path @returns {Stated} */
  part(definition, stated, path) {
    const name = definition.name ?? "";
    /** @type {Stated} */
    const said = {};
    for (const [argument, value] of Object.entries(stated)) {
      const at = `${path}.${argument}`;
      if (this.within.length === 0 && unsent.test(argument)) continue;
      if (inlined.includes(`${name}.${argument}`)) {
        for (const one of [value].flat()) Object.assign(said, this.part(definition, one, at));
        continue;
      }
      const property = placed(definition, argument);
      const is = property && definition.properties?.[property];
      if (!is) {
        this.problems.push(`${at}: ${name} of Kubernetes has nothing of the name`);
        continue;
      }
      this.within.push(name);
      const sent = this.value(defined(is), translated(argument, value), at);
      this.within.pop();
      const allowed = words[`${name}.${property}`];
      for (const word of [sent ?? []].flat())
        if (allowed && !allowed.includes(word))
          this.problems.push(`${at}: ${JSON.stringify(word)} · ${allowed.join(", ")}`);
      if (sent !== undefined) said[property] = sent;
    }
    const more = added[name];
    return { ...(typeof more === "function" ? more(said, this.within) : more), ...said };
  }

  /** A value, or undefined for what Go leaves out: no text, an empty list. @param {Definition} is @param {any} value @param {string} at @returns {any} */
  value(is, value, at) {
    const types = typesOf(is);
    if (value === null || value === undefined || value === "") return undefined;
    if (types.includes("array")) {
      const items = [value].flat().flatMap((item, i) => this.items(defined(is.items ?? {}), item, `${at}[${i}]`));
      return items.length > 0 ? items : undefined;
    }
    if (is.properties) {
      const blocks = [value].flat();
      if (blocks.length > 1) this.problems.push(`${at}: only the first of these blocks is sent`);
      return blocks.length > 0 ? this.part(is, blocks[0] ?? {}, at) : undefined;
    }
    if (is.additionalProperties) {
      const inner = defined(is.additionalProperties);
      const entries = Object.entries(value).map(([key, item]) => [key, this.value(inner, item, `${at}.${key}`) ?? ""]);
      return entries.length > 0 ? Object.fromEntries(entries) : undefined;
    }
    return this.plain(is, value, at);
  }

  /** What an item of a list is sent as; the provider makes one source of each projection. @param {Definition} is @param {any} item @param {string} at @returns {any[]} */
  items(is, item, at) {
    if (is.name !== "VolumeProjection")
      return [is.properties ? this.part(is, item ?? {}, at) : (this.value(is, item, at) ?? "")];
    return Object.entries(item ?? {}).flatMap(([argument, blocks]) =>
      [blocks].flat().map((block) => this.part(is, { [argument]: block }, at)),
    );
  }

  /** Terraform turns text into what is wanted, and back. @param {Definition} is @param {any} value @param {string} at */
  plain(is, value, at) {
    const types = typesOf(is);
    const text = String(value);
    /** @param {boolean} fine @param {string} wanted @param {any} sent */
    const sent = (fine, wanted, sent) => {
      if (!fine) this.problems.push(`${at}: ${JSON.stringify(value)} · ${wanted}`);
      return sent;
    };
    if (is.name === "IntOrString") return /^\d+$/.test(text) ? Number(text) : text;
    if (is.name === "Quantity") return sent(quantity.test(text), "a quantity, as 500m or 2Gi", text);
    if (types.includes("integer")) return sent(/^-?\d+$/.test(text), "a whole number", Number(text));
    if (types.includes("boolean")) return sent(/^(true|false)$/.test(text), "true or false", text === "true");
    return text;
  }
}

const quantity = /^[+-]?(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

/** What is no longer the text that was said. @param {string} argument @param {any} value */
function translated(argument, value) {
  if (encoded.test(argument)) return Buffer.from(value).toString("base64");
  if (!octal.test(argument)) return value;
  return /^0[0-7]{1,3}$/.test(value) ? Number.parseInt(value, 8) : `${value}, and not 0 and octal`;
}

/** The property of a definition that an argument is. @param {Definition} definition @param {string} argument */
export const placed = (definition, argument) =>
  renamed[/** @type {keyof typeof renamed} */ (`${definition.name}.${argument}`)] ?? propertyOf(definition, argument);
