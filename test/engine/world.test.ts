import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { production, projectRoot, readLocks, readSites } from "../../engine/world";
import { Unreadable } from "../../model/site/lock";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databridge-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a world", () => {
  test("reads every site file of a folder, in the order of names, and no lock as one", () => {
    writeFileSync(join(folder, "b.js"), "exports.default = { name: 'b' };");
    writeFileSync(join(folder, "a.js"), "exports.default = { name: 'a' };");
    writeFileSync(join(folder, "a.js.map"), "{}");
    writeFileSync(join(folder, "a.lock.json"), "{}");
    expect(readSites(folder)).toEqual({ sites: [{ name: "a" }, { name: "b" }], problems: [] });
  });
  test("tells a file whose name is no site's, and one that exports none", () => {
    writeFileSync(join(folder, "a.v2.js"), "exports.default = { name: 'a' };");
    writeFileSync(join(folder, "b.js"), "");
    expect(readSites(folder).problems.map(({ path, fix }) => [path, fix])).toEqual([
      ["a.v2", "rename the file"],
      ["b", "export default site(…)"],
    ]);
  });
  test("tells a file that fails to load by its innermost place, and a word that was not imported by its name", () => {
    const sites = join(folder, "sites");
    mkdirSync(sites);
    writeFileSync(join(sites, "a.js"), "throw new Error('first line\\nsecond');");
    writeFileSync(join(sites, "b.js"), "const import_x = {}; (0, import_x.tibb)(4);");
    expect(readSites(sites).problems.map(({ path, value, fix }) => [path, value, fix])).toEqual([
      ["a", "first line", "mend sites/a.ts"],
      ["b", "tibb is not a function", "import it, or correct its name: sites/b.ts"],
    ]);
  });
  test("reads locks by the name of their site, and tells what is no JSON", () => {
    mkdirSync(join(folder, "sites"));
    writeFileSync(join(folder, "sites", "lumi.lock.json"), '{"version":1}');
    writeFileSync(join(folder, "sites", "home.lock.json"), "<<<<<<< HEAD");
    expect(readLocks(production(folder))).toEqual({
      lumi: { version: 1 },
      home: new Unreadable("merge conflict at line 1", expect.stringContaining("databridge lock")),
    });
  });
  test("of a project without locks has none", () => expect(readLocks(production(folder))).toEqual({}));
  test("is found from anywhere inside the project, and told where there is none", () => {
    const deep = join(folder, "a", "b");
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(folder, "cdktf.json"), "{}");
    expect(projectRoot(deep)).toBe(folder);
    expect(() => projectRoot(tmpdir())).toThrow("no cdktf.json");
  });
});
