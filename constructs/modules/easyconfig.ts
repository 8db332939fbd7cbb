import type { Given, Target } from "../../model/site/software";
import { own } from "../../model/words/record";

/** What an easyconfig says of itself, as far as others have to know it. */
export interface Easyconfig {
  /** Whether it is built by the compilers of the system at every target. */
  readonly system: boolean;
  readonly suffix: string;
  /** Packages that it needs, by EasyBuild's names: ours, and of others. */
  readonly needs: readonly string[];
  /** Whether there is a place in it for options of a target. */
  readonly takesOptions: boolean;
}

const values: readonly string[] = ["version", "toolchain", "sha256", "options"];
/** A word that stands for a value, with its quotes. */
const quoted = /'@([A-Za-z][\w+-]*)@'/g;

/** @param text of none where EasyBuild has one of its own, which counts on nobody */
export function readEasyconfig(text: string | undefined): Easyconfig {
  if (text === undefined) return { system: true, suffix: "", needs: [], takesOptions: false };
  const said = (key: string): string => new RegExp(`^${key} = '([^']*)'`, "m").exec(text)?.[1] ?? "";
  return {
    system: /^toolchain = SYSTEM$/m.test(text),
    suffix: said("versionsuffix"),
    needs: [...new Set([...text.matchAll(quoted)].flatMap(([, word = ""]) => (values.includes(word) ? [] : [word])))],
    takesOptions: text.includes("'@options@'"),
  };
}

/** A package of ours, as others name it when they need it. */
export interface Package {
  readonly name: string;
  readonly version: string;
  readonly system: boolean;
  readonly suffix: string;
}

/** `eckit-1.28.0-cpeGNU-24.03`, by which EasyBuild finds the file of an easyconfig. */
export const fullName = (is: Package, { toolchain }: Pick<Target, "toolchain">): string =>
  `${is.name}-${versionOf(is, toolchain)}`;

/** `eckit/1.28.0-cpeGNU-24.03`. @see EasyBuild, EasyBuildMNS */
export const moduleOf = (is: Package, { toolchain }: Pick<Target, "toolchain">): string =>
  `${is.name}/${versionOf(is, toolchain)}`;

const versionOf = ({ version, system, suffix }: Package, toolchain: string): string =>
  [version, ...(system || toolchain === "SYSTEM" ? [] : [toolchain.replace("/", "-")])].join("-") + suffix;

export interface Rendering {
  readonly name: string;
  readonly version: string;
  /** Of the source, in hex. @default - nobody knows it, and EasyBuild takes nothing */
  readonly sha256: string | undefined;
  readonly target: Target;
  /** Packages that stand beside it. */
  readonly packages: ReadonlyMap<string, Package>;
}

/** The easyconfig of one version for one target: every word gives way to what it stands for, and goes where that is nothing. */
export function render(text: string, rendering: Rendering): string {
  const { name, version, sha256, target } = rendering;
  const options = own(target.options, name);
  const values = new Map([
    ["version", `'${version}'`],
    ["toolchain", toolchainOf(target.toolchain)],
    ["sha256", sha256 === undefined ? "None" : `'${sha256}'`],
    ...(options === undefined ? [] : [["options", `'${options}'`] as const]),
  ]);
  const standsFor = (word: string): string | undefined => values.get(word) ?? dependency(word, rendering);
  return required(text, target)
    .replace(/^[ \t]*'@([A-Za-z][\w+-]*)@',[ \t]*\n/gm, (line, word: string) =>
      standsFor(word) === undefined ? "" : line,
    )
    .replace(quoted, (_, word: string) => standsFor(word) ?? "''");
}

/**
 * With the compilers of the system, EasyBuild knows no options of them. Modules of the operator that everything here needs again where it is
 * used come first.
 */
function required(text: string, { toolchain, requires = [] }: Target): string {
  if (toolchain !== "SYSTEM") return text;
  const lines = requires.map((module) => `    ('${module}', EXTERNAL_MODULE),\n`).join("");
  return text
    .replace(/^toolchainopts = .*\n/m, "")
    .replace(/^dependencies = \[\n?/m, (start) => `${start.trimEnd()}\n${lines}`);
}

function toolchainOf(toolchain: string): string {
  const [name, version] = toolchain.split("/");
  return version === undefined ? "SYSTEM" : `{'name': '${name}', 'version': '${version}'}`;
}

/** How an easyconfig names what it needs; nothing where the system has it. */
function dependency(name: string, { packages, target }: Rendering): string | undefined {
  const mine = packages.get(name);
  if (mine) return tuple(name, mine.version, mine.suffix, mine.system && target.toolchain !== "SYSTEM" ? "SYSTEM" : "");
  const given = own(target.given, name);
  if (!given || given.by === "system") return undefined;
  return given.by === "module" ? `('${given.module}', EXTERNAL_MODULE)` : built(name, given);
}

const built = (name: string, { version, toolchain }: Extract<Given, { by: "easybuild" }>): string =>
  tuple(name, version, "", toolchain === undefined ? "" : toolchainTuple(toolchain));

const toolchainTuple = (toolchain: string): string =>
  toolchain === "SYSTEM" ? toolchain : `('${toolchain.replace("/", "', '")}')`;

const tuple = (name: string, version: string, suffix: string, toolchain: string): string =>
  toolchain !== ""
    ? `('${name}', '${version}', '${suffix}', ${toolchain})`
    : suffix === ""
      ? `('${name}', '${version}')`
      : `('${name}', '${version}', '${suffix}')`;
