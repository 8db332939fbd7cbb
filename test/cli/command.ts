import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../..");
const parts = [
  "main.ts",
  "model",
  "stacks",
  "constructs",
  "engine",
  "policy",
  "operate",
  "review",
  "sandbox",
  "cli",
  "hpc",
  "cdktf.json",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];

/** The shortest site file that the README shows, `north`. */
const shortest =
  /```ts\n(import [\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1] ?? "the README shows no site";

/** A site that knows operators, and has a cluster of one node behind a load balancer; `south`. */
const south = shortest
  .replace('site("north"', 'site("south"')
  .replace("north.example.org", "south.example.org")
  .replace("10.68.0.0/20", "10.84.0.0/20")
  .replace('country: "FI",', 'country: "IT",\n  outside: { operators: network("192.0.2.0/28") },')
  .replace("ecflow(", 'fdb({ stores: 1, volume: gib(10), fate: "keep", flavor: "medium" }), ecflow(')
  .replace("import { bastion,", "import { bastion, fdb,")
  .replace("import { allocated,", "import { allocated, network,");

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A copy of the project with two small sites, which a test may change, and the command `databridge` in it. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), "databridge-"));

  constructor() {
    for (const part of parts) cpSync(join(root, part), join(this.folder, part), { recursive: true });
    for (const part of ["node_modules", "packages"]) symlinkSync(join(root, part), join(this.folder, part));
    mkdirSync(join(this.folder, "sites"));
    writeFileSync(join(this.folder, "sites", "north.ts"), shortest);
    writeFileSync(join(this.folder, "sites", "south.ts"), south);
  }

  databridge(...args: readonly string[]): Ran {
    return this.databridgeWith({}, ...args);
  }

  databridgeWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Ran {
    const command = [join(this.folder, "cli", "databridge.mjs"), ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      cwd: this.folder,
      encoding: "utf8",
      env: { ...process.env, CI: "true", ...env },
    });
    return { code: status, out: stdout, err: stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
