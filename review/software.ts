import { isRecord } from "../model/words/record";

/** What an order tells of one cycle for one target, as far as a reviewer asks. @see constructs/modules/installation.ts */
interface Installation {
  readonly name: string;
  readonly digest: string;
  /** Versions by package: `1.32.4-cpeGNU-24.03`. */
  readonly versions: ReadonlyMap<string, string>;
  readonly files: Readonly<Record<string, unknown>>;
  /** Keys of checksums that nobody has learned. */
  readonly waits: readonly string[];
  /** Checksums by file, of what is known. */
  readonly sources: ReadonlyMap<string, string>;
}

/** What an order to install software says otherwise than before, in words; nothing where one of two texts is none. */
export function softwareChange(before: unknown, after: unknown): string | undefined {
  const [was, is] = [installationIn(before), installationIn(after)];
  if (!was || !is) return undefined;
  const changed = [
    ...[...is.versions].flatMap(([name, version]) => {
      const old = was.versions.get(name);
      if (old === undefined) return [`${name} ${version} is new`];
      return old === version ? [] : [`${name} ${old} → ${version}`];
    }),
    ...[...was.versions.keys()].flatMap((name) => (is.versions.has(name) ? [] : [`${name} goes`])),
    ...[...is.sources].flatMap(([file, sha256]) =>
      (was.sources.get(file) ?? sha256) === sha256 ? [] : [`${file} has another checksum`],
    ),
  ];
  const what = changed.length > 0 ? changed : otherFiles(was, is);
  return `software ${is.name}: ${[...what, consequence(was, is)].join("; ")}`;
}

function consequence(was: Installation, is: Installation): string {
  if (was.digest === is.digest) return "tested again, nothing is built";
  const more = is.waits.length > 1 ? ` and ${is.waits.length - 1} more` : "";
  return is.waits.length > 0
    ? `all of it is built anew once ${is.waits[0]}${more} is learned: databridge learn home`
    : "all of it is built anew";
}

/** Where no version is another, what is. */
function otherFiles(was: Installation, is: Installation): readonly string[] {
  const names = [...new Set([...Object.keys(was.files), ...Object.keys(is.files)])];
  const other = names.filter(
    (name) => was.files[name] !== is.files[name] && (was.digest === is.digest || name.endsWith(".eb")),
  );
  const shown = other.map((name) => name.replace(/^easyconfigs\//, ""));
  return shown.length === 0
    ? []
    : [`${shown.slice(0, 3).join(", ")}${shown.length > 3 ? ` and ${shown.length - 3} more` : ""}`];
}

function installationIn(text: unknown): Installation | undefined {
  if (typeof text !== "string" || !text.startsWith("{")) return undefined;
  const is = parsed(text);
  if (!isRecord(is) || typeof is.digest !== "string" || !Array.isArray(is.modules) || !isRecord(is.files))
    return undefined;
  const modules = is.modules.flatMap((each: unknown) =>
    isRecord(each) && typeof each.module === "string" ? [each.module] : [],
  );
  const versions = new Map(
    modules.map((module) => [module.slice(0, module.indexOf("/")), module.slice(module.indexOf("/") + 1)] as const),
  );
  const waits = listIn(is.waits).flatMap((each) => (typeof each === "string" ? [each] : []));
  const sources = new Map(
    listIn(is.sources).flatMap((each) =>
      isRecord(each) && typeof each.file === "string" && typeof each.sha256 === "string"
        ? [[each.file, each.sha256] as const]
        : [],
    ),
  );
  return { name: `${is.cycle}/${is.target}`, digest: is.digest, versions, files: is.files, waits, sources };
}

const listIn = (is: unknown): readonly unknown[] => (Array.isArray(is) ? is : []);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
