// Examples of pages, made whole so that a compiler reads them. What a fence lacks is said in the line above it:
//   <!-- ts: as sites/north.ts -->      a whole file, which would stand there
//   <!-- ts: in a component -->         members of what a component describes; also: a site, a tenancy
//   <!-- ts: a need -->                 one value
//   <!-- ts: in a stack -->             statements in a construct of cdktf
//   nothing                             statements; every word of site files is known to them
// with `, … is <type>`, or that alone: what is left out between braces.
import { join, relative } from "node:path";
import * as ts from "typescript";
import { pages, root } from "./markdown";

export interface Example {
  /** `constructs/vault/README.md, 2`. */
  readonly name: string;
  /** Where it stands for the compiler. */
  readonly file: string;
  readonly code: string;
  readonly how: string;
  readonly leftOut: string | undefined;
}

const fence = /(?:^<!-- ts: ([^\n]*) -->\n)?^```(ts|typescript)\n([\s\S]*?)^```$/gm;

/** Every example of every page, and how many fences of TypeScript there are. */
export function examples(of: ReadonlyMap<string, string> = pages()): {
  readonly all: readonly Example[];
  readonly fences: number;
} {
  const all = [...of].flatMap(([page, text]) =>
    [...text.matchAll(fence)].map(([, said = "", , code = ""], i): Example => {
      const [, how = "", leftOut] = /^(.*?)(?:(?:, |^)… is (.*))?$/.exec(said) ?? [];
      const name = `${page}, ${i + 1}`;
      const as = /^as (\S+)$/.exec(how)?.[1];
      const file = join(root, as ?? join("test", "docs", `${name.replaceAll(/\W+/g, "-")}.ts`));
      return { name, file, code, how: as === undefined ? how : "as", leftOut };
    }),
  );
  return { all, fences: [...of.values()].join("\n").match(/^ *(```|~~~) *(ts|tsx|typescript)\b/gim)?.length ?? 0 };
}

/** Where words of examples come from, the first that has one. */
const sources = [
  "model/vocabulary.ts",
  "constructs/specs.ts",
  "library/component.ts",
  "model/site/site.ts",
  "model/site/tenancy.ts",
  "model/site/supercomputer.ts",
  "model/words/address.ts",
  "constructs/modules/spec.ts",
  "sites/shared/software.ts",
  ...["external-network", "floating-ip", "network", "port", "router", "security-group", "server", "volume"].map(
    (name) => `constructs/openstack/${name}.ts`,
  ),
];

/** The text that a compiler reads, or nothing where nobody knows how to make it whole. */
function whole({ file, code, how, leftOut }: Example, known: ReadonlyMap<string, string>): string | undefined {
  if (how === "as") return code;
  const body = shape(how, elided(code, leftOut));
  if (body === undefined) return undefined;
  const text = [...(leftOut === undefined ? [] : [`declare const leftOut: ${leftOut};`]), body].join("\n");
  const declared = new Set([...code.matchAll(/(?:const|class|function) (\w+)/g)].map(([, name]) => name));
  const words = [...new Set(text.match(/\b[A-Za-z]\w*/g) ?? [])].filter((word) => !declared.has(word));
  const imports = words.flatMap((word) => {
    const from = known.get(word);
    if (from === undefined) return [];
    const path =
      from.startsWith("node:") || !from.includes("/")
        ? from
        : relative(join(file, ".."), join(root, from)).replace(/\.ts$/, "");
    return [`import { ${word} } from ${JSON.stringify(path)};`];
  });
  return [...imports, text, "export {};", ""].join("\n");
}

function shape(how: string, code: string): string | undefined {
  switch (how) {
    case "":
      return code;
    case "in a component":
      return `const it: Description = {\n${code}};\nvoid it;`;
    case "in a site":
      return `const it: Partial<SiteInput> = {\n${code}};\nvoid it;`;
    case "in a tenancy":
      // The lines of one example may be of two tenancies, and one word then stands in each.
      return code
        .split(/\n(?=\w+: )/)
        .map((each, i) => `const it${i}: Partial<TenancyInput> = {\n${each}\n};\nvoid it${i};`)
        .join("\n");
    case "a need":
      return `const it: Need = ${code};\nvoid it;`;
    case "in a stack":
      return `class Example extends TerraformStack {\nconstructor(scope: Construct, id: string, imageId: string) {\nsuper(scope, id);\n${code}}\n}\nvoid Example;`;
    default:
      return undefined;
  }
}

/** `…` where it is no text: nothing, or what is said of it. */
const elided = (code: string, leftOut: string | undefined): string =>
  code
    .split(/("(?:[^"\\\n]|\\.)*"|\/\/[^\n]*)/)
    .map((part) => {
      if (part.startsWith('"') || part.startsWith("//")) return part;
      return leftOut === undefined ? part.replaceAll(/(?:,\s*)?…/g, "") : part.replaceAll("…", "...leftOut");
    })
    .join("");

/** What the compiler says of examples, by their names; nothing of those that are sound. */
export function diagnostics(all: readonly Example[]): readonly string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options: own } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const options: ts.CompilerOptions = {
    ...own,
    // As who installs the package has it.
    paths: {
      "data-bridge-cdk": [join(root, "library/index.ts")],
      "data-bridge-cdk/component": [join(root, "library/component.ts")],
      "data-bridge-cdk/specs": [join(root, "constructs/specs.ts")],
      "data-bridge-cdk/vocabulary": [join(root, "model/vocabulary.ts")],
    },
  };
  const files = new Map<string, string>();
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  const parsed = new Map<string, ts.SourceFile | undefined>();
  host.readFile = (file) => files.get(file) ?? readFile(file);
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.getSourceFile = (file, version) => {
    const text = files.get(file);
    if (text !== undefined) return ts.createSourceFile(file, text, version);
    if (!parsed.has(file)) parsed.set(file, getSourceFile(file, version));
    return parsed.get(file);
  };
  const modules = sources.map((path) => join(root, path));
  const before = ts.createProgram(modules, options, host);
  const known = exportsOf(before);
  const unknown = all.flatMap((example) => {
    const text = whole(example, known);
    if (text !== undefined) files.set(example.file, text);
    return text === undefined ? [`${example.name}: nobody knows what "${example.how}" is`] : [];
  });
  const program = ts.createProgram([...modules, ...files.keys()], options, host, before);
  return [
    ...unknown,
    ...all.flatMap(({ name, file }) => {
      const source = files.has(file) ? program.getSourceFile(file) : undefined;
      return source === undefined
        ? []
        : [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
            ({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
          );
    }),
  ];
}

/** Where each word is exported from. */
function exportsOf(program: ts.Program): ReadonlyMap<string, string> {
  const checker = program.getTypeChecker();
  const known = new Map([
    ["readFileSync", "node:fs"],
    ["TerraformStack", "cdktf"],
    ["Construct", "constructs"],
  ]);
  for (const path of sources) {
    const source = program.getSourceFile(join(root, path));
    const module = source && checker.getSymbolAtLocation(source);
    for (const { name } of module ? checker.getExportsOfModule(module) : [])
      if (!known.has(name)) known.set(name, path);
  }
  return known;
}
