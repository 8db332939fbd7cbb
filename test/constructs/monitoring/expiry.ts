import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const program = join(__dirname, "..", "..", "..", "ansible", "roles", "metrics", "files", "platform-expiry");

/** What `platform-expiry` tells of files of a host. */
export class Expiry {
  private readonly folder = mkdtempSync(join(tmpdir(), "databridge-expiry-"));

  at(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  /** @param seconds since 1970, when it was written @default - now */
  write(name: string, text: string, seconds?: number): string {
    const path = this.at(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (seconds !== undefined) utimesSync(path, seconds, seconds);
    return path;
  }

  /** A certificate that ends in so many days, as PEM. */
  certificate(days: number): string {
    const words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=it"];
    const { stdout } = run("openssl", ...words, "-keyout", "/dev/null", "-days", String(days));
    return stdout;
  }

  /** The certificate of a key of SSH. @param valid as ssh-keygen takes it @returns its path */
  signed(valid: readonly string[]): string {
    for (const name of ["ca", "key"]) run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", this.at(name));
    run("ssh-keygen", "-q", "-s", this.at("ca"), "-I", "it", "-n", "it", ...valid, this.at("key.pub"));
    return this.at("key-cert.pub");
  }

  /** Looks at these. @returns lines of metrics, without types, and what it complained of */
  tell(readings: readonly object[], zone = "Asia/Kolkata") {
    this.write("expiry.json", JSON.stringify({ labels: { host: "box" }, readings }));
    const metrics = this.at("it.prom");
    const env = { ...process.env, TZ: zone };
    const { status, stderr } = spawnSync("python3", [program, this.at("expiry.json"), metrics], {
      encoding: "utf8",
      env,
    });
    const text = readFileSync(metrics, "utf8");
    return {
      status,
      told: stderr,
      text,
      lines: text.split("\n").filter((line) => line !== "" && !line.startsWith("#")),
    };
  }

  end(): void {
    rmSync(this.folder, { recursive: true });
  }
}

function run(command: string, ...words: readonly string[]) {
  const done = spawnSync(command, words, { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${command}: ${done.stderr}`);
  return done;
}
