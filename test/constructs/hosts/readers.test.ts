import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

test("every file of every host has a program that reads it in a gate", () => {
  const gate = pathToFileURL(join(__dirname, "../../gates/hosts/files.mjs")).href;
  const asked = `import { strays } from "${gate}"; console.log(JSON.stringify(strays()));`;
  const said = execFileSync(process.execPath, ["--input-type=module", "-e", asked], { encoding: "utf8" });
  expect(JSON.parse(said)).toEqual({ unread: [], gone: [] });
});
