// EasyBuild as it is published, without what a machine or a person has configured of it, and with the toolchains of sites that it
// does not know.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../../../cli/prepare.mjs";
import { isThere, ofPython, run, Skipped } from "../gate.mjs";

const version = "5.4.1";
const lmod = "/usr/share/lmod/lmod/libexec/lmod";

/** Toolchains of a Cray that sites define on their own, and EasyBuild's nearest one. */
const cray = { cpeGNU: "CrayGNU", cpeCray: "CrayCCE", cpeAMD: "CrayCCE", cpeAOCC: "CrayCCE" };

/** @typedef {ReadonlyMap<string, string>} Easyconfigs text by name of file */

/** @param {string} text @returns {{ name: string, version: string } | undefined} */
function toolchainOf(text) {
  const [, name, version] = /^toolchain = \{'name': '([\w-]+)', 'version': '([\w.-]+)'\}$/m.exec(text) ?? [];
  return name && version ? { name, version } : undefined;
}

/**
 * What stands in for such a toolchain: a class, and the easyconfig that the robot looks for. Nothing is built by it.
 * @param {string} folder
 * @param {Easyconfigs} easyconfigs
 * @returns {string[]} classes
 */
function standIns(folder, easyconfigs) {
  const classes = new Set();
  for (const toolchain of [...easyconfigs.values()].map(toolchainOf)) {
    const nearest = Object.entries(cray).find(([name]) => name === toolchain?.name)?.[1];
    if (!toolchain || !nearest) continue;
    const file = join(folder, `${toolchain.name.toLowerCase()}.py`);
    const from = `from easybuild.toolchains.${nearest.toLowerCase()} import ${nearest}`;
    writeFileSync(file, `${from}\n\n\nclass ${toolchain.name}(${nearest}):\n    NAME = '${toolchain.name}'\n`);
    const lines = [
      "easyblock = 'Toolchain'",
      `name = '${toolchain.name}'`,
      `version = '${toolchain.version}'`,
      "homepage = 'https://easybuild.io'",
      "description = 'The toolchain of a site'",
      "toolchain = SYSTEM",
      "moduleclass = 'toolchain'",
    ];
    writeFileSync(join(folder, `${toolchain.name}-${toolchain.version}.eb`), `${lines.join("\n")}\n`);
    classes.add(file);
  }
  return [...classes];
}

/**
 * @param {string} within a folder for what it writes
 * @param {Easyconfigs} easyconfigs
 * @param {readonly string[]} args
 * @returns {string} what it says; throws what it finds wrong
 */
export function easyBuild(within, easyconfigs, args) {
  const eb = ofPython("easybuild", version, join(root, "hpc/tools/requirements.txt"), "eb");
  if (!existsSync(lmod)) {
    if (!isThere("apt-get") || process.getuid?.() !== 0)
      throw new Skipped("needs Lmod; or Debian and root, for its package");
    run("apt-get", ["install", "-qq", "--no-install-recommends", "lmod"], {
      env: { DEBIAN_FRONTEND: "noninteractive" },
    });
  }
  const folder = mkdtempSync(join(within, "easybuild-"));
  const stand = join(folder, "stand-in");
  for (const made of ["easyconfigs", "stand-in", "home"]) mkdirSync(join(folder, made));
  const files = [...easyconfigs].map(([name, text]) => {
    const file = join(folder, "easyconfigs", name);
    writeFileSync(file, text);
    return file;
  });
  const classes = standIns(stand, easyconfigs);
  const options = [
    `--robot=${join(folder, "easyconfigs")}:${stand}`,
    "--local-var-naming-check=error",
    ...(classes.length > 0 ? [`--include-toolchains=${classes.join(",")}`] : []),
  ];
  const env = {
    PATH: process.env.PATH,
    HOME: join(folder, "home"),
    LMOD_CMD: lmod,
    EB_PYTHON: join(dirname(eb), "python"),
    EASYBUILD_PREFIX: folder,
    EASYBUILD_TMPDIR: folder,
    EASYBUILD_MODULES_TOOL: "Lmod",
    ...(process.getuid?.() === 0 ? { EASYBUILD_ALLOW_USE_AS_ROOT_AND_ACCEPT_CONSEQUENCES: "1" } : {}),
  };
  const told = spawnSync(eb, [...files, ...args, ...options], {
    cwd: folder,
    env,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const said = `${told.error?.message ?? ""}${told.stdout}${told.stderr}`;
  if (told.status === 0) return said;
  const wrong = said
    .split("\n")
    .filter((line) => line.startsWith("ERROR") || line.includes(".eb:") || line.includes("Checksums"));
  throw new Error(wrong.join("\n").slice(0, 4000) || said.slice(-4000));
}
