import { didYouMean, listed, type Problem } from "../../model/words/problem";
import { isRecord, own } from "../../model/words/record";
import { type Reference, readTemplate } from "./expressions";
import { type Attribute, type Block, type NestedBlock, type Schemas, type Type, typeOf } from "./schema";
import { type Kind, kinds, recordIn, Scope } from "./scope";
import { converts, elementOf, shownType } from "./types";

/** What was found in a stack. */
export interface Validated {
  readonly problems: readonly Problem[];
  /** Blocks of providers that were held against their schema. */
  readonly checked: number;
  /** Blocks that were not, since nobody knows the schema, by the source of their provider. */
  readonly unchecked: ReadonlyMap<string, number>;
}

/**
 * Holds a stack, as Terraform reads it, against the schemas of its providers. Nothing is started and nothing evaluated: what
 * is not known before a plan passes.
 * @param name of the stack, the start of every problem's path
 * @param stack a file `cdk.tf.json`, or any other configuration in JSON, parsed
 */
export const validate = (name: string, stack: unknown, schemas: Schemas): Validated =>
  new Validation(name, isRecord(stack) ? stack : {}, schemas).run();

/** What stands in a file beside blocks of providers. */
const others = [
  "terraform",
  "provider",
  "variable",
  "output",
  "locals",
  "module",
  "moved",
  "removed",
  "import",
  "check",
];

/** What every resource can say besides its provider's arguments. */
const meta: Readonly<Record<Kind, readonly string[]>> = {
  resource: ["depends_on", "count", "for_each", "provider", "lifecycle", "connection", "provisioner"],
  data: ["depends_on", "count", "for_each", "provider", "lifecycle"],
  ephemeral: ["depends_on", "count", "for_each", "provider", "lifecycle"],
};

const lifecycle: Readonly<Record<string, Type>> = {
  create_before_destroy: "bool",
  prevent_destroy: "bool",
  ignore_changes: "dynamic",
  replace_triggered_by: "dynamic",
  precondition: "dynamic",
  postcondition: "dynamic",
};

/** What may and must stand in blocks of Terraform itself; some have a name. */
const statements: Readonly<
  Record<string, { readonly keys: readonly string[]; readonly required: readonly string[]; readonly named?: true }>
> = {
  moved: { keys: ["from", "to"], required: ["from", "to"] },
  removed: { keys: ["from", "lifecycle", "connection", "provisioner"], required: ["from"] },
  import: { keys: ["to", "id", "identity", "provider", "for_each"], required: ["to"] },
  output: {
    keys: ["value", "description", "sensitive", "ephemeral", "depends_on", "precondition"],
    required: ["value"],
    named: true,
  },
  variable: {
    keys: ["type", "default", "description", "sensitive", "ephemeral", "nullable", "validation"],
    required: [],
    named: true,
  },
};

type Json = Readonly<Record<string, unknown>>;

class Validation {
  private readonly problems: Problem[] = [];
  private readonly unchecked = new Map<string, number>();
  private readonly scope: Scope;
  private checked = 0;

  constructor(
    private readonly name: string,
    private readonly stack: Json,
    schemas: Schemas,
  ) {
    this.scope = new Scope(stack, schemas);
  }

  run(): Validated {
    const known = [...Object.keys(kinds), ...others];
    for (const key of Object.keys(this.stack))
      if (key !== "//" && !known.includes(key)) this.unknown(`${this.name}.${key}`, key, known);
    for (const kind of Object.keys(kinds) as Kind[]) this.blocks(kind);
    this.providers();
    this.statements();
    for (const key of ["output", "locals", "module", "moved", "removed", "import", "check"])
      this.expressions(this.stack[key], `${this.name}.${key}`);
    return { problems: this.problems, checked: this.checked, unchecked: this.unchecked };
  }

  private blocks(kind: Kind): void {
    for (const [type, named] of Object.entries(this.scope.blocksOf(kind)))
      for (const [id, is] of Object.entries(isRecord(named) ? named : {})) {
        const path = `${this.name}.${kind === "resource" ? "" : `${kind}.`}${type}.${id}`;
        for (const one of Array.isArray(is) ? is : [is])
          if (!isRecord(one)) this.problem(path, one, "a block", "write { … }");
          else this.block(kind, type, one, path);
      }
  }

