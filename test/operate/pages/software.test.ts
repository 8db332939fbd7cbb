import { readFileSync } from "node:fs";
import { join } from "node:path";
import { production, readLocks, readSites } from "../../../engine/world";
import { gather } from "../../../model/gather";
import { softwareMarkdown, softwareTables } from "../../../operate/pages/software";

const root = join(__dirname, "../../..");
const { registers } = gather(readSites(join(root, "sites")).sites, readLocks(production(root)));
const tables = softwareTables(registers.places.filter(({ modules }) => modules.length > 0));

test("the page is current; npx databridge modules show --markdown > docs/modules.md", () =>
  expect(readFileSync(join(root, "docs/modules.md"), "utf8")).toBe(softwareMarkdown(tables)));

test("it has a row for each package, a column for each target, and what nobody has looked at", () => {
  const [packages, targets, waiting] = tables;
  expect(packages?.rows.find(([name]) => name === "eckit")).toEqual(["eckit", "1.29.3", "1.32.4"]);
  expect(targets?.head.slice(1)).toEqual([
    "atos par",
    "leonardo boost_usr_prod",
    "leonardo dcgp_usr_prod",
    "lumi standard",
    "lumi standard-g",
    "marenostrum5 gpp",
    "marenostrum5 acc",
  ]);
  expect(targets?.rows.every((row) => row.length === 8)).toBe(true);
  expect(targets?.rows.find(([name]) => name === "CMake")?.slice(1, 3)).toEqual(["cmake", "cmake/3.27.9"]);
  expect(waiting?.rows.map(([, key]) => key)).toEqual([
    "sources.metkit-1.13.1",
    "sources.mir-1.26.0",
    "sources.multio-2.6.0",
    "sources.multio-2.8.0",
    "sources.loki-0.3.7",
  ]);
});
