import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../..");
const stacks = join(root, "synthesized/stacks");
const read = `
import json, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from order import read
order = read(Path(sys.argv[2]))
print(json.dumps([[each.name, each.waits, [source.file for source in each.sources if source.sha256 == "-"]] for each in order.installations]))
`;

interface Files {
  readonly resource: { readonly kubernetes_config_map_v1: Readonly<Record<string, { readonly data?: object }>> };
}

/** As pods have it: files of the order by their names. */
function ordered(stack: string): ReadonlyMap<string, string> {
  const { resource }: Files = JSON.parse(readFileSync(join(stacks, stack), "utf8"));
  const files = Object.values(resource.kubernetes_config_map_v1).flatMap(({ data = {} }) => Object.entries(data));
  const name = (key: string) => /^etc_\.databridge-modules_\.(.*\.json)$/.exec(key)?.[1]?.replaceAll("__", "_");
  return new Map(files.flatMap(([key, text]) => (name(key) === undefined ? [] : [[name(key) ?? "", text]])));
}

const modules = readdirSync(stacks).filter((name) => name.endsWith("-modules.json"));

test("software is ordered at all four sites", () => expect(modules).toHaveLength(4));

test.each(modules)("the program reads what %s orders, and knows what waits for a checksum", (stack) => {
  const folder = mkdtempSync(join(tmpdir(), "databridge-order-"));
  try {
    const files = ordered(stack);
    for (const [name, text] of files) writeFileSync(join(folder, name), text.replaceAll("$${", "${"));
    const { stdout, stderr } = spawnSync("python3", ["-B", "-c", read, join(root, "hpc/program"), folder], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const found: readonly (readonly [string, readonly string[], readonly string[]])[] = JSON.parse(stdout);
    expect(found).toHaveLength(files.size - 1);
    for (const [, waits, unknown] of found) expect(waits).toHaveLength(unknown.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
