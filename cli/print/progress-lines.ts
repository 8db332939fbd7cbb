import type { Step } from "../../model/steps";
import type { Outcome, Progress } from "../../operate/run";
import { colors } from "./colors";

const frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const marks: Readonly<Record<Outcome["progress"], string>> = {
  done: colors.green("✓"),
  failed: colors.red("✗"),
  skipped: colors.dim("·"),
  held: colors.yellow("‖"),
};

/** One line for each step that has ended; on a terminal, below them, one that says what runs. */
export class ProgressLines {
  private readonly running = new Map<string, { readonly since: number; count: string }>();
  private timer: NodeJS.Timeout | undefined;
  private frame = 0;
  private readonly width: number;
  private readonly stream: NodeJS.WriteStream;

  /** @param isQuiet whether standard output is for programs: lines then go to standard error */
  constructor(ids: readonly string[], isQuiet: boolean) {
    this.width = Math.max(...ids.map((id) => id.replace(/^apply /, "").length), 0);
    this.stream = isQuiet ? process.stderr : process.stdout;
  }

  readonly show = ({ id }: Step, progress: Progress, outcome?: Outcome): void => {
    if (progress === "running" || !outcome) {
      this.running.set(id, { since: Date.now(), count: "" });
      this.draw();
      return;
    }
    this.running.delete(id);
    this.clear();
    const label = id.replace(/^apply /, "");
    const [first = "", ...more] = outcome.what.split("\n");
    const time = outcome.seconds >= 0.05 ? `${outcome.seconds.toFixed(outcome.seconds < 10 ? 1 : 0)} s` : "";
    this.stream.write(
      ` ${marks[outcome.progress]} ${label.padEnd(this.width)}  ${first.padEnd(36)} ${time.padStart(7)}\n`,
    );
    for (const line of more) this.stream.write(`     ${line}\n`);
    this.draw();
  };

  /** How much of a stack, or of the hosts of a site, is done. */
  readonly count = (of: string, done: number, all: number): void => {
    for (const [id, is] of this.running) if (id.split(" ")[1] === of) is.count = ` ${done}/${all}`;
  };

  /** Keeps the last line free while something else is written, and read. */
  readonly pause = async <T>(work: () => Promise<T>): Promise<T> => {
    this.clear();
    const running = new Map(this.running);
    this.running.clear();
    try {
      return await work();
    } finally {
      for (const [id, is] of running) this.running.set(id, is);
      this.draw();
    }
  };

  private draw(): void {
    if (!this.stream.isTTY) return;
    clearInterval(this.timer);
    if (this.running.size === 0) return;
    this.timer = setInterval(() => this.redraw(), 120);
    this.timer.unref();
    this.redraw();
  }

  private redraw(): void {
    this.frame = (this.frame + 1) % frames.length;
    const parts = [...this.running].map(
      ([id, { since, count }]) => `${id.replace(/^apply /, "")}${count} ${Math.round((Date.now() - since) / 1000)} s`,
    );
    const line = ` ${frames[this.frame]} ${parts.join(" · ")}`;
    this.stream.write(`\r\x1b[2K${line.slice(0, (this.stream.columns ?? 80) - 1)}`);
  }

  private clear(): void {
    clearInterval(this.timer);
    if (this.stream.isTTY) this.stream.write("\r\x1b[2K");
  }
}
