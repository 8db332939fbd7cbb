import { z } from "zod";
import { type Fields, names, text, whole, word } from "../words/parse";
import { type Duration, days, time } from "../words/quantity";
import { version } from "./software";

/** Software that is installed at a supercomputer, for each cycle on its own. */
export interface ModulesSpec {
  readonly supercomputer: string;
  /** What of it is installed: versions of packages, by cycle. */
  readonly cycles: Cycles;
  /** How each package is built. */
  readonly recipes: Readonly<Record<string, Recipe>>;
  /** Targets of the supercomputer. */
  readonly on: readonly string[];
  /** The workload that installs it. */
  readonly workload: string;
  readonly kept: KeptReleases;
  /** How often what is current is tested again. */
  readonly tested: Duration;
}

/** `{ "49r3": { eckit: "1.32.5", … } }`: each cycle has a tree of its own, and they stand side by side. */
export type Cycles = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** How a package is built, whatever its version and its toolchain. */
export interface Recipe {
  /**
   * An easyconfig in which words stand for what differs, `'@version@'`: hpc/easyconfigs/README.md.
   * @default - EasyBuild has one of its own, for the compilers of the system
   */
  readonly easyconfig?: string;
  /** Versions of which EasyBuild has its own. @default - any */
  readonly versions?: readonly string[];
  readonly source: SourceSpec;
  /** How one sees that it works, once its module is loaded. @default - that it can be loaded */
  readonly test?: TestSpec;
}

/** In file and URL, `{version}` stands for the version. */
export interface SourceSpec {
  readonly file: string;
  /** `https://…`; or `pypi:troika=={version}`, what Python's index has of it as a source. */
  readonly url: string;
}

/** How a package is tested once it is built. */
export interface TestSpec {
  readonly run: string;
  /** A regular expression, of Python, that its output has to match; `{version}` stands for the version as it is. */
  readonly finds: string;
}

/** Releases that stay when another is published. */
export interface KeptReleases {
  /** The last ones that were published, beside the current one. @default 3 */
  readonly last?: number;
  /** Those that were current so lately: jobs may still use them. @default 7 days */
  readonly used?: Duration;
  /** Digests of those that somebody counts on. @default - none */
  readonly pinned?: readonly string[];
}

/** A cycle, or another name under which software stands together: part of paths. */
const cycle = word(
  (v) => (typeof v === "string" && /^[A-Za-z0-9][\w.-]{0,30}$/.test(v) ? v : undefined),
  "a cycle of letters, digits, dots and dashes: 49r3",
  "rename it",
);
export const packageName = word(
  (v) => (typeof v === "string" && /^[A-Za-z][\w+-]*$/.test(v) ? v : undefined),
  "a package by EasyBuild's name: ecCodes",
  "write it as its easyconfig has it",
);

const packages = z.record(packageName, version).refine((all) => Object.keys(all).length > 0, {
  params: { allowed: "one package or more", fix: "leave the cycle out" },
});
export const cyclesSchema = z.record(cycle, packages);

const source = z.strictObject({
  file: word(
    (v) => (typeof v === "string" && /^\w*(\{version\}|[\w.+-])+$/.test(v) && !v.startsWith("-") ? v : undefined),
    "the name of a file, eckit-{version}.tar.gz",
    "write it without a folder",
  ),
  url: word(
    (v) =>
      typeof v === "string" && /^(https?:\/\/(\{version\}|[\w./:+-])+|pypi:[\w.-]+==\{version\})$/.test(v)
        ? v
        : undefined,
    "where the source is, https://…/{version}.tar.gz or pypi:name=={version}",
    "write it in full",
  ),
} satisfies Fields<SourceSpec>);

/** It stands in a line of a program. */
const line = (what: string) =>
  word((v) => (typeof v === "string" && v.trim() !== "" && !v.includes("\n") ? v : undefined), what, "write one line");

export const recipesSchema = z.record(
  packageName,
  z.strictObject({
    easyconfig: text("the text of an easyconfig").exactOptional(),
    versions: z.array(version).readonly().exactOptional(),
    source,
    test: z
      .strictObject({ run: line("a command"), finds: line("a regular expression") } satisfies Fields<TestSpec>)
      .exactOptional(),
  } satisfies Fields<Recipe>),
);

export const keptSchema = z.strictObject({
  last: whole(1, 50, "1 to 50 releases", "leave it out for 3").default(3),
  used: time.default(days(7)),
  pinned: z
    .array(
      word(
        (v) => (typeof v === "string" && /^[0-9a-f]{12}$/.test(v) ? v : undefined),
        "the digest of a release, 12 digits of hex",
        "databridge modules status tells it",
      ),
    )
    .default([]),
} satisfies Fields<KeptReleases>);

export const modulesSchema = z.strictObject({
  supercomputer: text("a supercomputer"),
  cycles: cyclesSchema,
  recipes: recipesSchema,
  on: names("a target of the supercomputer"),
  workload: text("a workload"),
  kept: keptSchema.prefault({}),
  tested: time,
} satisfies Fields<ModulesSpec>);
export type StatedModules = z.output<typeof modulesSchema>;
