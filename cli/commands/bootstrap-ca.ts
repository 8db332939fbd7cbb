import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { readPublicKey } from "../../model/site/lock";
import { Misused } from "../misused";
import { root } from "../project/project";

/** Days for which the root of TLS holds: until Vault's own has long taken over. */
const days = "730";

/**
 * `databridge bootstrap-ca <folder>`: the trust of the first hour, made where no network is: a CA for SSH logins, one for the
 * keys of hosts, and a root of TLS. @returns the exit code
 */
export async function runBootstrapCa(folder: string): Promise<number> {
  const to = resolve(folder);
  refuseInside(to);
  const files = ["ssh-user-ca", "ssh-host-ca", "tls-root.key", "tls-root.crt"].map((name) => join(to, name));
  const there = files.filter((file) => existsSync(file));
  if (there.length > 0) throw new Misused(`${there.join(", ")}: a CA is there; it is never written over`);
  mkdirSync(to, { recursive: true, mode: 0o700 });
  const [user = "", host = "", key = "", certificate = ""] = files;
  // It asks for a passphrase, which we never see.
  for (const [file, comment] of [
    [user, "data bridge users"],
    [host, "data bridge hosts"],
  ] as const)
    run("ssh-keygen", ["-q", "-t", "ed25519", "-C", comment, "-f", file, ...unattended("-N")]);
  run("openssl", ["genpkey", "-algorithm", "ED25519", "-out", key, ...(isAttended ? ["-aes-256-cbc"] : [])]);
  const subject = ["-subj", "/O=Data Bridge/CN=Data Bridge bootstrap root"];
  const usage = ["basicConstraints=critical,CA:TRUE,pathlen:1", "keyUsage=critical,keyCertSign,cRLSign"];
  const extensions = usage.flatMap((each) => ["-addext", each]);
  run("openssl", ["req", "-x509", "-new", "-key", key, "-out", certificate, "-days", days, ...subject, ...extensions]);
  const publicKey = readPublicKey(readFileSync(`${user}.pub`, "utf8")) ?? "";
  console.log(
    [
      `made in ${to}; the files without .pub and tls-root.key are secret: keep them offline`,
      "",
      `ssh-user-ca.pub  ${publicKey}`,
      `ssh-host-ca.pub  ${readPublicKey(readFileSync(`${host}.pub`, "utf8"))}`,
      `tls-root.crt     holds for ${days} days`,
      readFileSync(certificate, "utf8").trim(),
      "",
      ` next      databridge learn home trust.sshUserCa="${publicKey}"`,
    ].join("\n"),
  );
  return 0;
}

/** Somebody who can type a passphrase is there; elsewhere keys have none, and the folder alone protects them. */
const isAttended = process.stdin.isTTY === true;
const unattended = (option: string): readonly string[] => (isAttended ? [] : [option, ""]);

/** What is in a checkout is committed some day. */
function refuseInside(to: string): void {
  const nearest = (path: string): string => (existsSync(path) ? realpathSync(path) : nearest(dirname(path)));
  const real = nearest(to);
  const project = realpathSync(root);
  if (real === project || real.startsWith(`${project}${sep}`))
    throw new Misused(`${to} is in the checkout: name a folder outside of it, best on a disk that is taken out`);
  const { status } = spawnSync("git", ["-C", real, "rev-parse", "--is-inside-work-tree"], { stdio: "ignore" });
  if (status === 0) throw new Misused(`${to} is in a repository of git: name a folder outside of it`);
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, {
    stdio: ["inherit", "inherit", isAttended ? "inherit" : "pipe"],
    encoding: "utf8",
  });
  if (status !== 0) throw new Misused(`${program} is needed, and failed: ${error?.message ?? stderr ?? ""}`.trim());
}
