import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../..");
const parts = [
  "main.ts",
  "model",
  "sites",
  "stacks",
  "constructs",
  "engine",
  "operate",
  "cli",
  "synthesized",
  "cdktf.json",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A copy of the project that a test may change, and the command `databridge` in it. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), "databridge-"));

  constructor() {
    for (const part of parts) cpSync(join(root, part), join(this.folder, part), { recursive: true });
    for (const part of ["node_modules", "packages"]) symlinkSync(join(root, part), join(this.folder, part));
  }

  databridge(...args: readonly string[]): Ran {
    const command = [join(this.folder, "cli", "databridge.mjs"), ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      cwd: this.folder,
      encoding: "utf8",
      env: { ...process.env, CI: "true" },
    });
    return { code: status, out: stdout, err: stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
