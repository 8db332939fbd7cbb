import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { siteOfTrust } from "../../model/awaited";
import { readPublicKey } from "../../model/site/lock";
import { Misused } from "../misused";
import { describe } from "../project/description";
import { hasPassphrase, isAttended, keygen, openssl } from "../project/keys";
import { root } from "../project/project";

/** Days for which the root of TLS holds. Vault cannot renew what it needs to start: before they are over, another follows it. */
const days = "730";

/**
 * `databridge bootstrap-ca <folder>`: the trust of the first hour, made where no network is: a CA for SSH logins and a root
 * of TLS, all of it or nothing. @returns the exit code
 */
export async function runBootstrapCa(folder: string): Promise<number> {
  const to = resolve(folder);
  refuseInside(to);
  if (existsSync(to) && readdirSync(to).length > 0)
    throw new Misused(`${to} is not empty: a CA may be there, and is never written over`);
  // Of one that was interrupted nobody has learned anything.
  const aside = `${to}.unfinished`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  try {
    make(aside);
    renameSync(aside, to);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  const open = ["ssh-user-ca", "tls-root.key"].filter((name) => !hasPassphrase(join(to, name)));
  const publicKey = readPublicKey(readFileSync(join(to, "ssh-user-ca.pub"), "utf8")) ?? "";
  const home = siteOfTrust(describe().registers) ?? "<site>";
  console.log(
    [
      `made in ${to}; ssh-user-ca and tls-root.key are secret: keep them offline`,
      ...(open.length > 0
        ? [`WITHOUT PASSPHRASE  ${open.join(", ")}: whoever reads a file signs for the platform`]
        : []),
      "",
      `ssh-user-ca.pub  ${publicKey}`,
      `tls-root.crt     holds for ${days} days`,
      "",
      ` next      databridge learn ${home} trust.sshUserCa="${publicKey}"`,
      `           databridge learn ${home} trust.tlsRoot="$(cat ${join(to, "tls-root.crt")})"`,
      "           databridge synth",
    ].join("\n"),
  );
  return 0;
}

/** Programs ask for passphrases, which we never see. */
function make(folder: string): void {
  const unattended = isAttended ? [] : ["-N", ""];
  keygen("-t", "ed25519", "-C", "data bridge users", "-f", join(folder, "ssh-user-ca"), ...unattended);
  const [key, certificate] = [join(folder, "tls-root.key"), join(folder, "tls-root.crt")];
  const curve = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"];
  openssl("genpkey", ...curve, "-out", key, ...(isAttended ? ["-aes-256-cbc"] : []));
  const subject = ["-subj", "/O=Data Bridge/CN=Data Bridge bootstrap root"];
  // It signs servers and no CA: Vault makes its own root.
  const usage = ["basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,keyCertSign,cRLSign"];
  const extensions = usage.flatMap((each) => ["-addext", each]);
  openssl(
    "req",
    "-x509",
    "-new",
    "-sha384",
    "-key",
    key,
    "-out",
    certificate,
    "-days",
    days,
    ...subject,
    ...extensions,
  );
}

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
