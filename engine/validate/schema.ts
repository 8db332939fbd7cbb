/**
 * A type as providers say it: `"string"`, `["list", "string"]`, `["object", { a: "number" }]`; `"dynamic"` is anything.
 * @see Terraform, internals, "JSON output format": type representation of cty
 */
export type Type =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | readonly ["list" | "set" | "map", Type]
  | readonly ["tuple", readonly Type[]]
  | readonly ["object", Readonly<Record<string, Type>>, (readonly string[])?];

/** An argument or attribute of a block. */
export interface Attribute {
  /** @default - `nested` says it */
  readonly type?: Type;
  /** Attributes of attributes, as newer providers have them. */
  readonly nested_type?: { readonly attributes: Readonly<Record<string, Attribute>>; readonly nesting_mode: Nesting };
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly write_only?: boolean;
}

export type Nesting = "single" | "group" | "list" | "set" | "map";

/** A block inside a block. */
export interface NestedBlock {
  readonly nesting_mode: Nesting;
  readonly block: Block;
  readonly min_items?: number;
  readonly max_items?: number;
}

/** What may stand in a block. */
export interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, NestedBlock>>;
}

/** All that a provider offers, as `terraform providers schema -json` tells it. */
export interface ProviderSchema {
  readonly provider?: { readonly block: Block };
  readonly resource_schemas?: Readonly<Record<string, { readonly block: Block }>>;
  readonly data_source_schemas?: Readonly<Record<string, { readonly block: Block }>>;
  readonly ephemeral_resource_schemas?: Readonly<Record<string, { readonly block: Block }>>;
}

/** Schemas by the full source of their provider: `registry.terraform.io/hashicorp/vault`. */
export type Schemas = ReadonlyMap<string, ProviderSchema>;

/** The source in full: `hashicorp/vault` and `vault` are short for one of the registry. */
export function fullSource(source: string): string {
  const parts = source.split("/");
  if (parts.length >= 3) return source;
  return `registry.terraform.io/${parts.length === 2 ? source : `hashicorp/${source}`}`;
}

/** The provider that is part of Terraform itself. */
export const builtin = "terraform.io/builtin/terraform";

/** @see Terraform, "The terraform_data Managed Resource Type", "The terraform_remote_state Data Source" */
export const builtinSchema: ProviderSchema = {
  data_source_schemas: {
    terraform_remote_state: {
      block: {
        attributes: {
          backend: { type: "string", required: true },
          config: { type: "dynamic", optional: true },
          defaults: { type: "dynamic", optional: true },
          workspace: { type: "string", optional: true },
          outputs: { type: "dynamic", computed: true },
        },
      },
    },
  },
  resource_schemas: {
    terraform_data: {
      block: {
        attributes: {
          id: { type: "string", computed: true },
          input: { type: "dynamic", optional: true },
          output: { type: "dynamic", computed: true },
          triggers_replace: { type: "dynamic", optional: true },
        },
      },
    },
  },
};

/** The type of what an attribute holds. */
export function typeOf({ type, nested_type }: Attribute): Type {
  if (type !== undefined) return type;
  if (!nested_type) return "dynamic";
  const attributes = Object.entries(nested_type.attributes);
  const optional = attributes.filter(([, { required }]) => !required).map(([name]) => name);
  const object: Type = ["object", Object.fromEntries(attributes.map(([name, each]) => [name, typeOf(each)])), optional];
  const { nesting_mode: mode } = nested_type;
  return mode === "single" || mode === "group" ? object : [mode, object];
}
