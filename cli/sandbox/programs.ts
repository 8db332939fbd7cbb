import { spawn, spawnSync } from "node:child_process";
import { basename, join } from "node:path";
import { root } from "../project/project";

/** Lets a program speak for itself. @returns its exit code */
export function program(file: string, args: readonly string[], input?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: [input === undefined ? "ignore" : "pipe", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
    child.stdin?.end(input);
  });
}

/** Runs a program, and takes what it says. */
export function output(file: string, args: readonly string[]) {
  return new Promise<{ readonly code: number; readonly text: string; readonly error: string }>((resolve, reject) => {
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"] });
    let [text, error] = ["", ""];
    child.stdout.on("data", (data) => {
      text += data;
    });
    child.stderr.on("data", (data) => {
      error += data;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, text, error }));
  });
}

/** What a short program says. @throws Error with all that it said if it fails */
export function told(file: string, args: readonly string[], input = ""): string {
  const { status, stdout, stderr } = spawnSync(file, args, { encoding: "utf8", input, maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${basename(file)} ${args[0]}: ${stderr || stdout}`.trim());
  return stdout;
}

/** What a script of ours builds once, and where it is then. */
export async function built(what: string, script: string, time: string): Promise<string | undefined> {
  const begun = Date.now();
  const telling = setTimeout(() => console.log(`  building ${what}, which takes ${time} the first time`), 2000);
  const result = await output(process.execPath, [join(root, script)]);
  clearTimeout(telling);
  if (result.code === 0) {
    console.log(`✓ ${what}  ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    return result.text.trim();
  }
  console.error(`✗ ${what}\n${result.error}`);
  return undefined;
}

/** Debian's packages that a program needs; it says what is missing, and installs it where that can be done. */
export const packagesThere = async (file: string): Promise<boolean> =>
  (await program(file, ["packages"])) === 0 || (await program(file, ["packages", "--install"])) === 0;