  /** Blocks of Terraform itself. */
  private statements(): void {
    for (const [kind, { keys, required, named }] of Object.entries(statements)) {
      const at = this.stack[kind];
      const blocks =
        named && isRecord(at) ? Object.entries(at) : (Array.isArray(at) ? at : [at]).map((is) => ["", is] as const);
      for (const [name, is] of blocks) {
        if (!isRecord(is)) continue;
        const path = [this.name, kind, name].filter(Boolean).join(".");
        for (const key of Object.keys(is))
          if (key !== "//" && !keys.includes(key)) this.unknown(`${path}.${key}`, key, keys);
        for (const key of required)
          if (is[key] === undefined) this.problem(`${path}.${key}`, undefined, "a value", "add it");
        for (const key of Object.keys(recordIn(is, "lifecycle")))
          if (kind === "removed" && key !== "destroy") this.unknown(`${path}.lifecycle.${key}`, key, ["destroy"]);
      }
    }
  }

  private block(kind: Kind, type: string, is: Json, path: string): void {
    const source = this.scope.sourceOf(type, is.provider);
    const provider = this.scope.schemaOf(source);
    this.meta(kind, is, path, provider?.[kinds[kind]]?.[type]?.block);
    if (!provider) {
      this.unchecked.set(source, (this.unchecked.get(source) ?? 0) + 1);
      this.expressions(without(is, meta[kind]), path);
      return;
    }
    const schemas = provider[kinds[kind]] ?? {};
    const schema = own(schemas, type);
    this.checked += 1;
    if (!schema) this.unknown(path, type, Object.keys(schemas));
    else this.body(schema.block, without(is, meta[kind]), path, kind === "resource");
  }

  private meta(kind: Kind, is: Json, path: string, schema: Block | undefined): void {
    const { lifecycle: rules, depends_on: first, provider } = is;
    if (first !== undefined) this.addresses(first, `${path}.depends_on`, true);
    if (typeof provider === "string" && provider.includes(".")) this.alias(provider, `${path}.provider`);
    this.expressions([is.count, is.for_each, is.provisioner, is.connection], path);
    for (const [key, value] of Object.entries(recordIn({ rules }, "rules"))) {
      const at = `${path}.lifecycle.${key}`;
      const type = own(lifecycle, key);
      if (key === "//") continue;
      if (type === undefined || (kind !== "resource" && !/condition$/.test(key)))
        this.unknown(at, key, Object.keys(lifecycle));
      else if (key === "replace_triggered_by") this.addresses(value, at);
      else if (/_destroy$/.test(key) && typeof value === "string" && value.includes("${"))
        this.problem(at, value, "true or false: Terraform reads it before it evaluates anything", "write it so");
      else if (key === "ignore_changes") this.ignored(value, at, schema);
      else this.value(value, type, at);
    }
  }

  /** Names of attributes, by their first step. */
  private ignored(value: unknown, path: string, schema: Block | undefined): void {
    if (value === "all" || !schema) return;
    const known = [...Object.keys(schema.attributes ?? {}), ...Object.keys(schema.block_types ?? {})];
    for (const each of Array.isArray(value) ? value : [value]) {
      const [first = ""] = String(each).split(/[.[]/);
      if (!known.includes(first)) this.unknown(path, each, known);
    }
  }

  /** References that are written without `${…}`. @param whole whether they are to things, and not to attributes of them */
  private addresses(value: unknown, path: string, whole = false): void {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (String(each).includes("${")) {
        this.problem(path, each, "an address, as it is: type.name", "leave ${…} out");
        continue;
      }
      for (const reference of readTemplate(`\${${each}}`).references) {
        this.reference(reference, path);
        const names = reference.steps.filter((step) => typeof step === "string");
        const most = ["data", "ephemeral"].includes(String(names[0])) ? 3 : 2;
        if (whole && names.length > most)
          this.problem(path, each, "a thing, not an attribute of it", "end at its name");
      }
    }
  }

  /** A provider of which there are several, by its name: `openstack.other`. */
  private alias(provider: string, path: string): void {
    const [local = "", alias] = provider.split(".");
    const at = isRecord(this.stack.provider) ? this.stack.provider[local] : undefined;
    const known = (Array.isArray(at) ? at : [at]).flatMap((one) =>
      isRecord(one) && one.alias !== undefined ? [`${local}.${one.alias}`] : [],
    );
    if (!known.includes(`${local}.${alias}`)) this.unknown(path, provider, [local, ...known]);
  }

