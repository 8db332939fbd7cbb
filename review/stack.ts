import { isRecord } from "../model/words/record";

/** A `file` is one of a host; a `block` says what became of something: `import.<to>`, `moved.<from>`, `removed.<from>`. */
export type Kind =
  | "block"
  | "file"
  | "resource"
  | "data"
  | "provider"
  | "backend"
  | "setting"
  | "local"
  | "output"
  | "var"
  | "module";

/** A block of a stack, or a setting of it: what can differ by itself. */
export interface Element {
  /** As Terraform writes it; what Terraform gives none has its place: `terraform.backend`, `provider.openstack`. */
  readonly address: string;
  readonly kind: Kind;
  /** `openstack_compute_instance_v2`; nothing for what is neither resource nor data source. */
  readonly type: string;
  /** Path of its construct in the stack: `host/bastion/server`; nothing where the output does not tell. */
  readonly path: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly lifecycle: Readonly<Record<string, unknown>>;
  readonly dependsOn: readonly string[];
}

/** A stack as it was synthesized. */
export interface Stack {
  readonly elements: ReadonlyMap<string, Element>;
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  readonly removed: readonly { readonly from: string; readonly destroy: boolean }[];
  readonly imported: readonly { readonly to: string; readonly id: string }[];
}

/** Stacks by name. */
export type Tree = ReadonlyMap<string, Stack>;

/** Reads `cdk.tf.json`, as cdktf writes it or normalized. What is no object has no elements. */
export function readStack(json: unknown): Stack {
  const stack = isRecord(json) ? json : {};
  const elements = [
    ...typed(stack.resource, "resource"),
    ...typed(stack.data, "data"),
    ...named(stack.locals, "local"),
    ...named(stack.output, "output"),
    ...named(stack.variable, "var"),
    ...named(stack.module, "module"),
    ...providers(stack.provider),
    ...settings(stack.terraform),
    ...said(stack.import, "import", "to"),
    ...said(stack.moved, "moved", "from"),
    ...said(stack.removed, "removed", "from"),
  ];
  return {
    elements: new Map(elements.map((element) => [element.address, element])),
    moved: blocks(stack.moved).map(({ from, to }) => ({ from: String(from), to: String(to) })),
    removed: blocks(stack.removed).map(({ from, lifecycle }) => ({
      from: String(from),
      destroy: !blocks(lifecycle).some((each) => each.destroy === false),
    })),
    imported: blocks(stack.import).map(({ to, id }) => ({ to: String(to), id: String(id) })),
  };
}

const entries = (value: unknown): readonly (readonly [string, unknown])[] =>
  isRecord(value) ? Object.entries(value) : [];
/** A block may be written alone or in a list. */
const blocks = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  (Array.isArray(value) ? value : [value]).filter(isRecord);

const typed = (of: unknown, kind: "resource" | "data"): readonly Element[] =>
  entries(of).flatMap(([type, names]) =>
    entries(names).map(([name, block]) =>
      elementOf(kind, `${kind === "data" ? "data." : ""}${type}.${name}`, type, isRecord(block) ? block : {}),
    ),
  );

const named = (of: unknown, kind: Kind): readonly Element[] =>
  entries(of)
    .filter(([name]) => name !== "//")
    .map(([name, value]) => elementOf(kind, `${kind}.${name}`, "", isRecord(value) ? value : { value }));

const providers = (of: unknown): readonly Element[] =>
  entries(of).flatMap(([name, value]) =>
    blocks(value).map((block) => {
      const alias = typeof block.alias === "string" ? `.${block.alias}` : "";
      return elementOf("provider", `provider.${name}${alias}`, "", block);
    }),
  );

const said = (of: unknown, name: string, key: string): readonly Element[] =>
  blocks(of).map((block) => ({ ...elementOf("block", `${name}.${block[key]}`, "", {}), args: block }));

function settings(of: unknown): readonly Element[] {
  const { backend, required_providers: required, ...others } = isRecord(of) ? of : {};
  return [
    ...(backend === undefined ? [] : [elementOf("backend", "terraform.backend", "", isRecord(backend) ? backend : {})]),
    ...entries(required).map(([name, value]) =>
      elementOf("setting", `terraform.required_providers.${name}`, "", isRecord(value) ? value : { value }),
    ),
    ...Object.entries(others).map(([name, value]) => elementOf("setting", `terraform.${name}`, "", { value })),
  ];
}

function elementOf(kind: Kind, address: string, type: string, block: Readonly<Record<string, unknown>>): Element {
  const { "//": comment, lifecycle, depends_on: dependsOn, ...args } = block;
  return {
    address,
    kind,
    type,
    path: pathIn(comment),
    args,
    lifecycle: isRecord(lifecycle) ? lifecycle : {},
    dependsOn: Array.isArray(dependsOn) ? dependsOn.map(String) : [],
  };
}

/** The path without the stack's name, and without the main child by which a construct names itself. */
function pathIn(comment: unknown): string {
  const metadata = isRecord(comment) ? comment.metadata : undefined;
  const path = isRecord(metadata) ? metadata.path : comment;
  return typeof path === "string"
    ? path
        .split("/")
        .slice(1)
        .join("/")
        .replace(/\/(Resource|Default)$/, "")
    : "";
}
