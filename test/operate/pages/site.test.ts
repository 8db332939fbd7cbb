import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { filesOf } from "../../../constructs/files";
import { production, readLocks, readSites } from "../../../engine/world";
import { isOurs } from "../../../model/entries";
import { gather } from "../../../model/gather";
import { flowsOf } from "../../../model/standing";
import { pagesOf } from "../../../operate/pages/all";
import { kindNames } from "../../../operate/pages/kinds";
import { runbookPage } from "../../../operate/pages/runbook";
import { sitePage } from "../../../operate/pages/site";
import { Checkout } from "../../cli/command";

const root = join(__dirname, "../../..");
const { registers } = gather(readSites(join(root, "sites")).sites, readLocks(production(root)));
const pages = new Map(registers.sites.map((site) => [site.name, sitePage(registers, site, new Map())]));
const section = (page: string, title: string): string => page.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
const rowsOf = (text: string): readonly string[] =>
  text.split("\n").filter((line, i, all) => /^\| (?!---)/.test(line) && !/^\| ---/.test(all[i + 1] ?? ""));

test("every site has its page, and nobody else", () =>
  expect(readdirSync(join(root, "docs/sites")).sort()).toEqual(registers.sites.map(({ name }) => `${name}.md`).sort()));

test("a host stands on the page of its site, with its address and roles", () => {
  for (const { site, hosts } of registers.places)
    for (const { name, address, roles } of hosts)
      expect(pages.get(site.name)).toMatch(
        new RegExp(`^\\| \`${name}\` \\| ${address} \\| .* \\| ${roles.join(", ")} \\|`, "m"),
      );
});

test("each reason for a flow stands among the flows of its tenancy", () => {
  for (const place of registers.places)
    for (const { why } of flowsOf(place, registers.flows))
      expect(section(pages.get(place.site.name) ?? "", "Flows")).toContain(why.replaceAll("|", "\\|"));
});

test("a chart names what it draws once, and draws no more than somebody can follow", () => {
  for (const page of pages.values()) {
    const [, chart = ""] = /```mermaid\n([\s\S]*?)```/.exec(page) ?? [];
    const named = [...chart.matchAll(/^ +(?:subgraph )?(\w+)(?=\[|\()/gm)].map(([, id]) => id);
    const used = [...chart.matchAll(/^ {2}(\w+) -.*> (\w+)$/gm)].flatMap(([, ...ends]) => ends);
    expect(new Set(named).size).toBe(named.length);
    expect(used.filter((id) => !named.includes(id))).toEqual([]);
    expect([used.length > 10, used.length / 2 <= 60]).toEqual([true, true]);
  }
});

test("a secret, a certificate and an end each stand on the page of their site alone", () => {
  for (const { place, mount, path } of registers.secrets)
    for (const [site, page] of pages) expect(page.includes(`\`${mount}/${path}\``)).toBe(site === place.site.name);
  for (const { place, id } of registers.certificates)
    for (const [site, page] of pages) expect(page.includes(`| ${id} |`)).toBe(site === place.site.name);
  const told = [...pages.values()].flatMap((page) =>
    ["What ends", "What rings"].flatMap((title) => rowsOf(section(page, title))),
  );
  expect(told).toHaveLength(registers.signals.filter(({ labels }) => labels.site !== undefined).length);
});

test("operators are asked, on the page of their site, for each grant, project and account", () => {
  for (const place of registers.places) {
    const asked = section(pages.get(place.site.name) ?? "", "To ask for");
    expect(asked).toContain(`. ${place.project}`);
    for (const { from, to } of flowsOf(place, registers.flows))
      for (const party of [from, to])
        if (!isOurs(party) && party.fenced) expect(asked).toContain(`. ${party.theirs}, for ${place.id}`);
  }
  for (const { name, supercomputer } of registers.sites)
    for (const { user } of Object.values(supercomputer?.accounts ?? {}))
      expect(section(pages.get(name) ?? "", "To ask for")).toContain(`. ${user} at ${supercomputer?.name}`);
});

describe("a runbook", () => {
  const of = (text: string) => runbookPage(text, registers, (host, place) => filesOf(host, place, registers));
  const marked = (name: string, between = "") =>
    `# A\n\n<!-- written by databridge docs: ${name} -->\n${between}<!-- end -->\n\nmore\n`;

  test("has between its marks what stands where, by which units, and keeps the rest", () => {
    const { text } = of(marked("ecflow", "| old |\n"));
    expect(text).toContain(
      "| lumi-production | `lumi-production-ecflow-prod`, `lumi-production-ecflow-prod-standby` | `ecflow-prod`, ",
    );
    expect(text).not.toContain("old");
    expect([text.startsWith("# A\n\n<!--"), text.endsWith("<!-- end -->\n\nmore\n")]).toEqual([true, true]);
    expect(of(text).text).toBe(text);
  });

  test("of each kind has a row at least", () => {
    for (const name of kindNames) expect(rowsOf(of(marked(name)).text).length).toBeGreaterThan(0);
  });

  test("tells whom to ask", () =>
    expect(of(marked("contacts")).text).toContain(
      "- production-services: production-services-on-call@ecmwf.int wakes somebody",
    ));

  test("says what it does not know", () => {
    const text = marked("ecflw");
    expect(of(text)).toEqual({ text, unknown: ["ecflw"] });
  });

  test("of this repository: one for each kind, with its marks, and an answer to each question", () => {
    for (const name of kindNames) {
      const text = readFileSync(join(root, "docs/runbooks", `${name}.md`), "utf8");
      for (const mark of [name, "contacts"]) expect(text).toContain(`<!-- written by databridge docs: ${mark} -->`);
      const answers = [...text.matchAll(/^\| (start|stop|rotate|restore|replace|escalate) \| \S.* \|$/gm)];
      expect(answers.map(([, question]) => question)).toEqual([
        "start",
        "stop",
        "rotate",
        "restore",
        "replace",
        "escalate",
      ]);
    }
  });
});

describe("databridge docs", () => {
  let checkout: Checkout;
  beforeEach(() => {
    checkout = new Checkout();
  });
  afterEach(() => checkout.remove());
  const page = (): string => join(checkout.folder, "docs", "sites", "north.md");

  test("writes the pages, the same each time, and says which are not current", () => {
    expect(checkout.databridge("docs", "--check")).toMatchObject({
      code: 1,
      out: "not current  docs/sites/north.md\nnot current  docs/sites/south.md\n",
    });
    expect(checkout.databridge("docs")).toMatchObject({
      code: 0,
      out: "written  docs/sites/north.md\nwritten  docs/sites/south.md\n",
      err: "",
    });
    expect(checkout.databridge("docs", "--check")).toMatchObject({ code: 0, out: "2 pages are current\n" });
    expect(readFileSync(page(), "utf8")).toContain("# north\n");
  });
});

test("the pages of this repository are current; npx databridge docs", () => {
  const { pages, unknown } = pagesOf(registers, root, (host, place) => filesOf(host, place, registers));
  expect([pages.size, unknown]).toEqual([registers.sites.length + readdirSync(join(root, "docs/runbooks")).length, []]);
  for (const [path, text] of pages) expect([path, readFileSync(join(root, path), "utf8")]).toEqual([path, text]);
});
