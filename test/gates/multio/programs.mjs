// MultIO and FDB as ECMWF publishes them, and FDBs of this machine.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { ofPython } from "../gate.mjs";

/** The newest, with the FDB that bridges have; and that of the supercomputers' software, with the FDB of its time. */
export const versions = /** @type {const} */ (["2.12", "2.8"]);
const releases = { 2.12: "2.12.0.33", 2.8: "2.8.0.11" };
/** @typedef {typeof versions[number]} Version */

/** @param {Version} version */
export function packages(version) {
  const pinned = join(import.meta.dirname, `requirements-${version}.txt`);
  const python = ofPython("multiolib", releases[version], pinned, "python");
  const lib = join(dirname(dirname(python)), "lib");
  const [name = ""] = readdirSync(lib).filter((each) => each.startsWith("python3"));
  const site = join(lib, name, "site-packages");
  const folders = readdirSync(site).flatMap((each) => [
    ...(each.endsWith(".libs") ? [join(site, each)] : []),
    ...(existsSync(join(site, each, "lib64")) ? [join(site, each, "lib64")] : []),
  ]);
  return { python, site, libraries: folders.join(":") };
}

/** The first thing that a program does not like. @param {string} said */
export const reasonOf = (said) =>
  /(Exception: (?!FailureAware|Assertion|dumping).+)/.exec(said)?.[1]?.slice(0, 400) ?? said.slice(-1000);

export class Programs {
  /** @param {string} folder for what they write @param {string} request what is looked for in FDBs */
  constructor(folder, request) {
    this.folder = folder;
    this.request = request;
    this.fdbs = 0;
  }

  /**
   * @param {Version} version
   * @param {string} program by its path in the packages: `multiolib/bin/multio-feed`; or `python`
   * @param {string[]} args
   * @param {Record<string, string>} env
   */
  ran(version, program, args, env = {}) {
    const { python, site, libraries } = packages(version);
    const { status, stdout, stderr } = spawnSync(program === "python" ? python : join(site, program), args, {
      cwd: this.folder,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      timeout: 60_000,
      env: { PATH: `${process.env.PATH}`, HOME: this.folder, LD_LIBRARY_PATH: libraries, ...env },
    });
    return { status, said: `${stdout}${stderr}` };
  }

  /** What it says; it has to succeed. @param {Parameters<Programs["ran"]>} args */
  done(...args) {
    const { status, said } = this.ran(...args);
    if (status !== 0) throw new Error(`${args[1]} of ${args[0]} ended with ${status}: ${reasonOf(said)}`);
    return said;
  }

  /** FDB_HOME of an empty FDB. @param {string} schema */
  fdb(schema) {
    this.fdbs += 1;
    const home = join(this.folder, `fdb-${this.fdbs}`);
    for (const folder of ["etc/fdb", "root"]) mkdirSync(join(home, folder), { recursive: true });
    writeFileSync(join(home, "etc/fdb/schema"), schema);
    const spaces = [{ handler: "Default", roots: [{ path: join(home, "root") }] }];
    const config = { type: "local", engine: "toc", schema: join(home, "etc/fdb/schema"), spaces };
    writeFileSync(join(home, "etc/fdb/config.yaml"), stringify(config));
    return home;
  }

  /** What is in it: `step=0,param=167`. @param {Version} version @param {string} home */
  listed(version, home) {
    const { said } = this.ran(version, "fdb5lib/bin/fdb-list", [this.request], { FDB_HOME: home });
    return [...said.matchAll(/\}\{(step=[^}]*)\}$/gm)].map(([, field = ""]) => field).sort();
  }

  /** Its fields, as they come back. @param {Version} version @param {string} home @param {string} rest of the request */
  readBack(version, home, rest) {
    const [asked, read] = [join(this.folder, "request"), join(this.folder, "read.grib")];
    writeFileSync(asked, `retrieve,${this.request},domain=g,type=fc,levtype=sfc,${rest}\n`);
    this.done(version, "fdb5lib/bin/fdb-read", [asked, read], { FDB_HOME: home });
    return readFileSync(read);
  }

  /** What GRIB says. @param {string} file @returns {Record<string, string | number>[]} */
  saidIn(file) {
    const said = this.done("2.12", "python", [join(import.meta.dirname, "fields.py"), "said", file]);
    return said
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
  }
}
