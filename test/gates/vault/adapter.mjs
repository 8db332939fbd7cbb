// Applies a stack of HashiCorp's Vault provider over the HTTP API, where the provider itself cannot be installed. It refuses
// what it does not know before it writes anything, and reads what it has written: what the server did not take is told.
import { setTimeout as sleep } from "node:timers/promises";
import { at, kinds } from "./kinds.mjs";
import { blocksOf, isVariable, resolved } from "./stack.mjs";

/** @typedef {import("./kinds.mjs").Stated} Stated */
/** @typedef {{ made: string[], same: string[], untried: string[], warnings: string[], values: Record<string, Stated> }} Applied */

/** Thrown by what the server has not got. */
class Untried extends Error {}

/** What is found and written of one resource. */
export class Server {
  /** @type {Set<string>} */
  untried = new Set();
  /** @type {string[]} */
  warnings = [];
  written = false;

  /** @param {import("./api.mjs").Api} api @param {string} address of the resource in the stack @param {Stated} stated */
  constructor(api, address, stated) {
    this.api = api;
    this.address = address;
    this.stated = stated;
  }

  /**
   * Asks; waits where a new mount is not ready.
   * @param {string} verb @param {string} path @param {readonly number[]} fine @param {any} [body]
   */
  async ask(verb, path, fine, body) {
    for (let tries = 0; ; tries += 1) {
      const { status, data, errors, warnings } = await this.api.ask(verb, path, body);
      const words = errors.join("; ").replace(/\s+/g, " ");
      if (/unsupported path|cannot enable audit device via API/.test(words)) throw new Untried(words);
      if (fine.includes(status)) return { status, data, warnings };
      if (!words.includes("Upgrading from non-versioned") || tries > 100)
        throw new Error(`${this.address}: ${verb} ${path}: ${status} ${words}`);
      await sleep(200);
    }
  }

  /** What is there, or undefined: no such mount, and no default issuer, are 400. @param {string} path @returns {Promise<any>} */
  async find(path, verb = "GET") {
    const { status, data } = await this.ask(verb, path, [200, 204, 400, 404]);
    return status === 200 ? data : undefined;
  }

  /** Writes. @param {string} path @param {any} body @returns {Promise<any>} */
  async must(path, body) {
    const { data, warnings } = await this.ask("POST", path, [200, 204], body);
    for (const warning of warnings) {
      const [, ignored] = /^Endpoint ignored these unrecognized parameters: \[(.*)\]/.exec(warning) ?? [];
      if (ignored === undefined) this.warnings.push(`${this.address}: ${warning}`);
      // What only the provider's defaults say is nothing to tell.
      for (const name of (ignored ?? "").split(" ").filter((name) => name in this.stated))
        this.untried.add(`${this.address}.${name}: the server does not know it`);
    }
    return data;
  }

