import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openssl } from "../project/keys";

const curve = (name: string) => ["-newkey", "ec", "-pkeyopt", `ec_paramgen_curve:${name}`, "-nodes"];

/** A root and an issuer below it, as Vault has them, in a world that has no Vault. */
export class Authority {
  /** What clients trust, as PEM. */
  readonly root: string;

  /** @param folder where it is, or is made */
  constructor(private readonly folder: string) {
    if (!existsSync(folder)) this.make();
    this.root = readFileSync(join(folder, "root.crt"), "utf8");
  }

  private make(): void {
    const aside = `${this.folder}.unfinished`;
    rmSync(aside, { recursive: true, force: true });
    mkdirSync(aside, { recursive: true, mode: 0o700 });
    const file = (name: string) => join(aside, name);
    const request = file("issuer.csr");
    openssl(
      "req",
      "-x509",
      ...curve("P-384"),
      "-subj",
      "/CN=Sandbox root",
      "-days",
      "365",
      "-keyout",
      file("root.key"),
      "-out",
      file("root.crt"),
    );
    openssl(
      "req",
      "-new",
      ...curve("P-384"),
      "-subj",
      "/CN=Sandbox issuer",
      "-keyout",
      file("issuer.key"),
      "-out",
      request,
    );
    sign(aside, "root", {
      request,
      to: file("issuer.crt"),
      days: 364,
      extensions: "basicConstraints=critical,CA:TRUE",
    });
    renameSync(aside, this.folder);
  }

  /**
   * A certificate with its key.
   * @param names of DNS; a subject would hold no more than 64 characters
   * @param days @default 30; a negative number for one that has ended
   * @returns as PEM: with that of its issuer, its key, what clients trust
   */
  issue(
    names: readonly string[],
    days = 30,
  ): { readonly certificate: string; readonly key: string; readonly issuers: string } {
    const aside = mkdtempSync(join(tmpdir(), "databridge-"));
    try {
      const [key, request, to] = [join(aside, "key"), join(aside, "csr"), join(aside, "crt")] as const;
      openssl("req", "-new", ...curve("P-256"), "-subj", "/O=Sandbox", "-keyout", key, "-out", request);
      const extensions = `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}`;
      sign(this.folder, "issuer", { request, to, days, extensions });
      const issuer = readFileSync(join(this.folder, "issuer.crt"), "utf8");
      return {
        certificate: `${readFileSync(to, "utf8")}${issuer}`,
        key: readFileSync(key, "utf8"),
        issuers: this.root,
      };
    } finally {
      rmSync(aside, { recursive: true });
    }
  }
}

interface Signing {
  readonly request: string;
  readonly to: string;
  readonly days: number;
  readonly extensions: string;
}

function sign(folder: string, by: string, { request, to, days, extensions }: Signing): void {
  const file = `${request}.extensions`;
  writeFileSync(file, `${extensions}\n`);
  const signer = ["-CA", join(folder, `${by}.crt`), "-CAkey", join(folder, `${by}.key`), "-CAcreateserial"];
  openssl("x509", "-req", "-in", request, ...signer, "-out", to, "-days", `${days}`, "-extfile", file);
}
