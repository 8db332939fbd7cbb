import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PlatformApp } from "../../engine/app";
import { Refused } from "../../engine/refused";

test("the index of a provider is refused once something loaded it, a submodule is not", () => {
  const folder = mkdtempSync(join(tmpdir(), "databridge-"));
  try {
    const lib = join(folder, "node_modules", "@cdktf", "provider-sun", "lib");
    mkdirSync(join(lib, "shine"), { recursive: true });
    for (const file of ["index.js", "shine/index.js"]) writeFileSync(join(lib, file), "");
    const app = new PlatformApp(join(folder, "out"));
    require(join(lib, "shine", "index.js"));
    expect(() => app.synth()).not.toThrow();
    require(join(lib, "index.js"));
    const problem = { path: "@cdktf/provider-sun", fix: 'import from "@cdktf/provider-sun/lib/<resource>"' };
    expect(() => app.synth()).toThrow(
      expect.objectContaining({ name: "Error", problems: [expect.objectContaining(problem)] }),
    );
    expect(() => app.synth()).toThrow(Refused);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
