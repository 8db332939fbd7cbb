import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(__dirname, "../..");

const strange = new Set(["node_modules", "synthesized", "cdktf.out", "dist", "lib"]);

/** Every page of the repository, by its path, without what is made. */
export const pages = (folder = ""): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name.startsWith(".") || strange.has(entry.name) ? [] : [...pages(path)];
      return entry.isFile() && entry.name.endsWith(".md")
        ? [[path, readFileSync(join(root, path), "utf8")] as const]
        : [];
    }),
  );
