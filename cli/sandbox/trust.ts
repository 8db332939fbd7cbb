import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { siteOfTrust } from "../../model/awaited";
import type { Registers } from "../../model/registers";
import { readPublicKey } from "../../model/site/lock";
import { Misused } from "../misused";
import { sandboxFiles } from "../project/engine";
import { recordValues } from "../project/learned";
import { writePrivately } from "./folder";

/** A passphrase for states, and a CA that signs SSH logins in this world alone; without it no plan is made. */
export function makeTrust(registers: Registers): void {
  if (!existsSync(sandboxFiles.passphrase))
    writePrivately(sandboxFiles.passphrase, `${randomBytes(24).toString("hex")}\n`);
  if ([...registers.locks.values()].some(({ trust }) => trust.sshUserCa !== undefined)) return;
  if (!existsSync(sandboxFiles.ca)) {
    const args = ["-q", "-t", "ed25519", "-N", "", "-C", "sandbox", "-f", sandboxFiles.ca];
    const { status, stderr } = spawnSync("ssh-keygen", args, { encoding: "utf8" });
    if (status !== 0) throw new Misused(`ssh-keygen is needed: ${stderr}`);
  }
  const key = readPublicKey(readFileSync(`${sandboxFiles.ca}.pub`, "utf8")) ?? "";
  recordValues(siteOfTrust(registers) ?? "", { "trust.sshUserCa": key });
}
