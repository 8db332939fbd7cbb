// A server of ecFlow on this machine, with the lists that ours have, and what its own account asks of it.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** One that nobody listens at; ecFlow takes 1024 to 49150. @returns {Promise<number>} */
export async function freePort() {
  for (;;) {
    const port = 20000 + Math.floor(Math.random() * 10000);
    const isFree = await new Promise((resolve) => {
      const server = createServer().once("error", () => resolve(false));
      server.listen(port, () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

/** @param {number} port @returns {Promise<boolean>} */
const isHeard = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, "localhost", () => resolve(socket.destroy().destroyed));
    socket.on("error", () => resolve(false));
  });

export class Server {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  process;
  password = "firstOfProbe";

  /** @param {string} folder of its own @param {number} port @param {import("./authority.mjs").Authority} [authority] with it, there is TLS */
  constructor(folder, port, authority) {
    mkdirSync(folder);
    this.folder = folder;
    this.port = port;
    this.authority = authority;
    this.check = join(folder, "ecf.check");
    this.passwords = join(folder, "passwords");
    writeFileSync(join(folder, "lists"), "5.9.2\necflow\n-probe\n");
    this.write(this.passwords, this.password);
    authority?.shown(folder);
  }

  /** @param {string} file @param {string} ofProbe */
  write(file, ofProbe) {
    const lines = ["localhost", hostname()].flatMap((host) => [
      `ecflow ${host} ${this.port} passwordOfItself`,
      `probe ${host} ${this.port} ${ofProbe}`,
    ]);
    writeFileSync(file, ["5.9.2", ...lines, ""].join("\n"), { mode: 0o600 });
  }

  get env() {
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith("ECF_"));
    return {
      ...Object.fromEntries(own),
      ...{ HOME: this.folder, LANG: "C.UTF-8", ECF_HOST: "localhost", ECF_PORT: `${this.port}` },
      ...{ ECF_USER: "ecflow", ECF_PASSWD: this.passwords, ECF_CUSTOM_PASSWD: this.passwords },
      ...(this.authority ? { ECF_SSL: "1" } : {}),
    };
  }

  /** Begins, as HALTED. */
  async start() {
    const files = {
      ECF_HOME: this.folder,
      ECF_LOG: join(this.folder, "ecf.log"),
      ECF_LISTS: join(this.folder, "lists"),
    };
    const checks = { ECF_CHECK: this.check, ECF_CHECKOLD: `${this.check}.b` };
    const out = openSync(join(this.folder, "out"), "a");
    this.process = spawn("ecflow_server", {
      cwd: this.folder,
      env: { ...this.env, ...files, ...checks },
      stdio: ["ignore", out, out],
    });
    // Not by a ping: one that shows a certificate which has ended answers none.
    for (const end = Date.now() + 10_000; Date.now() < end; await sleep(100)) if (await isHeard(this.port)) return;
    throw new Error(readFileSync(join(this.folder, "out"), "utf8"));
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    this.process?.kill(signal);
  }

  async end() {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.process?.once("exit", resolve));
    this.signal("SIGKILL");
    await ended;
  }

  /** @param {readonly string[]} words */
  client(...words) {
    return spawnSync("ecflow_client", words, {
      env: { ...this.env, ECF_CONNECT_TIMEOUT: "5" },
      encoding: "utf8",
    });
  }

  /** @param {readonly string[]} words */
  ask(...words) {
    const { status, stdout, stderr } = this.client(...words);
    if (status !== 0) throw new Error(`${words.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  }

  /** Has a suite, with scripts of its tasks, and runs it. @param {string} text */
  begin(text) {
    const file = join(this.folder, "suite.def");
    writeFileSync(file, text);
    for (const [, task] of text.matchAll(/^ +task (\S+)$/gm)) writeFileSync(join(this.folder, `${task}.ecf`), "true\n");
    for (const word of [`--load=${file}`, "--restart", "--begin=s", "--check_pt"]) this.ask(word);
  }

  /** Lines of its log that have a word. @param {string} word */
  logged(word) {
    const lines = readFileSync(join(this.folder, "ecf.log"), "utf8").split("\n");
    return lines.filter((line) => line.includes(word));
  }
}