  private providers(): void {
    for (const [local, configured] of Object.entries(recordIn({ provider: this.stack.provider }, "provider"))) {
      const schema = this.scope.schemaOf(this.scope.sourceOf(local, local))?.provider?.block;
      for (const one of Array.isArray(configured) ? configured : [configured]) {
        const path = `${this.name}.provider.${local}`;
        if (!isRecord(one)) this.problem(path, one, "a block", "write { … }");
        else if (schema) this.body(schema, without(one, ["alias", "version"]), path, false);
        else this.expressions(one, path);
        if (isRecord(one) && schema) this.plainSecrets(schema, one, path);
      }
    }
  }

  /** A provider's secret may come from a variable, and never stand in a file. */
  private plainSecrets({ attributes = {} }: Block, is: Json, path: string): void {
    for (const [key, { sensitive }] of Object.entries(attributes)) {
      const value = is[key];
      if (sensitive && typeof value === "string" && readTemplate(value).references.length === 0)
        this.secret(`${path}.${key}`, "give it by the environment");
    }
  }

  /** @param stored whether arguments stand in the state */
  private body({ attributes = {}, block_types = {} }: Block, is: Json, path: string, stored: boolean): void {
    for (const [key, value] of Object.entries(is)) {
      if (key === "//" || value === undefined || (key === "dynamic" && !Object.hasOwn(attributes, key))) continue;
      const attribute = own(attributes, key);
      const nested = own(block_types, key);
      const at = `${path}.${key}`;
      if (attribute) this.argument(attribute, value, at, stored);
      else if (nested) this.nested(nested, value, at, stored);
      else this.unknown(at, key, [...settable(attributes), ...Object.keys(block_types)]);
    }
    const dynamic = recordIn(is, "dynamic");
    for (const [key, value] of Object.entries(dynamic)) {
      const at = `${path}.dynamic.${key}`;
      if (!Object.hasOwn(block_types, key)) this.unknown(at, key, Object.keys(block_types));
      for (const one of Array.isArray(value) ? value : [value])
        this.expressions(one, at, String((isRecord(one) && one.iterator) || key));
    }
    for (const [key, { required }] of Object.entries(attributes))
      if (required && (is[key] ?? null) === null)
        this.problem(`${path}.${key}`, undefined, shownType(typeOf(attributes[key] ?? {})), "add it");
    for (const [key, { min_items: least = 0 }] of Object.entries(block_types))
      if (least > 0 && is[key] === undefined && !Object.hasOwn(dynamic, key))
        this.problem(`${path}.${key}`, undefined, `at least ${least} of these blocks`, "add it");
  }

  private argument(attribute: Attribute, value: unknown, path: string, stored: boolean): void {
    if (value === null) return;
    if (!attribute.required && !attribute.optional) {
      this.problem(path, value, "what the provider tells, and nobody sets", "leave it out");
      return;
    }
    if (stored && attribute.sensitive && !attribute.write_only)
      this.secret(path, "state would hold it: use a write-only argument, or let the thing fetch it");
    if (attribute.nested_type) this.nestedValue(attribute, value, path, stored && !attribute.write_only);
    else this.value(value, typeOf(attribute), path);
  }

  /** Attributes of attributes know which of them have to be there. */
  private nestedValue({ nested_type: nested }: Attribute, value: unknown, path: string, stored: boolean): void {
    if (!nested) return;
    const { attributes, nesting_mode: mode } = nested;
    const several = mode === "map" && isRecord(value) ? Object.values(value) : value;
    const items = mode === "single" || mode === "group" ? [value] : several;
    if (typeof value === "string" || !Array.isArray(items)) this.value(value, typeOf({ nested_type: nested }), path);
    else
      for (const item of items)
        if (isRecord(item)) this.body({ attributes }, item, path, stored);
        else this.value(item, "dynamic", path);
  }

  private nested(
    { block, min_items: least = 0, max_items: most = 0, nesting_mode: mode }: NestedBlock,
    value: unknown,
    path: string,
    stored: boolean,
  ): void {
    if (value === null) return;
    const items = mode === "map" && isRecord(value) ? Object.values(value) : Array.isArray(value) ? value : [value];
    const limit = mode === "single" || mode === "group" ? 1 : most;
    if (items.length < least) this.problem(path, items.length, `at least ${least} of these blocks`, "add one");
    if (limit > 0 && items.length > limit)
      this.problem(path, items.length, `at most ${limit} of these blocks`, "leave out the rest");
    for (const item of items)
      if (isRecord(item)) this.body(block, item, path, stored);
      else this.problem(path, item, "a block", "write { … }");
  }

