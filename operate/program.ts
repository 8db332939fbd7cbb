import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

export interface ProgramProps {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes all that it prints. */
  readonly log: string;
  /** Whether what it prints to standard output is kept out of the log. @default false */
  readonly isSecret?: boolean;
  /** Told each line of standard output. @default - nobody is */
  readonly onLine?: (line: string) => void;
}

/** What a program came to. */
export interface Ran {
  readonly code: number;
  readonly output: string;
  /** The end of what it printed to standard error. */
  readonly error: string;
}

/**
 * Runs a program to its end. What it prints goes to a log; a signal to us reaches it as well, since it belongs to our group,
 * and it ends as it thinks fit.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, log, isSecret = false, onLine }: ProgramProps,
) {
  mkdirSync(dirname(log), { recursive: true });
  appendFileSync(log, `$ ${program} ${args.join(" ")}\n`);
  return new Promise<Ran>((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const output: string[] = [];
    const error: string[] = [];
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output.push(text);
      if (!isSecret) appendFileSync(log, text);
      if (!onLine) return;
      const lines = `${rest}${text}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      error.push(text);
      appendFileSync(log, text);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output: output.join(""), error: error.join("") }));
  });
}
