import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bastion, proxy } from "../../../constructs/edge/spec";
import { production, readLocks, readSites } from "../../../engine/world";
import { gather } from "../../../model/gather";
import { ownersText } from "../../../operate/gitlab/owners";
import { north, tenancy } from "../../model/platform";

const root = join(__dirname, "../../..");
const own = gather(readSites(join(root, "sites")).sites, readLocks(production(root)));

test("CODEOWNERS is what the sites give: databridge owners > CODEOWNERS", () =>
  expect(readFileSync(join(root, "CODEOWNERS"), "utf8")).toBe(ownersText(own.registers)));

test("a tenancy's output is its owner's, a site file is that of all who own something there", () => {
  const { registers } = gather([
    north({
      production: tenancy({ owner: "one", runs: [bastion(), proxy()] }),
      test: tenancy({ owner: "two", environment: "test", network: { cidr: "10.60.0.0/20" } }),
    }),
  ]);
  expect(ownersText(registers).split("\n")).toEqual([
    "# Rendered by databridge owners > CODEOWNERS: nobody edits it.",
    "",
    "[platform] @one",
    "*",
    "",
    "[site north] @one @two",
    "/sites/north.ts",
    "/sites/north.lock.json",
    "/docs/sites/north.md",
    "",
    "[tenancy north-production] @one",
    "/synthesized/stacks/north-production-tenancy.json",
    "/synthesized/hosts/north-production-*/",
    "",
    "[tenancy north-test] @two",
    "/synthesized/stacks/north-test-tenancy.json",
    "",
  ]);
});
