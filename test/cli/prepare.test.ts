import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Checkout } from "./command";

test("packages are not installed through a link, which would empty the folder that it leads to", () => {
  const checkout = new Checkout();
  const elsewhere = mkdtempSync(join(tmpdir(), "databridge-"));
  try {
    mkdirSync(join(elsewhere, "somebodys"));
    cpSync(join(checkout.folder, "node_modules", ".package-lock.json"), join(elsewhere, ".package-lock.json"));
    rmSync(join(checkout.folder, "node_modules"));
    symlinkSync(elsewhere, join(checkout.folder, "node_modules"));
    const file = join(checkout.folder, "package-lock.json");
    const lock = JSON.parse(readFileSync(file, "utf8"));
    lock.packages["node_modules/lacking"] = { version: "1.0.0" };
    writeFileSync(file, JSON.stringify(lock));
    const { code, err } = checkout.databridge("list");
    expect([code, err]).toEqual([
      1,
      expect.stringContaining("node_modules is a link to a folder that lacks what package-lock.json says"),
    ]);
    expect(readdirSync(elsewhere).sort()).toEqual([".package-lock.json", "somebodys"]);
  } finally {
    checkout.remove();
    rmSync(elsewhere, { recursive: true });
  }
});
