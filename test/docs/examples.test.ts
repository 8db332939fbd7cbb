import { diagnostics, examples } from "./examples";

const { all, fences } = examples();

test("every example of every page is read: none is passed over", () => {
  expect(all).toHaveLength(fences);
  expect(fences).toBeGreaterThan(25);
});

test("examples of the pages compile", () => expect(diagnostics(all)).toEqual([]));

test("an example that is wrong is found, however it was made whole", () => {
  const page = (how: string, code: string) => `${how === "" ? "" : `<!-- ts: ${how} -->\n`}\`\`\`ts\n${code}\n\`\`\`\n`;
  const wrong = [
    page("", 'ecflow("prod", { standbye: true })'),
    page(
      "in a component",
      'services: [{ service: "tiles", on: { role: "tiles" }, traffic: tcp("8080"), auth: "none" }],',
    ),
    page("in a site", 'countri: "FI",'),
    page("in a tenancy", 'formerly: { "host/a": 1 },'),
    page("a need", '{ need: "flow", from: { outside: "internet" }, why: "nowhere" }'),
    page("in a stack", 'new Network(this, "net", { name: "net" });'),
    page("as sites/wrong.ts", 'import { sites } from "../model/vocabulary";\nexport default sites;'),
    page('… is Pick<SupercomputerFacts, "login">', 'slurm("lumi", { host: "lumi.csc.fi", … })'),
    page("somehow", "anything"),
  ];
  const { all, fences } = examples(new Map(wrong.map((text, i) => [`${i}`, text])));
  expect([all.length, fences]).toEqual([wrong.length, wrong.length]);
  const found = diagnostics(all).map((each) => each.split(",")[0]);
  expect([...new Set(found)].sort()).toEqual(wrong.map((_, i) => `${i}`));
});
