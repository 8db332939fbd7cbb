import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./command";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const sandbox = (...words: readonly string[]) =>
  checkout.databridgeWith({ DATABRIDGE_SANDBOX: join(checkout.folder, "world") }, "sandbox", ...words);

test("a supercomputer comes up only where a site has one", () => {
  expect(sandbox("up", "hpc", "south")).toMatchObject({ code: 2, err: "there is no supercomputer at south\n" });
  const file = join(checkout.folder, "sites", "north.ts");
  const facts = `host: "polaris.example.org", login: pending("where"), internet: { login: true, compute: true }, auth: registeredKey("hpc/polaris"), partitions: {}`;
  const text = readFileSync(file, "utf8")
    .replace("import { allocated,", "import { allocated, pending, registeredKey, slurm,")
    .replace('country: "FI",', `country: "FI",\n  supercomputer: slurm("polaris", { ${facts} }),`);
  writeFileSync(file, text);
  expect(sandbox("up", "hpc", "south")).toMatchObject({
    code: 2,
    err: "there is no supercomputer at south; there is one at north\n",
  });
});

test("what is not there is not ended, and the word before sites is no site", () => {
  expect(sandbox("down", "hpc")).toMatchObject({ code: 0, err: expect.stringContaining("there is no sandbox") });
  expect(sandbox("reset", "hpc", "north")).toMatchObject({ code: 1 });
  expect(sandbox("up", "hosts", "hpc")).toMatchObject({
    code: 2,
    err: expect.stringContaining('there is no site "hpc"'),
  });
  expect(existsSync(join(checkout.folder, "world", "hpc"))).toBe(false);
});

test("a platform of ecFlow comes up only where a server is, and is not guessed", () => {
  expect(sandbox("up", "ecflow")).toMatchObject({
    code: 2,
    err: "name the site of a server of ecFlow: north, south\n",
  });
  const file = join(checkout.folder, "sites", "south.ts");
  writeFileSync(file, readFileSync(file, "utf8").replace(/ecflow\("\w+"[^)]*\),?/, ""));
  expect(sandbox("up", "ecflow", "south")).toMatchObject({
    code: 2,
    err: "there is no server of ecFlow at south; there is one at north\n",
  });
});
