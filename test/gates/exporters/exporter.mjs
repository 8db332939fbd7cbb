// An exporter as a process, and what it tells.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

export class Exporter {
  /** What it has said, line by line. @type {string[]} */
  said = [];
  /** @type {import("node:child_process").ChildProcess | undefined} */
  process;

  /** @param {string} program @param {string} file of its configuration @param {{ listen: string }} config */
  constructor(program, file, config) {
    this.program = program;
    this.file = file;
    this.listen = config.listen;
    writeFileSync(file, JSON.stringify(config));
  }

  async start() {
    this.process = spawn(this.program, [this.file], { stdio: ["ignore", "inherit", "pipe"] });
    if (this.process.stderr) createInterface(this.process.stderr).on("line", (line) => this.said.push(line));
    await this.until(() => true);
  }

  /** @returns {Promise<string>} */
  async text() {
    const answer = await fetch(`http://${this.listen}/metrics`, { signal: AbortSignal.timeout(1000) });
    return await answer.text();
  }

  /** Values by series: `ecflow_up{server="prod"}`. @returns {Promise<ReadonlyMap<string, number>>} */
  async series() {
    const lines = (await this.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    return new Map(
      lines.map((line) => {
        const at = line.lastIndexOf(" ");
        return [line.slice(0, at), Number(line.slice(at + 1))];
      }),
    );
  }

  /**
   * Waits until it holds of what is told.
   * @param {(series: ReadonlyMap<string, number>) => unknown} holds
   * @param {number} [seconds]
   */
  async until(holds, seconds = 10) {
    /** @type {unknown} */
    let why;
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100)) {
      try {
        const series = await this.series();
        if (holds(series)) return series;
        why = [...series].map(([name, value]) => `${name} ${value}`).join("\n");
      } catch (error) {
        why = error;
      }
    }
    throw new Error(`not after ${seconds} s: ${holds}\n${why}\n${this.said.join("\n")}`);
  }

  /** Processes that it has begun, by any of its threads. @returns {readonly string[]} */
  get children() {
    const tasks = `/proc/${this.process?.pid}/task`;
    const told = readdirSync(tasks).map((task) => readFileSync(join(tasks, task, "children"), "utf8"));
    return told.join("").trim().split(" ");
  }

  /** @returns {Promise<number | null>} how it ended */
  async end() {
    const { process } = this;
    if (!process || process.exitCode !== null) return process?.exitCode ?? null;
    /** @type {Promise<number | null>} */
    const ended = new Promise((resolve) => process.once("close", resolve));
    process.kill("SIGTERM");
    const late = setTimeout(() => process.kill("SIGKILL"), 10_000);
    const code = await ended;
    clearTimeout(late);
    return code;
  }
}
