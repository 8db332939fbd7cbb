import { join } from "node:path";
import { production, readLocks, readSites } from "../../engine/world";
import { gather } from "../../model/gather";
import type { Day } from "../../model/words/calendar";
import { judge } from "../../policy/judge";

// A day on which the acknowledgements of the site files hold: whether they hold today, databridge policy tells.
const day = "2026-11-24" as Day;

test("all that is unwise about our sites is answered for, and no answer is of nothing", () => {
  const root = join(__dirname, "../..");
  const { registers } = gather(readSites(join(root, "sites")).sites, readLocks(production(root)));
  const { findings, problems } = judge(registers, day);
  expect(problems).toEqual([]);
  expect(findings.length).toBe(26);
});
