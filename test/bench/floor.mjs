// Writes the program that somebody would write who has nothing but cdktf and the raw bindings: the same resources with the
// same arguments, one after the other, references as attributes of what they refer to.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../cli/prepare.mjs";

const source = "registry.terraform.io/terraform-provider-openstack/openstack";
const schemaFile = join(root, "packages", "provider-openstack", "schema.json");
const { provider_schemas: schemas } = JSON.parse(readFileSync(schemaFile, "utf8"));
const { resource_schemas: resources, data_source_schemas: dataSources } = schemas[source];

/** @param {string} snake */
const camel = (snake) => snake.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
/** @param {string} snake */
const pascal = (snake) => camel(`_${snake}`);
const json = JSON.stringify;

/**
 * @typedef {{ readonly [key: string]: any }} Json
 * @typedef {{ readonly address: string, readonly name: string, readonly type: string, readonly data: boolean, readonly is: Json }} Block
 */

/**
 * A program whose `build(app)` makes all stacks.
 * @param {ReadonlyMap<string, Json>} stacks synthesized, by name
 */
export function floorProgram(stacks) {
  const all = new Map([...stacks].map(([name, stack]) => [name, inOrder(blocksOf(stack))]));
  const classes = new Map([...all.values()].flat().flatMap((block) => (isBuiltIn(block) ? [] : [classOf(block)])));
  const lines = [
    'import { S3Backend, TerraformLocal, TerraformResource, TerraformStack } from "cdktf";',
    'import { OpenstackProvider } from "@cdktf/provider-openstack/lib/provider";',
    ...[...classes].map(([name, module]) => `import { ${name} } from "@cdktf/provider-openstack/lib/${module}";`),
    "class Data extends TerraformResource {",
    "  constructor(scope, id, input) {",
    '    super(scope, id, { terraformResourceType: "terraform_data", terraformGeneratorMetadata: { providerName: "terraform" } });',
    "    this.input = input;",
    "  }",
    "  synthesizeAttributes() { return { input: this.input }; }",
    "}",
    "export function build(app) {",
    ...[...stacks].flatMap(([name, stack]) => ["{", ...stackLines(name, stack, all.get(name) ?? []), "}"]),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

/** @param {Json} stack @returns {readonly Block[]} */
const blocksOf = (stack) =>
  [
    ["data.", stack.data],
    ["", stack.resource],
  ].flatMap(([prefix, types]) =>
    Object.entries(/** @type {Json} */ (types ?? {})).flatMap(([type, named]) =>
      Object.entries(/** @type {Json} */ (named)).map(([name, is]) => ({
        address: `${prefix}${type}.${name}`,
        name,
        type,
        data: prefix !== "",
        is,
      })),
    ),
  );

/** @param {Block} block */
const isBuiltIn = ({ type }) => type === "terraform_data";

/** Name and module of the class of a block. @param {Block} block @returns {[string, string]} */
function classOf({ type, data }) {
  const name = `${data ? "data_" : ""}${data ? type : type.replace(/^openstack_/, "")}`;
  return [pascal(name), name.replaceAll("_", "-")];
}

/** Blocks after those that they refer to. @param {readonly Block[]} blocks */
function inOrder(blocks) {
  const left = new Map(blocks.map((block) => [block.address, block]));
  /** @type {Block[]} */
  const order = [];
  /** @param {Block} block */
  const visit = (block) => {
    if (!left.delete(block.address)) return;
    for (const address of refersTo(block)) {
      const other = left.get(address);
      if (other) visit(other);
    }
    order.push(block);
  };
  for (const block of blocks) visit(block);
  return order;
}

const reference = /^\$\{((?:data\.)?(?:openstack|terraform)_\w+\.[\w-]+)\.(\w+)\}$/;

/** @param {Block} block @returns {readonly string[]} */
const refersTo = ({ is }) => [
  ...(is.depends_on ?? []),
  ...strings(is).flatMap((text) => reference.exec(text)?.[1] ?? []),
];

/** @param {unknown} value @returns {readonly string[]} */
const strings = (value) =>
  typeof value === "string" ? [value] : typeof value === "object" && value ? Object.values(value).flatMap(strings) : [];

/** @param {string} name @param {Json} stack @param {readonly Block[]} blocks @returns {readonly string[]} */
function stackLines(name, { terraform, provider, locals = {} }, blocks) {
  const { use_lockfile, ...backend } = terraform.backend.s3;
  const names = new Map(blocks.map(({ address }, i) => [address, `r${i}`]));
  return [
    `const stack = new TerraformStack(app, ${json(name)});`,
    `const backend = new S3Backend(stack, ${props(backend, {}, names)});`,
    `backend.addOverride("use_lockfile", ${use_lockfile});`,
    `new OpenstackProvider(stack, "openstack", ${props(provider.openstack[0], {}, names)});`,
    ...Object.entries(locals).map(([id, value]) => `new TerraformLocal(stack, ${json(id)}, ${json(value)});`),
    ...blocks.flatMap((block) => blockLines(block, names)),
  ];
}

/** @param {Block} block @param {ReadonlyMap<string, string>} names @returns {readonly string[]} */
function blockLines(block, names) {
  const { address, name, type, data, is } = block;
  const variable = names.get(address);
  const { "//": _, lifecycle, depends_on: after, ...args } = is;
  const meta = [
    ...(after ? [`dependsOn: [${after.map((/** @type {string} */ each) => names.get(each)).join(", ")}]`] : []),
    ...(lifecycle ? [`lifecycle: ${lifecycleOf(lifecycle)}`] : []),
  ];
  if (isBuiltIn(block)) {
    const made = `const ${variable} = new Data(stack, ${json(name)}, ${value(args.input, names)});`;
    return lifecycle ? [made, `${variable}.lifecycle = ${lifecycleOf(lifecycle)};`] : [made];
  }
  const [of] = classOf(block);
  const { block: schema } = (data ? dataSources : resources)[type];
  const given = props(args, schema, names).slice(1, -1);
  return [`const ${variable} = new ${of}(stack, ${json(name)}, {${[given, ...meta].filter(Boolean).join(", ")}});`];
}

/** @param {Json} lifecycle */
const lifecycleOf = (lifecycle) => json(lifecycle, undefined).replace(/"(\w+)":/g, (_, key) => `${camel(key)}:`);

/** Arguments with their names in TypeScript; those of blocks alike, keys of maps as they are. @param {Json} args @param {Json} schema @param {ReadonlyMap<string, string>} names @returns {string} */
function props(args, schema, names) {
  const entries = Object.entries(args).map(([key, given]) => {
    const nested = schema.block_types?.[key]?.block;
    const text =
      nested && Array.isArray(given)
        ? `[${given.map((each) => props(each, nested, names)).join(", ")}]`
        : nested
          ? props(given, nested, names)
          : value(given, names);
    return `${camel(key)}: ${text}`;
  });
  return `{${entries.join(", ")}}`;
}

/** @param {unknown} given @param {ReadonlyMap<string, string>} names @returns {string} */
function value(given, names) {
  if (Array.isArray(given)) return `[${given.map((each) => value(each, names)).join(", ")}]`;
  const [, address = "", attribute = ""] = (typeof given === "string" && reference.exec(given)) || [];
  const variable = names.get(address);
  return variable ? `${variable}.${camel(attribute)}` : json(given);
}
