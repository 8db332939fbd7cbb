import { manifestName } from "../model/host-file";
import { isRecord } from "../model/words/record";
import type { Element, Stack, Tree } from "./stack";

/**
 * Adds the files of hosts to the stacks that have these hosts, each as an element of its host: a file counts like a resource.
 * @param files texts by `<host id>/<path>`, with the manifest that tells what hears of a change
 */
export function withHostFiles(tree: Tree, files: ReadonlyMap<string, string>): Tree {
  const byHost = new Map<string, Map<string, string>>();
  for (const [path, text] of files) {
    const slash = path.indexOf("/");
    const host = path.slice(0, slash);
    byHost.set(host, (byHost.get(host) ?? new Map()).set(path.slice(slash), text));
  }
  return new Map([...tree].map(([name, stack]) => [name, withFilesOf(stack, byHost)]));
}

function withFilesOf(stack: Stack, byHost: ReadonlyMap<string, ReadonlyMap<string, string>>): Stack {
  const added = [...stack.elements.values()].flatMap((element) =>
    element.kind === "resource" && typeof element.args.name === "string" && /_instance_/.test(element.type)
      ? elementsOf(element.args.name, element.path, byHost.get(element.args.name) ?? new Map())
      : [],
  );
  return added.length === 0
    ? stack
    : { ...stack, elements: new Map([...stack.elements, ...added.map((each) => [each.address, each] as const)]) };
}

function elementsOf(host: string, path: string, files: ReadonlyMap<string, string>): readonly Element[] {
  const manifest = read(files.get(`/${manifestName}`));
  return [...files]
    .filter(([file]) => file !== `/${manifestName}`)
    .map(([file, text]) => ({
      address: `file.${host}:${file}`,
      kind: "file",
      type: "",
      path: `${path}${file}`,
      args: { text, ...(isRecord(manifest[file]) ? manifest[file] : {}) },
      lifecycle: {},
      dependsOn: [],
    }));
}

/** What somebody else wrote may be anything. */
function read(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text ?? "{}");
    return isRecord(json) ? json : {};
  } catch {
    return {};
  }
}
