// What is built in the gate: GNU Hello as Debian has its source, ecBuild as Debian packages it, and a library of ours that needs that.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../cli/prepare.mjs";
import { cache, run } from "../gate.mjs";

const here = join(root, "test", "gates", "modules");
const fetched = join(cache, "modules-sources");
/** Debian's own, whose names are never reused for other bytes. */
const debian = { hello: "hello_2.10.orig.tar.gz", ecbuild: "ecbuild_3.7.1-1_all.deb" };

/** Versions that there are of each. */
export const versions = { hello: "2.10", ecBuild: "3.7.1" };

/** The text of an easyconfig of the gate. @param {string} name */
export const easyconfig = (name) => readFileSync(join(here, `${name}.eb`), "utf8");

/** By apt, from where this machine has its packages; once. */
function fetch() {
  mkdirSync(fetched, { recursive: true });
  if (!existsSync(join(fetched, debian.ecbuild))) run("apt-get", ["-qq", "download", "ecbuild"], { cwd: fetched });
  if (existsSync(join(fetched, debian.hello))) return;
  const program = "from sandbox_machine import mirrors; print('\\n'.join(mirrors.sources()))";
  const lines = run("python3", ["-c", program], {
    env: { PYTHONPATH: join(root, "sandbox", "machine"), PYTHONDONTWRITEBYTECODE: "1" },
  });
  const list = join(fetched, "sources.list");
  writeFileSync(list, lines.replace(/^deb /gm, "deb-src "));
  const state = join(fetched, "lists");
  mkdirSync(join(state, "partial"), { recursive: true });
  const apt = [
    "-qq",
    "-o",
    `Dir::Etc::SourceList=${list}`,
    "-o",
    "Dir::Etc::SourceParts=-",
    "-o",
    `Dir::State::Lists=${state}`,
  ];
  run("apt-get", [...apt, "update"]);
  run("apt-get", [...apt, "source", "--download-only", "hello"], { cwd: fetched });
}

/** The same files, the same bytes. @param {string} file @param {string} from @param {string} name of the folder in it */
function pack(file, from, name) {
  const as = `s,^\\.,${name},`;
  const same = [
    "--sort=name",
    "--mtime=@0",
    "--owner=0",
    "--group=0",
    "--numeric-owner",
    "--mode=go-w",
    `--transform=${as}`,
  ];
  run("sh", ["-c", `tar -C '${from}' ${same.map((word) => `'${word}'`).join(" ")} -c . | gzip -9n > '${file}'`]);
}

/** A folder of sources, as somebody brings them. @param {string} folder @param {readonly string[]} tiles versions */
export function bring(folder, tiles) {
  fetch();
  mkdirSync(folder, { recursive: true });
  cpSync(join(fetched, debian.hello), join(folder, `hello-${versions.hello}.tar.gz`));
  const unpacked = join(folder, ".ecbuild");
  run("dpkg", ["-x", join(fetched, debian.ecbuild), unpacked]);
  pack(join(folder, `ecbuild-${versions.ecBuild}.tar.gz`), join(unpacked, "usr"), `ecbuild-${versions.ecBuild}`);
  for (const version of tiles) {
    const own = join(folder, `.tiles-${version}`);
    mkdirSync(own, { recursive: true });
    for (const file of readdirSync(join(here, "tiles")))
      writeFileSync(join(own, file), readFileSync(join(here, "tiles", file), "utf8").replaceAll("@version@", version));
    pack(join(folder, `tiles-${version}.tar.gz`), own, `tiles-${version}`);
  }
}

/** @param {string} file */
export const sha256 = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Packages of EasyBuild and ReFrame, fetched once. @returns the folder */
export function wheels() {
  const requirements = join(root, "hpc", "tools", "requirements.txt");
  const folder = join(cache, `modules-wheels-${sha256(requirements).slice(0, 12)}`);
  const done = join(folder, ".fetched");
  if (existsSync(done)) return folder;
  mkdirSync(folder, { recursive: true });
  const venv = join(cache, "modules-pip");
  if (!existsSync(join(venv, "bin", "pip"))) run("/usr/bin/python3", ["-m", "venv", venv]);
  const what = ["--no-deps", "--require-hashes", "--requirement", requirements, "--dest", folder];
  run(join(venv, "bin", "pip"), ["download", "--quiet", "--disable-pip-version-check", ...what]);
  writeFileSync(done, "");
  return folder;
}
