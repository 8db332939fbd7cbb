/** A name in an expression and the steps after it: `openstack_networking_port_v2.edge.all_fixed_ips[0]`. */
export interface Reference {
  readonly steps: readonly (string | number)[];
}

/** What text is for Terraform. */
export interface Template {
  /** What it refers to, anywhere in it. */
  readonly references: readonly Reference[];
  /** The one reference that is all of the text, so that it keeps its type. @default - it is text, or nobody knows */
  readonly only?: Reference;
  /** Whether it can only be text: several parts, or none that is computed. */
  readonly isText: boolean;
}

/** Reads text of a synthesized file. Nothing is evaluated. */
export const readTemplate = (text: string): Template => read(text, boundIn(text));

/** What `for` binds, as an expression or a directive, for all of a text. */
const boundIn = (text: string): ReadonlySet<string | undefined> =>
  new Set([...text.matchAll(/\bfor\s+([\w-]+)(?:\s*,\s*([\w-]+))?\s+in\b/g)].flatMap(([, a, b]) => [a, b]));

function read(text: string, bound: ReadonlySet<string | undefined>): Template {
  const parts = partsOf(text);
  const expressions = parts.flatMap((part) => ("expression" in part ? [part.expression] : []));
  const references = expressions.flatMap((expression) => referencesIn(expression.replace(/\/\*.*?\*\//gs, " "), bound));
  const [first] = parts;
  const single = parts.length === 1 && first && "expression" in first ? first.expression.trim() : undefined;
  if (single === undefined) return { references, isText: true };
  const only = traversal(single);
  return { references, isText: false, ...(only ? { only } : {}) };
}

type Part = { readonly literal: string } | { readonly expression: string };

/** Literal text and `${…}`, in order. `$${` stands for itself. `%{…}` makes text of the whole. */
function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [];
  let literal = "";
  for (let i = 0; i < text.length; ) {
    const two = text.slice(i, i + 2);
    if (text.startsWith("$${", i) || text.startsWith("%%{", i)) {
      literal += text.slice(i, i + 3);
      i += 3;
    } else if (two === "${" || two === "%{") {
      const end = closing(text, i + 2);
      if (literal !== "" || two === "%{") parts.push({ literal });
      literal = "";
      parts.push({ expression: text.slice(i + 2, end) });
      i = end + 1;
    } else {
      literal += text[i];
      i += 1;
    }
  }
  if (literal !== "" || parts.length === 0) parts.push({ literal });
  return parts;
}

/** Where the brace that was opened before `from` is closed: not inside of quotes. */
function closing(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i += 1) {
    if (text[i] === '"') i = endOfQuotes(text, i);
    else if (text[i] === "{") depth += 1;
    else if (text[i] === "}") depth -= 1;
    if (depth === 0) return i;
  }
  return text.length;
}

/** The quote that ends what the one at `from` begins; what is computed inside is stepped over. */
function endOfQuotes(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i += 1) {
    if (text[i] === "\\") i += 1;
    else if (text.startsWith("${", i) && text[i - 1] !== "$") i = closing(text, i + 2);
    else if (text[i] === '"') return i;
  }
  return text.length;
}

const name = "[A-Za-z_][\\w-]*";
const path = new RegExp(`^(${name})((?:\\.${name}|\\.\\d+|\\.\\*|\\[(?:\\d+|\\*|"[^"$]*")\\])*)$`);

/** An expression that is nothing but a path. */
function traversal(expression: string): Reference | undefined {
  const [, root, rest = ""] = path.exec(expression) ?? [];
  if (root === undefined || ["true", "false", "null"].includes(root)) return undefined;
  return { steps: [root, ...stepsOf(rest)] };
}

const stepsOf = (rest: string): readonly (string | number)[] =>
  [...rest.matchAll(/\.([\w-]+|\*)|\[(\d+|\*|"[^"]*")\]/g)].map(([, dotted, index = ""]) => {
    if (dotted !== undefined) return dotted;
    return /^\d+$/.test(index) ? Number(index) : index.replaceAll('"', "");
  });

/** All paths in an expression; names of functions and of what `for` binds are none. */
function referencesIn(expression: string, bound: ReadonlySet<string | undefined>): readonly Reference[] {
  const found: Reference[] = [];
  const scan = new RegExp(`(${name})((?:\\.${name}|\\.\\d+|\\.\\*|\\[(?:\\d+|\\*|"[^"$]*")\\])*)(\\s*\\()?`, "y");
  for (let i = 0; i < expression.length; ) {
    if (expression[i] === '"') {
      const end = endOfQuotes(expression, i);
      found.push(...read(expression.slice(i + 1, end), bound).references);
      i = end + 1;
      continue;
    }
    scan.lastIndex = i;
    const match = scan.exec(expression);
    const [all, root = "", rest = "", call] = match ?? [];
    if (all === undefined || /[\w.-]/.test(expression[i - 1] ?? "")) {
      i += 1;
      continue;
    }
    const key = /^\s*(=(?!=)|:)/.test(expression.slice(i + all.length)) && rest === "";
    const keyword = ["true", "false", "null", "for", "in", "if", "else", "endif", "endfor"].includes(root);
    if (call === undefined && !keyword && !key && !bound.has(root)) found.push({ steps: [root, ...stepsOf(rest)] });
    i += all.length;
  }
  return found;
}
