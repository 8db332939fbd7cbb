import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { summarize } from "../../cli/print/summary";
import { headerText, summaryText } from "../../cli/print/summary-table";
import { today } from "../../cli/project/today";
import { withoutTraces } from "../../engine/traces";
import { production, readLocks, readSites } from "../../engine/world";
import { main } from "../../main";
import { gather } from "../../model/gather";
import { stacksOf } from "../../model/stacks";
import { pages, root } from "./markdown";

test("what npm start prints stands in the README, but for the time that it takes", () => {
  const [, shown = ""] = /\$ npm start\n([\s\S]*?)```/.exec(pages().get("README.md") ?? "") ?? [];
  const { registers } = gather(readSites(join(root, "sites")).sites, readLocks(production(root)));
  const folder = mkdtempSync(join(tmpdir(), "databridge-"));
  try {
    const outputs = withoutTraces(() => main(registers, folder));
    const summary = summarize(registers, registers.places.flatMap(stacksOf), outputs, today());
    const lines = (text: string) =>
      stripVTControlCharacters(text)
        .split("\n")
        .map((line) => line.replace(/ · [\d.]+ s$/, "").trim());
    const printed = new Set(lines(`${headerText(summary, 1)}\n\n${summaryText(summary)}`));
    // Of long lines it shows the beginning: what is left out is …
    const isPrinted = (line: string) => {
      const [begin = "", end] = line.split(", … · ");
      return (
        printed.has(line) ||
        (end !== undefined && [...printed].some((each) => each.startsWith(begin) && each.endsWith(` · ${end}`)))
      );
    };
    expect(lines(shown).filter((line) => line !== "…" && !isPrinted(line))).toEqual([]);
    expect(lines(shown).length).toBeGreaterThan(20);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
