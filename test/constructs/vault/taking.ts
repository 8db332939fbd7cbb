import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = join(__dirname, "..", "..", "..", "ansible", "roles", "vault_agent", "files", "platform-vault");

export const me = execFileSync("id", ["-un"], { encoding: "utf8" }).trim();

/** What `platform-vault take` does on a host, of which no unit is one of this machine. */
export class Taking {
  private readonly folder = mkdtempSync(join(tmpdir(), "databridge-take-"));

  constructor() {
    mkdirSync(this.at("state", "fetched"), { recursive: true });
    mkdirSync(this.at("bin"));
    const answers = "case $* in *=LoadState*) echo loaded;; *=ActiveState*) echo active;; esac";
    writeFileSync(this.at("bin", "systemctl"), `#!/bin/sh\necho "$@" >> ${this.at("units")}\n${answers}\n`, {
      mode: 0o755,
    });
    writeFileSync(this.at("units"), "");
  }

  at(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  /** The host is handed a secret id, so many days ago. */
  enrol(days: number): void {
    const handed = Date.now() / 1000 - days * 86400;
    writeFileSync(this.at("state", "secret-id"), "id");
    utimesSync(this.at("state", "secret-id"), handed, handed);
  }

  /** Takes what is described beside who the host is. */
  take(is: object): Promise<{ readonly status: number | null; readonly told: readonly string[] }> {
    const about = {
      url: "https://127.0.0.1:9",
      unit: "vault-agent.service",
      machine: "north-production-thing",
      state: this.at("state"),
      token: this.at("token"),
      root: "pki-root",
      secretIdLives: 36 * 86400,
      closed: { days: [] },
      secrets: [],
      certificates: [],
      signs: [],
      ...is,
    };
    writeFileSync(this.at("host.json"), JSON.stringify(about));
    const env = { ...process.env, PLATFORM_VAULT: this.folder, PATH: `${this.at("bin")}:${process.env.PATH}` };
    const run = spawn("python3", [program, "take"], { env, stdio: ["ignore", "ignore", "pipe"] });
    let told = "";
    run.stderr.on("data", (part) => {
      told += part;
    });
    return new Promise((resolve, reject) => {
      run.on("error", reject);
      run.on("close", (status) => resolve({ status, told: told.trim().split("\n").filter(Boolean) }));
    });
  }

  /** What units were told to do, `reload ssh.service`. */
  get units(): readonly string[] {
    return readFileSync(this.at("units"), "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("show "));
  }

  end(): void {
    rmSync(this.folder, { recursive: true });
  }
}
