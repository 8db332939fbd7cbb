import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import { hpcLogins, hpcUsersOf, keyOfLogin } from "../../model/hpc-logins";
import type { Registers } from "../../model/registers";
import { type BroughtSecret, broughtTo } from "../../sandbox/brought";
import { keygen } from "../project/keys";
import { Authority } from "./authority";
import { vaultFolder } from "./folder";
import { inHost } from "./hosts";

/** The root and the issuer of this world. */
export const authority = (): Authority => new Authority(join(vaultFolder, "authority"));

/**
 * Brings a host what the agent of Vault would: certificates for its names, and of every secret a value of its own, made once.
 * @returns how many files it brought
 */
export function bring(host: HostEntry, place: PlaceEntry, registers: Registers): number {
  const { secrets, certificates } = broughtTo(host, registers);
  const keys = new Set(keyFiles(registers));
  const files = [
    ...secrets.map((each) => ({ ...each, text: textOf(each, keys.has(each.file)) })),
    ...certificates.flatMap(({ names, files: to, owner }) => {
      const made = authority().issue(names);
      return [
        { file: to.certificate, owner, text: made.certificate },
        { file: to.key, owner, text: made.key },
        { file: to.issuers, owner, text: made.issuers },
      ];
    }),
  ];
  for (const { file, owner, text } of files) inHost(host, place, put(file, owner), text);
  return files.length;
}

/** Whole or not at all, and for its owner alone; who makes that account finds it as it would have made it. */
const put = (file: string, owner: string): string =>
  `set -e; f='${file}'; mkdir -p "\${f%/*}"; umask 077
getent passwd ${owner} > /dev/null || useradd --system -M -d /nonexistent -s /usr/sbin/nologin ${owner}
cat > "$f.part"; chown ${owner} "$f.part"; mv "$f.part" "$f"`;

/** Private keys by which hosts log in to supercomputers. */
const keyFiles = (registers: Registers): readonly string[] =>
  hpcLogins(registers).flatMap((login) =>
    login.by
      .filter(({ workload }) => workload === undefined)
      .flatMap((by) => hpcUsersOf(login).map((user) => keyOfLogin(login.supercomputer, user, by).file)),
  );

/** Where a value is kept, for hosts that have the same secret. */
export const valueFile = ({ secret, key }: Pick<BroughtSecret, "secret" | "key">): string =>
  join(vaultFolder, secret, key);

function textOf(brought: BroughtSecret, isKey: boolean): string {
  const file = valueFile(brought);
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (isKey) keygen("-t", "ed25519", "-N", "", "-C", brought.secret, "-f", file);
    else writeFileSync(file, randomBytes(12).toString("hex"), { mode: 0o600 });
  }
  return readFileSync(file, "utf8");
}
