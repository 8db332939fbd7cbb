import { didYouMean, listed } from "../../model/words/problem";
import { isRecord, own } from "../../model/words/record";
import type { Reference } from "./expressions";
import {
  type Block,
  builtin,
  builtinSchema,
  fullSource,
  type ProviderSchema,
  type Schemas,
  type Type,
  typeOf,
} from "./schema";
import { step } from "./types";

type Json = Readonly<Record<string, unknown>>;

/** What a reference comes to: a type, or what is wrong with it. */
export type Resolved = { readonly type: Type } | { readonly allowed: string; readonly fix: string };

/** Kinds of blocks that have a type of a provider. */
export const kinds = {
  resource: "resource_schemas",
  data: "data_source_schemas",
  ephemeral: "ephemeral_resource_schemas",
} as const satisfies Readonly<Record<string, keyof ProviderSchema>>;
export type Kind = keyof typeof kinds;

/** What stands in a stack, by which references and types are looked up. */
export class Scope {
  private readonly sources: Readonly<Record<string, string>>;

  constructor(
    readonly stack: Json,
    private readonly schemas: Schemas,
  ) {
    const required = recordIn(recordIn(stack, "terraform"), "required_providers");
    const sources = Object.entries(required).flatMap(([name, is]) =>
      isRecord(is) && typeof is.source === "string" ? [[name, fullSource(is.source)] as const] : [],
    );
    this.sources = Object.fromEntries(sources);
  }

  /** The source of the provider to which a type of blocks belongs: the first part of its name, unless the block says. */
  sourceOf(type: string, says?: unknown): string {
    const local = (typeof says === "string" ? says : type).split(/[._]/)[0] ?? "";
    if (local === "terraform") return builtin;
    return own(this.sources, local) ?? fullSource(local);
  }

  /** Nothing where it is not known. */
  schemaOf(source: string): ProviderSchema | undefined {
    return source === builtin ? builtinSchema : this.schemas.get(source);
  }

  /** All blocks of a kind, by type. */
  blocksOf(kind: Kind): Json {
    return recordIn(this.stack, kind);
  }

  resolve({ steps }: Reference): Resolved {
    const [root = "", ...rest] = steps;
    if (["each", "count", "self", "path", "terraform", "module"].includes(String(root))) return any;
    if (root === "var") return this.variable(rest);
    if (root === "local") return this.named("locals", "local value", rest, recordIn(this.stack, "locals"));
    if (root === "data" || root === "ephemeral") return this.block(root, rest);
    return this.block("resource", steps);
  }

  private variable(rest: Reference["steps"]): Resolved {
    const declared = recordIn(this.stack, "variable");
    const { type } = recordIn(declared, String(rest[0]));
    const plain = type === "string" || type === "number" || type === "bool" ? type : "dynamic";
    const found = this.named("variable", "variable", rest, declared);
    return "type" in found && rest.length === 1 ? { type: plain } : found;
  }

  private named(where: string, what: string, [name]: Reference["steps"], declared: Json): Resolved {
    if (Object.hasOwn(declared, String(name))) return any;
    const names = Object.keys(declared);
    return { allowed: `a ${what} of the stack: ${listed(names)}`, fix: didYouMean(name, names, `add it to ${where}`) };
  }

  private block(kind: Kind, [type, name, ...rest]: Reference["steps"]): Resolved {
    const types = this.blocksOf(kind);
    const prefix = kind === "resource" ? "" : `${kind}.`;
    const blocks = recordIn(types, String(type));
    if (name === undefined || !Object.hasOwn(blocks, String(name))) {
      const known = Object.entries(types).flatMap(([t, of]) =>
        Object.keys(isRecord(of) ? of : {}).map((n) => `${prefix}${t}.${n}`),
      );
      const wanted = `${prefix}${type}.${name ?? ""}`;
      return {
        allowed: `something that stands in the stack`,
        fix: didYouMean(wanted, known, "add it, or refer to something else"),
      };
    }
    const block = recordIn(blocks, String(name));
    if (block.count !== undefined || block.for_each !== undefined) return any;
    const schema = this.schemaOf(this.sourceOf(String(type), block.provider))?.[kinds[kind]];
    const of = schema && own(schema, String(type));
    return of ? attributeOf(of.block, rest, `${prefix}${type}`) : any;
  }
}

const any: Resolved = { type: "dynamic" };

/** What steps into a block come to. */
function attributeOf(
  { attributes = {}, block_types = {} }: Block,
  [key, ...rest]: Reference["steps"],
  of: string,
): Resolved {
  if (key === undefined) return any;
  if (Object.hasOwn(block_types, key)) return any;
  const attribute = own(attributes, String(key));
  if (!attribute) {
    const known = [...Object.keys(attributes), ...Object.keys(block_types)];
    return { allowed: `attributes of ${of}: ${listed(known)}`, fix: didYouMean(key, known, "refer to one of them") };
  }
  let type = typeOf(attribute);
  for (const next of rest) {
    if (next === "*") return any;
    const inner = step(type, next);
    if (inner === undefined) return { allowed: `${of}.${key}, without .${next}`, fix: "leave it out" };
    type = inner;
  }
  return { type };
}

/** All that two objects hold, and the objects in them. */
const merged = (one: Json, other: Json): Json => ({
  ...one,
  ...Object.fromEntries(
    Object.entries(other).map(([key, value]) => {
      const same = own(one, key);
      return [key, isRecord(same) && isRecord(value) ? merged(same, value) : value];
    }),
  ),
});

/** What stands at a key, if it is an object; Terraform takes a list of objects for several. */
export function recordIn(value: unknown, key: string): Json {
  const at = isRecord(value) ? own(value, key) : undefined;
  if (Array.isArray(at)) return at.filter(isRecord).reduce(merged, {});
  return isRecord(at) ? at : {};
}
