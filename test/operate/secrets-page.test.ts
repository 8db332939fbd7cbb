import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { production, readLocks, readSites } from "../../engine/world";
import { gather } from "../../model/gather";
import { secretsPage } from "../../operate/secrets-page";

const root = join(__dirname, "../..");
const { registers } = gather(readSites(join(root, "sites")).sites, readLocks(production(root)));

test.each(
  registers.sites.map(({ name }) => name),
)("the page of %s is current; npx databridge secrets <site> --markdown > docs/sites/<site>.md", (site) =>
  expect(readFileSync(join(root, "docs/sites", `${site}.md`), "utf8")).toBe(secretsPage(registers, site)));

test("every site has its page, and nobody else", () =>
  expect(readdirSync(join(root, "docs/sites")).sort()).toEqual(registers.sites.map(({ name }) => `${name}.md`).sort()));

test("a secret, a certificate and an end each stand on the page of their site alone", () => {
  const pages = new Map(registers.sites.map(({ name }) => [name, secretsPage(registers, name)]));
  for (const { place, mount, path } of registers.secrets)
    for (const [site, page] of pages) expect(page.includes(`\`${mount}/${path}\``)).toBe(site === place.site.name);
  for (const { place, id } of registers.certificates)
    for (const [site, page] of pages) expect(page.includes(`| ${id} |`)).toBe(site === place.site.name);
  const ends = [...pages.values()].map((page) => page.split("## What ends")[1] ?? "");
  const rows = ends.flatMap((each) => each.split("\n").filter((line) => /^\| (?!what \||---)/.test(line)));
  expect(rows).toHaveLength(registers.signals.filter(({ labels }) => labels.site !== undefined).length);
});
