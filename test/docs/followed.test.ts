import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "../cli/command";
import { codeIn } from "./commands";
import { root } from "./markdown";

/** A checkout in whose first site Vault is. */
class WithVault extends Checkout {
  constructor() {
    super();
    const file = join(this.folder, "sites", "north.ts");
    const text = readFileSync(file, "utf8")
      .replace("runs: [", 'runs: [vault(), vaultAgent({ at: { site: "north", tenancy: "production" } }), ')
      .replace("import { bastion,", "import { bastion, vault, vaultAgent,")
      .replace(
        'country: "FI",',
        'country: "FI",\n  identity: { people: { issuer: "https://a.example.org", audience: "b" } },',
      );
    writeFileSync(file, text);
  }

  /** Types a line of a page, in this folder. @returns what it said */
  typed(line: string, words: Readonly<Record<string, string>>): string {
    const said = Object.entries(words).reduce((all, [from, to]) => all.replaceAll(from, to), line);
    const command = `databridge() { "${process.execPath}" "${join(this.folder, "cli", "databridge.mjs")}" "$@"; }\nset -eu -o pipefail\n${said}`;
    const { status, stdout, stderr } = spawnSync("bash", ["-c", command], {
      cwd: this.folder,
      encoding: "utf8",
      env: { ...process.env, CI: "true" },
    });
    if (status !== 0) throw new Error(`${said}\n${stdout}${stderr}`);
    return stdout;
  }
}

const section = (page: string, heading: string): string =>
  readFileSync(join(root, "docs/runbooks", page), "utf8")
    .split(`\n## ${heading}\n`)[1]
    ?.split("\n## ")[0] ?? "";

let checkout: WithVault;
beforeEach(() => {
  checkout = new WithVault();
});
afterEach(() => checkout.remove());

const words = { "learn home": "learn north", "home-production": "north-production", "<n>": "1" };

test("the first time of Vault, as its runbook says it: roots are made, learned, and sign the servers' requests", () => {
  const inside = { ...words, "<folder>": join(checkout.folder, "..", `${checkout.folder.split("/").at(-1)}-ca`) };
  const code = codeIn(section("vault.md", "The first time").replaceAll(/^ {3}/gm, ""));
  const lines = (start: string) => code.filter((line) => line.startsWith(start));
  const [make = ""] = lines("databridge bootstrap-ca <folder>");
  const [learn = ""] = lines("databridge learn home trust.tlsRoot=");
  const [sign = ""] = lines("databridge bootstrap-ca sign");
  try {
    expect(checkout.typed(make, inside)).toContain("trust.tlsRoot");
    checkout.typed(learn, inside);
    const lock = JSON.parse(readFileSync(join(checkout.folder, "sites", "north.lock.json"), "utf8"));
    expect(lock.trust.tlsRoot).toMatch(/^-----BEGIN CERTIFICATE-----/);
    // What the line before it fetches from the server.
    checkout.typed(
      "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout /dev/null -subj / -out vault-1.csr 2>&1",
      {},
    );
    checkout.typed(sign, inside);
    const certificate = new X509Certificate(readFileSync(join(checkout.folder, "vault-1.crt")));
    expect(certificate.verify(new X509Certificate(lock.trust.tlsRoot).publicKey)).toBe(true);
    expect(certificate.subjectAltName).toContain("vault-1.production.north.example.org");
  } finally {
    checkout.typed("rm -rf <folder>", inside);
  }
});

test("another CA of logins, as its runbook says it: both sign, then the new one alone", () => {
  const key = (name: string) =>
    checkout.typed(`ssh-keygen -q -t ed25519 -N '' -f ${name} && cut -d' ' -f1,2 ${name}.pub`, {}).trim();
  const [old, next] = [key("old"), key("next")];
  checkout.typed(`databridge learn north trust.sshUserCa="${old}"`, {});
  const [begin = "", end = ""] = codeIn(section("vault.md", "Another CA of logins")).filter((line) =>
    line.startsWith("databridge learn home"),
  );
  const trust = () => JSON.parse(readFileSync(join(checkout.folder, "sites", "north.lock.json"), "utf8")).trust;
  // Vault tells it to whoever is logged in there.
  checkout.typed(begin.replace(/\$\([^)]*\)/, next), words);
  expect(trust()).toEqual({ sshUserCa: old, sshUserCaToo: next });
  checkout.typed(end.replace('"…"', `"${next}"`), words);
  expect(trust()).toEqual({ sshUserCa: next });
});
