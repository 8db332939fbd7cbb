import { z } from "zod";
import { type Fields, names, oneOf, text, whole, word } from "../words/parse";
import { type Duration, hours, minutes, time } from "../words/quantity";
import { slurmName } from "./partition";

/** How software is installed at a supercomputer: what its operator's modules give, and what is ours to choose there. */
export interface SoftwareFacts {
  /** The folder in which each environment has its own, on a file system that all nodes see: `/appl/local/destine/modules`. */
  readonly prefix: string;
  /** The group of what is installed. @default - that of the account */
  readonly group?: string;
  /** @default "0022" */
  readonly umask?: (typeof umasks)[number];
  /** Who gets sources: a login node, which reaches the internet, or whoever deploys brings them. @default "login" */
  readonly sources?: (typeof origins)[number];
  readonly python: PythonFacts;
  /** What is built for, by the partition on which it is tested. */
  readonly targets: Readonly<Record<string, TargetFacts>>;
}

/** A Python of 3.9 or later, by which EasyBuild and ReFrame run, in an environment of their own. */
export interface PythonFacts {
  /** `/usr/bin/python3`, or what a module brings: `python3`. */
  readonly program: string;
  /** Modules that are loaded for it, in this order. @default - none */
  readonly modules?: readonly string[];
}

/** The nodes of a partition, and what their operator gives software there. */
export interface TargetFacts {
  /** As EasyBuild names it, `cpeGNU/24.03`; or `SYSTEM`: the compilers of the modules that are loaded. */
  readonly toolchain: string;
  /** Modules that make a shell one for this target, in this order: `["LUMI/24.03", "partition/C"]`. @default - none */
  readonly modules?: readonly string[];
  /** With `SYSTEM`, modules that all that is built needs again where it is used: compilers, MPI. @default - none */
  readonly requires?: readonly string[];
  /** Who gives what packages need of others, by EasyBuild's name: `{ CMake: ofModule("buildtools/24.03") }`. @default - nothing is there */
  readonly given?: Readonly<Record<string, Given>>;
  /** What is configured otherwise than elsewhere, by package: `{ ecTrans: ["-DENABLE_GPU=ON"] }`. @default - nothing */
  readonly options?: Readonly<Record<string, readonly string[]>>;
  /** Packages that cannot be had here, or that nobody needs. @default - none */
  readonly without?: readonly string[];
  /** Raise it to build all of it anew, though nothing that is described has changed. @default 1 */
  readonly generation?: number;
  /** Where it is built. @default - on the partition itself, 6 hours at most */
  readonly build?: JobPlace;
  /** Where it is tested. @default - on the partition itself, 30 minutes at most */
  readonly test?: Pick<JobPlace, "qos" | "walltime">;
}

/** A job on one whole node. */
export interface JobPlace {
  /** @default - the partition itself */
  readonly partition?: string;
  /** @default - none, or the first that it fits */
  readonly qos?: string;
  readonly walltime?: Duration;
}

/** Who gives a package that ours need. */
export type Given =
  | { readonly by: "module"; readonly module: string }
  | { readonly by: "system" }
  | { readonly by: "nobody" }
  | { readonly by: "easybuild"; readonly version: string; readonly toolchain?: string };

/** A module of the operator, which stays his: `cray-netcdf/4.9.0.9`. */
export const ofModule = (module: string): Given => ({ by: "module", module });
/** It is on every node. */
export const ofSystem: Given = { by: "system" };
/** It is not there, and who needs it does without, by options of the target. */
export const ofNobody: Given = { by: "nobody" };
/**
 * EasyBuild builds it by an easyconfig that is public.
 * @param toolchain `SYSTEM`, or one below that of the target, as EasyBuild's file says. @default - that of the target
 */
export const ofEasyBuild = (version: string, toolchain?: string): Given => ({
  by: "easybuild",
  version,
  ...(toolchain === undefined ? {} : { toolchain }),
});

const umasks = ["0002", "0022", "0027", "0007"] as const;
const origins = ["login", "brought"] as const;

/** As shells and Lmod take it without quotes. */
const pattern = /^[A-Za-z0-9_][\w.+-]*(\/[\w.+-]+)*$/;
export const moduleName = word(
  (v) => (typeof v === "string" && pattern.test(v) ? v : undefined),
  "a module by name and version, cray-netcdf/4.9.0.9",
  "write it as module load has it",
);

const toolchain = word(
  (v) => (v === "SYSTEM" || (typeof v === "string" && /^[A-Za-z][\w-]*\/[\w.+-]+$/.test(v)) ? v : undefined),
  "a toolchain by EasyBuild's name and its version, cpeGNU/24.03, or SYSTEM",
  "eb --list-toolchains names them",
);

export const version = word(
  (v) => (typeof v === "string" && /^\d[\w.+-]*$/.test(v) ? v : undefined),
  'a version, "1.28.0"',
  "write it in quotes, in full",
);

const given = z
  .discriminatedUnion("by", [
    z.strictObject({ by: z.literal("module"), module: moduleName }),
    z.strictObject({ by: z.literal("system") }),
    z.strictObject({ by: z.literal("nobody") }),
    z.strictObject({ by: z.literal("easybuild"), version, toolchain: toolchain.exactOptional() }),
  ])
  .meta({ written: 'ofModule("name/version"), ofSystem, ofNobody or ofEasyBuild("version")' });

/** An option of CMake, which a shell passes on: a list in it has semicolons. */
const option = word(
  (v) => (typeof v === "string" && /^-[\w=.,:;+/-]+$/.test(v) ? v : undefined),
  "an option of configure or CMake, -DENABLE_CUDA=ON",
  "write each by itself, without spaces, quotes and $",
);

const jobPlace = (longest: Duration) =>
  z
    .strictObject({
      partition: text("a partition").exactOptional(),
      qos: text("a quality of service").exactOptional(),
      walltime: time.default(longest),
    } satisfies Fields<JobPlace>)
    .prefault({});

const targetSchema = z.strictObject({
  toolchain,
  modules: z.array(moduleName).default([]),
  requires: z.array(moduleName).exactOptional(),
  given: z.record(z.string(), given).default({}),
  options: z.record(z.string(), z.array(option).min(1)).default({}),
  without: names("a package").default([]),
  generation: whole(1, 9999, "a whole number from 1", "count up from 1").default(1),
  build: jobPlace(hours(6)),
  test: jobPlace(minutes(30)),
} satisfies Fields<TargetFacts>);
export type Target = z.output<typeof targetSchema>;

/** Scripts name it without quotes. */
const folder = word(
  (v) => (typeof v === "string" && /^(\/[A-Za-z0-9_][\w.-]*)+$/.test(v) && !v.includes("..") ? v : undefined),
  "an absolute path of a folder",
  "write it as /appl/local/destine/modules",
);

export const softwareSchema = z.strictObject({
  prefix: folder,
  group: slurmName("a group there").exactOptional(),
  umask: oneOf(umasks).default("0022"),
  sources: oneOf(origins).default("login"),
  python: z.strictObject({
    program: word(
      (v) => (typeof v === "string" && /^\/?[A-Za-z][\w.-]*(\/[A-Za-z0-9][\w.-]*)*$/.test(v) ? v : undefined),
      "a program, /usr/bin/python3.11 or python3",
      "write it without options",
    ),
    modules: z.array(moduleName).default([]),
  } satisfies Fields<PythonFacts>),
  targets: z.record(z.string(), targetSchema),
} satisfies Fields<SoftwareFacts>);
export type Software = z.output<typeof softwareSchema>;
