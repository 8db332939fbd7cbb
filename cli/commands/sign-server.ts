import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { serviceDns } from "../../model/certificates";
import { type HostEntry, type PlaceEntry, publicAddressOf } from "../../model/entries";
import { isServedBy } from "../../model/site/need";
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
  const hosts = registers.places.flatMap((place) => place.hosts.map((host) => ({ host, place })));
  const found = hosts.find(({ host }) => host.id === id);
  const ids = hosts.map(({ host }) => host.id);
  if (!found) throw new Misused(`there is no host "${id}"; ${didYouMean(id, ids, `there are ${listed(ids)}`)}`);
  const names = namesOf(found.host, found.place);
  const to = `${request.replace(/\.csr$/, "")}.crt`;
  if (existsSync(to)) throw new Misused(`${to} is there, and is never written over`);
  const [certificate, key] = ["tls-root.crt", "tls-root.key"].map((name) => join(resolve(folder), name));
  const aside = mkdtempSync(join(tmpdir(), "databridge-"));
  try {
    const extensions = join(aside, "extensions");
    const made = join(aside, "crt");
    writeFileSync(extensions, extensionsOf(names));
    // It fails unless whoever asks has the key.
    openssl("req", "-verify", "-noout", "-in", request);
    const root = ["-CA", certificate ?? "", "-CAkey", key ?? "", "-CAcreateserial", "-CAserial", join(aside, "serial")];
    const subject = ["-subj", `/CN=${found.host.dns}`, "-days", String(days), "-extfile", extensions];
    openssl("x509", "-req", "-sha384", "-in", request, "-out", made, ...root, ...subject);
    writeFileSync(to, readFileSync(made, "utf8"), { flag: "wx" });
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  console.log(`${to}: ${names.join(", ")}; holds for ${days} days`);
  return 0;
}

/** By what a host is called: its name, those of services that it shows its own certificate for, its addresses. */
function namesOf(host: HostEntry, place: PlaceEntry): readonly string[] {
  const { dns, roles, address } = host;
  const facing = publicAddressOf(host);
  const services = place.services.flatMap(({ said }) =>
    said.ownTrust && roles.some((role) => isServedBy(said, role)) ? [`DNS:${serviceDns(place, said.service)}`] : [],
  );
  return [`DNS:${dns}`, ...services, `IP:${address}`, ...(facing === undefined ? [] : [`IP:${facing}`])];
}

/** @see x509v3_config(5) */
const extensionsOf = (names: readonly string[]): string =>
  [
    "basicConstraints = critical,CA:FALSE",
    "keyUsage = critical,digitalSignature",
    "extendedKeyUsage = serverAuth",
    `subjectAltName = ${names.join(",")}`,
    "subjectKeyIdentifier = hash",
    "authorityKeyIdentifier = keyid",
    "",
  ].join("\n");