  /** Makes an address hold what it should. @param {import("./kinds.mjs").Part} part @returns {Promise<any>} what it holds */
  async settle({ path, body, from = path, read = (data) => data, unread = [], once = false, write }) {
    const look = async () => {
      const data = await this.find(from);
      return data && read(data);
    };
    const before = await look();
    if (before && (once || Object.keys(body).length === 0)) return before;
    if (before && /^sys\/(mounts|auth)\//.test(path) && before.type !== body.type)
      throw new Error(`${this.address}: ${path} is of type ${before.type}`);
    const differs = before === undefined || differences(body, before).some((name) => before[name] !== undefined);
    if (differs || unread.some((name) => body[name] !== undefined))
      await (write ? write(this, before !== undefined) : this.must(path, body));
    this.written ||= differs;
    const after = (await look()) ?? {};
    for (const name of once ? [] : differences(body, after).filter((name) => !unread.includes(name)))
      if (after[name] === undefined) this.untried.add(`${this.address}.${name}: the server does not know it`);
      else
        throw new Error(`${this.address}.${name} is ${JSON.stringify(after[name])}, not ${JSON.stringify(body[name])}`);
    return after;
  }
}

/** Names of what is not as it should be. @param {Stated} body @param {Stated} found */
const differences = (body, found) =>
  Object.keys(body).filter((name) => body[name] !== undefined && plain(body[name]) !== plain(found[name]));

/** A value as it is compared: durations in seconds, lists in any order, nothing as nothing. @param {any} value @returns {string} */
function plain(value) {
  if (Array.isArray(value)) return value.map(plain).sort().join("\n");
  if (typeof value === "object" && value !== null)
    return Object.keys(value)
      .map((name) => `${name}=${plain(value[name])}`)
      .sort()
      .join("\n");
  const text = String(value || "")
    .trim()
    .replace(/\/32$/, "");
  if (!/^(\d+[dhms])+$/.test(text)) return text;
  const seconds = { d: 86400, h: 3600, m: 60, s: 1 };
  const parts = [...text.matchAll(/(\d+)([dhms])/g)].map(
    ([, n, unit]) => Number(n) * seconds[/** @type {"d"} */ (unit)],
  );
  return String(parts.reduce((sum, part) => sum + part) || "");
}

/** What the provider sends of attributes that nobody states. @param {import("../../../engine/validate/schema.js").Block} block */
function zeros({ attributes = {} }) {
  const zero = { bool: false, number: 0, list: [], set: [] };
  const open = Object.entries(attributes).filter(([, { optional, computed }]) => optional && !computed);
  const pairs = open.map(([name, { type }]) => [name, zero[/** @type {"bool"} */ ([type].flat()[0])]]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

/**
 * Applies a stack; a second time nothing is made.
 * @param {any} stack as cdktf writes it
 * @param {{ api: import("./api.mjs").Api, schemas: import("./stack.mjs").Schemas, variables?: Record<string, string> }} options
 * @returns {Promise<Applied>} by address what was written, what was as it should be, and what the server could not take
 */
export async function apply(stack, { api, schemas, variables = {} }) {
  const blocks = blocksOf(stack, schemas, Object.keys(kinds), ({ stated }) => [
    ...(stated.namespace === undefined ? [] : ["namespace: unknown here"]),
    ...(stated.data_json_wo === undefined || isVariable(stated.data_json_wo)
      ? []
      : ["data_json_wo: a secret comes from a variable"]),
  ]);
  const types = schemas.get("registry.terraform.io/hashicorp/vault")?.resource_schemas ?? {};
  /** @type {Applied} */
  const result = { made: [], same: [], untried: [], warnings: [], values: {} };
  /** What a reference means. @param {readonly (string | number)[]} steps @returns {any} */
  const look = ([first = "", second = "", ...rest]) => {
    if (first === "local") return resolved(stack.locals?.[second], look);
    const start =
      first === "var" ? (variables[second] ?? stack.variable?.[second]?.default) : result.values[`${first}.${second}`];
    const found = rest.reduce((value, step) => value?.[step], start);
    if (found === undefined) throw new Error(`${[first, second, ...rest].join(".")} has no value`);
    return found;
  };
  for (const { address, type, stated, lifecycle } of blocks) {
    const { defaults = {}, zeros: all, id: named, parts = () => [], make } = kinds[type] ?? {};
    const full = { ...(all ? zeros(types[type]?.block ?? {}) : {}), ...defaults, ...resolved(stated, look) };
    const server = new Server(api, address, stated);
    let found = {};
    try {
      const made = await make?.(full, server);
      if (made) [server.written, found] = [made.made, made.values];
      for (const part of parts(full)) found = { ...found, ...(await server.settle(part)) };
      result[server.written ? "made" : "same"].push(address);
    } catch (error) {
      if (!(error instanceof Untried)) throw error;
      server.untried.add(`${address}: ${error.message}`);
    }
    for (const check of ["precondition", "postcondition"])
      if (lifecycle[check]) server.untried.add(`${address}.lifecycle.${check}: only Terraform reads it`);
    const values = { path: full.path ?? full.type, id: parts(full)[0]?.path, ...found, ...full };
    result.values[address] = named ? { ...values, id: at(named, values) } : values;
    result.untried.push(...server.untried);
    result.warnings.push(...server.warnings);
  }
  return result;
}