  /** Whether a value is, or may turn out to be, of a type. */
  private value(value: unknown, type: Type, path: string): void {
    if (value === null || value === undefined) return;
    if (typeof value === "string") this.text(value, type, path);
    else if (Array.isArray(value)) this.list(value, type, path);
    else if (isRecord(value)) this.object(value, type, path);
    else if (!converts(typeof value === "number" ? "number" : "bool", type)) this.mismatch(path, value, type);
  }

  private list(value: readonly unknown[], type: Type, path: string): void {
    if (typeof type === "string" ? type !== "dynamic" : !["list", "set", "tuple"].includes(type[0])) {
      this.mismatch(path, value, type);
      return;
    }
    const items = typeof type !== "string" && type[0] === "tuple" ? type[1] : [];
    for (const [i, item] of value.entries()) this.value(item, items[i] ?? elementOf(type), path);
  }

  private object(value: Json, type: Type, path: string): void {
    if (typeof type === "string" ? type !== "dynamic" : type[0] !== "map" && type[0] !== "object") {
      this.mismatch(path, value, type);
      return;
    }
    const attributes = typeof type !== "string" && type[0] === "object" ? type[1] : undefined;
    const optional = typeof type !== "string" && type[0] === "object" ? (type[2] ?? []) : [];
    for (const [key, item] of Object.entries(value)) {
      const inner = attributes ? own(attributes, key) : elementOf(type);
      for (const reference of readTemplate(key).references) this.reference(reference, path);
      this.value(item, inner ?? "dynamic", `${path}.${key}`);
    }
    for (const key of Object.keys(attributes ?? {}))
      if (!Object.hasOwn(value, key) && !optional.includes(key))
        this.problem(`${path}.${key}`, undefined, shownType(attributes?.[key] ?? "dynamic"), "add it");
  }

  private text(value: string, type: Type, path: string): void {
    const { references, only, isText } = readTemplate(value);
    const types = references.map((reference) => this.reference(reference, path));
    if (only) {
      const [is] = types;
      if (is !== undefined && !converts(is, type)) this.mismatch(path, value, type, is);
      return;
    }
    if (!isText) return; // a function, or an operation: nobody knows
    if (references.length > 0 ? !converts("string", type) : !literal(value, type)) this.mismatch(path, value, type);
  }

  /** Tells a reference that leads nowhere. @returns the type of what it leads to, if that is known */
  private reference(reference: Reference, path: string): Type | undefined {
    const found = this.scope.resolve(reference);
    if ("type" in found) return found.type;
    this.problem(path, reference.steps.join("."), found.allowed, found.fix);
    return undefined;
  }

  /** References anywhere in something that no schema describes. @param bound a name that stands for something here */
  private expressions(value: unknown, path: string, bound?: string): void {
    if (typeof value === "string") {
      for (const each of readTemplate(value).references) if (each.steps[0] !== bound) this.reference(each, path);
    } else if (Array.isArray(value)) for (const item of value) this.expressions(item, path, bound);
    else if (isRecord(value))
      for (const [key, item] of Object.entries(value))
        if (key !== "//") this.expressions(item, `${path}.${key}`, bound);
  }

  private mismatch(path: string, value: unknown, type: Type, is?: Type): void {
    const allowed = is === undefined ? shownType(type) : `${shownType(type)}; this is ${shownType(is)}`;
    this.problem(path, value, allowed, "write it so");
  }

  private unknown(path: string, value: unknown, known: readonly string[]): void {
    this.problem(path, value, listed(known), didYouMean(value, known, "leave it out"));
  }

  private secret(path: string, fix: string): void {
    this.problem(path, "a secret, not shown", "no secret in a file or in state", fix);
  }

  private problem(path: string, value: unknown, allowed: string, fix: string): void {
    this.problems.push({ path, value, allowed, fix });
  }
}

const without = (is: Json, keys: readonly string[]): Json =>
  Object.fromEntries(Object.entries(is).filter(([key]) => !keys.includes(key)));

const settable = (attributes: Readonly<Record<string, Attribute>>): readonly string[] =>
  Object.entries(attributes).flatMap(([key, { required, optional }]) => (required || optional ? [key] : []));

/** Whether text without anything computed is, or can be turned into, a type. */
function literal(value: string, type: Type): boolean {
  if (type === "number") return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value);
  if (type === "bool") return ["true", "false", "0", "1"].includes(value);
  return converts("string", type);
}
