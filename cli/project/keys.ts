import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Misused } from "../misused";

/** Whether somebody can type a passphrase; elsewhere keys have none, and their folder alone protects them. */
export const isAttended = process.stdin.isTTY === true;

export const keygen = (...args: readonly string[]): void => attended("ssh-keygen", ["-q", ...args]);
export const openssl = (...args: readonly string[]): void => attended("openssl", args);

/** Whether a private key, of OpenSSH or as PEM, is of no use to who has its file alone. */
export function hasPassphrase(file: string): boolean {
  const [program, ...args] = readFileSync(file, "utf8").includes("OPENSSH PRIVATE KEY")
    ? ["ssh-keygen", "-y", "-P", "", "-f", file]
    : ["openssl", "pkey", "-noout", "-passin", "pass:", "-in", file];
  return spawnSync(program ?? "", args, { stdio: "ignore" }).status !== 0;
}

/** Runs a program that may ask whoever is at the terminal. */
function attended(program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, {
    stdio: ["inherit", "inherit", isAttended ? "inherit" : "pipe"],
    encoding: "utf8",
  });
  if (status !== 0) throw new Misused(`${program} is needed, and failed: ${error?.message ?? stderr ?? ""}`.trim());
}
