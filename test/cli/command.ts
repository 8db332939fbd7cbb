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

/** The shortest site file that the README shows, `north`: people log in from a network of the other site, and a team of nobody's owns it. */
const shortest = (
  /```ts\n(import [\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1] ?? "the README shows no site"
)
  .replace(/ {2}outside: .*\n/, "")
  .replace(/bastion\(\{.*?\}\)/, "bastion()")
  .replace("gib, network,", "gib,")
  .replace('owner: "production-services"', 'owner: "my-team"');

/** A site that knows operators, and has a cluster of one node behind a load balancer; `south`. */
const south = shortest
  .replace('site("north"', 'site("south"')
  .replace("north.example.org", "south.example.org")
  .replace("10.68.0.0/20", "10.84.0.0/20")
  .replace('country: "FI",', 'country: "IT",\n  outside: { operators: network("192.0.2.0/28") },')
  .replace(
    "ecflow(",
    'fdb({ stores: 1, volume: gib(10), fate: "keep", flavor: "medium", layout: { rules: [{ dataset: { class: {} }, collocation: { type: {} }, element: { param: {} } }] } }), ecflow(',
  )
  .replace("import { bastion,", "import { bastion, fdb,")
  .replace("import { allocated,", "import { allocated, network,");

const terminal = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";

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
    return this.ran([process.execPath, ...this.command(args)], env);
  }

  /** The same on a terminal, at which somebody types these lines. @returns all that it shows in `out` */
  databridgeAtTerminal(typed: string, ...args: readonly string[]): Ran {
    return this.ran(["python3", "-c", terminal, process.execPath, ...this.command(args)], {}, typed);
  }

  private command(args: readonly string[]): readonly string[] {
    return [join(this.folder, "cli", "databridge.mjs"), ...args];
  }

  private ran([program = "", ...args]: readonly string[], env: Readonly<Record<string, string>>, input?: string): Ran {
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: this.folder,
      encoding: "utf8",
      env: { ...process.env, CI: "true", GITLAB_USER_LOGIN: "", ...env },
      input,
    });
    return { code: status, out: stdout, err: stderr };
  }

  /** An engine that plans these changes of resources, and notes in `applied` where it applies. @returns where it is */
  engine(...changes: readonly object[]): string {
    const file = join(this.folder, "terraform");
    const plan = join(this.folder, "plan.json");
    writeFileSync(plan, JSON.stringify({ format_version: "1.2", resource_changes: changes }));
    writeFileSync(
      file,
      `#!/bin/sh
case "$1" in
  version) echo '{"terraform_version":"1.14.0"}' ;;
  plan) for each; do case "$each" in -out=*) echo plan > "\${each#-out=}" ;; esac; done ;;
  show) cat ${plan} ;;
  apply) echo "$PWD" >> ${join(this.folder, "applied")} ;;
esac
`,
      { mode: 0o755 },
    );
    return file;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
