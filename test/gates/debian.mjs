// Programs of Debian's packages, of which nothing is installed: that would start servers, and change the machine.
import { existsSync, mkdirSync, mkdtempSync, renameSync } from "node:fs";
import { join } from "node:path";
import { cache, isThere, run, Skipped } from "./gate.mjs";

/**
 * Packages, unpacked once into a folder of their own.
 * @param {string} name of the folder
 * @param {readonly string[]} packages with the libraries that they need
 */
export function unpacked(name, packages) {
  if (!isThere("apt-get") || process.getuid?.() !== 0) throw new Skipped("needs Debian and root, for its packages");
  const folder = join(cache, `debian-${name}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const work = mkdtempSync(join(cache, "unpacking-"));
    run(
      "sh",
      ["-ec", `apt-get download -qq ${packages.join(" ")}; for deb in *.deb; do dpkg -x $deb .; rm $deb; done`],
      {
        cwd: work,
      },
    );
    renameSync(work, folder);
  }
  return folder;
}

/** Where libraries of such packages are found. @param {string} folder */
export const libraries = (folder) => ({ LD_LIBRARY_PATH: join(folder, "usr", "lib", "x86_64-linux-gnu") });
