import { type ChildProcess, spawn } from "node:child_process";
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

const running = new Set<ChildProcess>();

/** Asks all that runs to end in order, as Ctrl-C does on a terminal, where they hear it themselves. */
export function interruptPrograms(): void {
  for (const child of running) child.kill("SIGINT");
}

/**
 * Runs a program to its end. What it prints goes to a log.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, log, isSecret = false, onLine }: ProgramProps,
) {
  mkdirSync(dirname(log), { recursive: true });
  appendFileSync(log, `$ ${program} ${args.join(" ")}\n`, { mode: 0o600 });
  return new Promise<Ran>((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
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
    child.on("close", (code) => {
      running.delete(child);
      resolve({ code: code ?? 1, output: output.join(""), error: error.join("") });
    });
  });
}
