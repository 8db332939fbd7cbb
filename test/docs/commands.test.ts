import { callsIn, codeIn, misused } from "./commands";
import { pages } from "./markdown";

const calls = [...pages()].flatMap(([page, text]) =>
  codeIn(text)
    .flatMap(callsIn)
    .map((words) => ({ page, words })),
);

test("every command of ours that a page shows is one, with options that it has", () => {
  expect(calls.length).toBeGreaterThan(200);
  expect(
    calls.flatMap(({ page, words }) => {
      const why = misused(words);
      return why === undefined ? [] : [`${page}: databridge ${words.join(" ")}: ${why}`];
    }),
  ).toEqual([]);
});

test("one that is not is found", () => {
  const wrong = [
    "databridge deplyo lumi",
    "databridge deploy lumi --plan-olny",
    "npx databridge request moon lumi",
    "databridge lock lumi",
    "databridge eject one two",
    "databridge hold x",
    'databridge hold x --reason "why"',
    'databridge hold --reason "why" --until 2027-06-30',
    "VAULT_TOKEN=… databridge secrets lumi --markdown > docs/sites/lumi.md",
  ];
  const page = wrong.map((each) => `so: \`${each}\`,`).join("\n");
  expect(codeIn(`${page}\n\`\`\`\n$ databridge drfit  # looks\n\`\`\`\n`).flatMap(callsIn).map(misused)).toEqual([
    "databridge has no such command",
    "databridge has no such command",
    "deploy has no --plan-olny",
    "request has no such command",
    "lock has no arguments",
    "eject takes less",
    "hold wants --reason",
    "hold wants --until",
    "hold takes more",
    "secrets has no --markdown",
  ]);
});

test("one that is named alone is not called", () => expect(misused(["hold"])).toBeUndefined());
