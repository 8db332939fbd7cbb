import type { Given, Target } from "../../model/site/software";
import { own } from "../../model/words/record";

/** What an easyconfig says of itself, as far as others have to know it. */
export interface Easyconfig {
  readonly name: string;
  /** Whether it is built by the compilers of the system at every target. */
  readonly system: boolean;
  readonly suffix: string;
  /** Packages that it needs, by EasyBuild's names: ours, and of others. */
  readonly needs: readonly string[];
  /** Whether there is a place in it for options of a target. */
  readonly takesOptions: boolean;
}

/** Words that stand for what a package has of its own; all others are packages. */
const values: readonly string[] = ["version", "toolchain", "sha256", "options"];
/** A word with its quotes. */
const quoted = /'@([A-Za-z][\w+-]*)@'/g;
/** One that goes with its line where it stands for nothing. */
const alone = /^([ \t]*)'@([A-Za-z][\w+-]*)@',[ \t]*\n/gm;

export function readEasyconfig(text: string): Easyconfig {
  const said = (key: string): string => new RegExp(`^${key} = '([^']*)'`, "m").exec(text)?.[1] ?? "";
  return {
    name: said("name"),
    system: /^toolchain = SYSTEM$/m.test(text),
    suffix: said("versionsuffix"),
    needs: [...new Set([...text.matchAll(quoted)].flatMap(([, word = ""]) => (values.includes(word) ? [] : [word])))],
    takesOptions: text.includes("'@options@'"),
  };
}

/** What an easyconfig has to have so that something can stand in place of its words. @returns what it lacks, in words */
export function lacks(text: string): readonly string[] {
  const { system } = readEasyconfig(text);
  const onLines = [...text.matchAll(alone)].map(([, , word = ""]) => word);
  const inside = [...text.matchAll(quoted)].map(([, word = ""]) => word);
  const count = (all: readonly string[], word: string) => all.filter((each) => each === word).length;
  return [
    ...["version", ...(system ? [] : ["toolchain"]), "sha256"]
      .filter((word) => !inside.includes(word))
      .map((word) => `'@${word}@'`),
    ...inside
      .filter((word) => (word === "options" || !values.includes(word)) && count(onLines, word) !== count(inside, word))
      .map((word) => `'@${word}@' on a line of its own, with a comma`),
    ...(/^toolchainopts = (?!\{.*\}$)/m.test(text) ? ["toolchainopts on one line"] : []),
  ].filter((each, i, all) => all.indexOf(each) === i);
}

/** A package of ours, as others name it when they need it. */
export interface Package extends Pick<Easyconfig, "system" | "suffix"> {
  readonly name: string;
  readonly version: string;
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

/** The easyconfig of one version for one target: every word gives way to what it stands for, and goes with its line where that is nothing. */
export function render(text: string, rendering: Rendering): string {
  const { name, version, sha256, target } = rendering;
  const standFor = new Map<string, readonly string[]>([
    ["version", [`'${version}'`]],
    ["toolchain", [toolchainOf(target.toolchain)]],
    ["sha256", [sha256 === undefined ? "None" : `'${sha256}'`]],
    ["options", (own(target.options, name) ?? []).map((option) => `'${shellWord(option)}'`)],
  ]);
  const standsFor = (word: string): readonly string[] => standFor.get(word) ?? dependency(word, rendering);
  return required(text, target)
    .replace(alone, (_, indent: string, word: string) =>
      standsFor(word)
        .map((each) => `${indent}${each},\n`)
        .join(""),
    )
    .replace(quoted, (_, word: string) => standsFor(word).join(", "));
}

/** EasyBuild hands options to a shell. */
const shellWord = (option: string): string => (option.includes(";") ? `"${option}"` : option);

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

/** How an easyconfig names what it needs; nothing where nobody has to load it. */
function dependency(name: string, { packages, target }: Rendering): readonly string[] {
  const mine = packages.get(name);
  if (mine)
    return [tuple(name, mine.version, mine.suffix, mine.system && target.toolchain !== "SYSTEM" ? "SYSTEM" : "")];
  const given = own(target.given, name);
  if (given?.by === "module") return [`('${given.module}', EXTERNAL_MODULE)`];
  return given?.by === "easybuild" ? [built(name, given)] : [];
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
