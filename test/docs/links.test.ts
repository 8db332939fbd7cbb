import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { pages, root } from "./markdown";

const all = pages();

/** Of a heading, as forges make it. */
const anchorOf = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .trim()
    .replaceAll(" ", "-");

const withoutCode = (text: string): string =>
  text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, "").replaceAll(/`[^`]*`/g, (code) => code.replaceAll(/[[\]()]/g, ""));
const anchorsIn = (text: string): ReadonlySet<string> => {
  const found = new Set<string>();
  for (const [, heading = ""] of text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, "").matchAll(/^#+ (.*)$/gm)) {
    const anchor = anchorOf(heading);
    for (let i = 0, each = anchor; ; i++, each = `${anchor}-${i}`)
      if (!found.has(each)) {
        found.add(each);
        break;
      }
  }
  return found;
};

function broken(page: string, text: string): readonly string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? page : normalize(join(dirname(page), path));
    if (path !== "" && !existsSync(join(root, target))) return [`${page}: ${link} is not there`];
    if (anchor === undefined) return [];
    const there = target === page ? text : all.get(target);
    return there !== undefined && anchorsIn(there).has(anchor) ? [] : [`${page}: ${link} has no such heading`];
  });
}

test("every link of a page leads to a file, and to a heading of it", () => {
  const links = [...all.values()].flatMap((text) => [...withoutCode(text).matchAll(/\]\([^)\s]+\)/g)]);
  expect(links.length).toBeGreaterThan(200);
  expect([...all].flatMap(([page, text]) => broken(page, text))).toEqual([]);
});

test("one that leads nowhere is found", () => {
  const text =
    "# A page\n\n[a](#a-page) [b](#b) [c](c.md) [d](../../README.md#try-it) [e](../../README.md#try) `[f](f.md)`";
  expect(broken("docs/runbooks/a.md", text)).toEqual([
    "docs/runbooks/a.md: #b has no such heading",
    "docs/runbooks/a.md: c.md is not there",
    "docs/runbooks/a.md: ../../README.md#try has no such heading",
  ]);
});
