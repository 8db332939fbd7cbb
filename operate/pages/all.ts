import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Registers } from "../../model/registers";
import { instancesOf, kindNames, kinds } from "./kinds";
import { type FilesOf, runbookPage } from "./runbook";
import { sitePage, writtenBy } from "./site";

/** Pages that a command writes. */
export interface Pages {
  /** Texts by path; those that are to go, of sites that are no more, have none. */
  readonly pages: ReadonlyMap<string, string | undefined>;
  /** Marks in runbooks of whose name nothing is known. */
  readonly unknown: readonly { readonly page: string; readonly name: string }[];
}

/** All pages of a repository. @param folder its root */
export function pagesOf(registers: Registers, folder: string, filesOf: FilesOf): Pages {
  const pages = new Map<string, string | undefined>();
  for (const site of registers.sites) {
    const here = { ...registers, places: registers.places.filter((place) => place.site.name === site.name) };
    const runbooks = kindNames.flatMap((name) =>
      instancesOf(name, here).length > 0 ? [[kinds[name].title, `${name}.md`] as const] : [],
    );
    pages.set(join("docs", "sites", `${site.name}.md`), sitePage(registers, site, new Map(runbooks)));
  }
  for (const path of markdownIn(folder, join("docs", "sites")))
    if (!pages.has(path) && readFileSync(join(folder, path), "utf8").includes(writtenBy)) pages.set(path, undefined);
  const unknown = markdownIn(folder, join("docs", "runbooks")).flatMap((path) => {
    const page = runbookPage(readFileSync(join(folder, path), "utf8"), registers, filesOf);
    pages.set(path, page.text);
    return page.unknown.map((name) => ({ page: path, name }));
  });
  return { pages, unknown };
}

const markdownIn = (folder: string, path: string): readonly string[] =>
  existsSync(join(folder, path))
    ? readdirSync(join(folder, path))
        .filter((file) => file.endsWith(".md"))
        .sort()
        .map((file) => join(path, file))
    : [];
