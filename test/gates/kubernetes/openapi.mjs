// What Kubernetes takes, as its OpenAPI says: read from the package that holds objects against it.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ofPython } from "../gate.mjs";

/**
 * A part of the API as JSON Schema. Where it has a name, it has properties.
 * @typedef {{ name?: string, $ref?: string, type?: string | string[], oneOf?: Definition[], items?: Definition,
 *   properties?: Record<string, Definition>, additionalProperties?: Definition | false,
 *   "x-kubernetes-group-version-kind"?: { group: string, version: string, kind: string }[] }} Definition
 */

/** Of Kubernetes. */
export const release = "1.34";

/** The program that validates, installed if it is not there. */
export const validator = () => ofPython("kubernetes-validate", "1.34.1", join(import.meta.dirname, "requirements.txt"));

/** @type {Record<string, Definition> | undefined} */
let read;

/** @returns {Record<string, Definition>} all definitions, by their names in Go: `io.k8s.api.core.v1.PodSpec` */
function definitions() {
  if (read) return read;
  const lib = join(dirname(dirname(validator())), "lib");
  const packages = readdirSync(lib).map((python) => join(lib, python, "site-packages", "kubernetes_validate"));
  const schemas = join(packages[0] ?? "", "kubernetes-json-schema");
  const folder = readdirSync(schemas).find((name) => name.startsWith(`v${release}.`) && name.endsWith("-strict"));
  if (!folder) throw new Error(`there is no schema of Kubernetes ${release} in ${schemas}`);
  read = JSON.parse(readFileSync(join(schemas, folder, "_definitions.json"), "utf8")).$defs;
  return read ?? {};
}

/** What a reference means, with the last part of its name: `PodSpec`. @param {Definition} is @returns {Definition} */
export function defined(is) {
  const path = is.$ref?.split("/").at(-1);
  return path === undefined ? is : { ...definitions()[path], name: path.split(".").at(-1) ?? path };
}

/**
 * The kind of which a type of the provider is: `kubernetes_role_binding_v1`.
 * @param {string} type
 * @returns {{ apiVersion: string, kind: string, definition: Definition }}
 */
export function kindOf(type) {
  const [, name = "", version] = /^kubernetes_(?:default_(?=service_account))?(\w+)_(v\d+)$/.exec(type) ?? [];
  const found = Object.entries(definitions()).flatMap(([path, { "x-kubernetes-group-version-kind": kinds = [] }]) =>
    kinds
      .filter((is) => is.kind.toLowerCase() === plain(name) && is.version === version)
      .map(({ group, kind }) => ({
        apiVersion: [group, version].filter(Boolean).join("/"),
        kind,
        definition: defined({ $ref: `#/$defs/${path}` }),
      })),
  );
  if (found.length !== 1 || !found[0]) throw new Error(`${type}: ${found.length} kinds of Kubernetes are called so`);
  return found[0];
}

/** Underscores and capitals are all that differs: `cluster_ip`, clusterIP. @param {string} name */
const plain = (name) => name.replaceAll("_", "").toLowerCase();

/**
 * What a property is called by which the provider's argument goes: the same, or several where the provider names one.
 * @param {Definition} definition
 * @param {string} argument
 */
export function propertyOf({ properties = {} }, argument) {
  const name = plain(argument);
  const names = [name, `${name}s`, `${name}es`, name.replace(/y$/, "ies")];
  for (const wanted of names) {
    const found = Object.keys(properties).filter((property) => property.toLowerCase() === wanted);
    if (found.length === 1) return found[0];
  }
  return undefined;
}

/** Types that a value may be of. @param {Definition} is */
export const typesOf = ({ type = [] }) => [type].flat();
