import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { HostEntry } from "../../model/entries";
import { didYouMean, listed } from "../../model/words/problem";
import { Misused } from "../misused";
import { soundDescription } from "../project/description";
import { openssl } from "../project/keys";

interface Options {
  readonly days?: string;
}

/**
 * `databridge bootstrap-ca sign <folder> <host> <request>`: a certificate for a server of ours, under the root of the first
 * hour. Its key never leaves the host, which sends a request; names and addresses are those of the description, whatever
 * the request asks for. @returns the exit code
 */
export async function runSignServer(folder: string, id: string, request: string, options: Options): Promise<number> {
  const days = Number(options.days ?? 90);
  if (!Number.isInteger(days) || days < 1 || days > 397) throw new Misused("--days takes a number from 1 to 397");
  const registers = soundDescription([], false);
  if (!registers) return 1;
  const hosts = registers.places.flatMap((place) => place.hosts);
  const host = hosts.find((each) => each.id === id);
  const ids = hosts.map((each) => each.id);
  if (!host) throw new Misused(`there is no host "${id}"; ${didYouMean(id, ids, `there are ${listed(ids)}`)}`);
  const to = `${request.replace(/\.csr$/, "")}.crt`;
  if (existsSync(to)) throw new Misused(`${to} is there, and is never written over`);
  const [certificate, key] = ["tls-root.crt", "tls-root.key"].map((name) => join(resolve(folder), name));
  const aside = mkdtempSync(join(tmpdir(), "databridge-"));
  try {
    const extensions = join(aside, "extensions");
    const made = join(aside, "crt");
    writeFileSync(extensions, extensionsOf(host));
    // It fails unless whoever asks has the key.
    openssl("req", "-verify", "-noout", "-in", request);
    const root = ["-CA", certificate ?? "", "-CAkey", key ?? "", "-CAcreateserial", "-CAserial", join(aside, "serial")];
    const subject = ["-subj", `/CN=${host.dns}`, "-days", String(days), "-extfile", extensions];
    openssl("x509", "-req", "-sha384", "-in", request, "-out", made, ...root, ...subject);
    writeFileSync(to, readFileSync(made, "utf8"), { flag: "wx" });
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  console.log(`${to}: ${namesOf(host).join(", ")}; holds for ${days} days`);
  return 0;
}

/** By what a host is called: its name, its private address, and its public one if that is known. */
function namesOf({ dns, address, public: facing }: HostEntry): readonly string[] {
  const known = facing && "known" in facing.address ? [`IP:${facing.address.known.replace(/\/32$/, "")}`] : [];
  return [`DNS:${dns}`, `IP:${address}`, ...known];
}

/** @see x509v3_config(5) */
const extensionsOf = (host: HostEntry): string =>
  [
    "basicConstraints = critical,CA:FALSE",
    "keyUsage = critical,digitalSignature",
    "extendedKeyUsage = serverAuth",
    `subjectAltName = ${namesOf(host).join(",")}`,
    "subjectKeyIdentifier = hash",
    "authorityKeyIdentifier = keyid",
    "",
  ].join("\n");
