import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesizedFiles } from "../engine/synthesized";
import { production, readLocks, readSites } from "../engine/world";
import { main } from "../main";
import { gather } from "../model/gather";

const root = join(__dirname, "..");
const world = production(root);

test("synthesized/ is what the sites give now; npm start writes it", () => {
  const { registers, problems } = gather(readSites(join(root, "sites")).sites, readLocks(world));
  expect(problems).toEqual([]);
  const outdir = mkdtempSync(join(tmpdir(), "databridge-"));
  try {
    const now = synthesizedFiles(main(registers, outdir));
    const committed = existsSync(world.synthesized)
      ? readdirSync(world.synthesized, { recursive: true, withFileTypes: true })
      : [];
    const files = committed.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
    expect(files.sort()).toEqual([...now.keys()].map((path) => join(world.synthesized, path)).sort());
    for (const [path, text] of now)
      expect([path, readFileSync(join(world.synthesized, path), "utf8")]).toEqual([path, text]);
  } finally {
    rmSync(outdir, { recursive: true });
  }
});

/**
 * How many resources each stack holds, so that a change of the files is not accepted blindly: read git diff synthesized,
 * and if every resource that came or went was meant, write the new number here.
 */
test("it holds as many resources as were last looked at", () => {
  const count = (file: string) => {
    const { resource } = JSON.parse(readFileSync(join(world.synthesized, "stacks", file), "utf8")) as {
      resource: Record<string, object>;
    };
    return Object.values(resource).reduce((sum, blocks) => sum + Object.keys(blocks).length, 0);
  };
  expect(Object.fromEntries(readdirSync(join(world.synthesized, "stacks")).map((file) => [file, count(file)]))).toEqual(
    {
      "home-production-control-plane.json": 62,
      "home-production-modules.json": 10,
      "home-production-tenancy.json": 165,
      "home-production-vault.json": 266,
      "leonardo-production-modules.json": 9,
      "leonardo-production-services.json": 146,
      "leonardo-production-tenancy.json": 179,
      "lumi-production-modules.json": 11,
      "lumi-production-services.json": 146,
      "lumi-production-tenancy.json": 207,
      "lumi-test-tenancy.json": 87,
      "marenostrum5-production-modules.json": 10,
      "marenostrum5-production-services.json": 146,
      "marenostrum5-production-tenancy.json": 178,
    },
  );
});
