import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runBootstrapCa } from "../../cli/commands/bootstrap-ca";
import { runSignServer } from "../../cli/commands/sign-server";
import { hasPassphrase } from "../../cli/project/keys";

let folder: string;
const said: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databridge-"));
  said.length = 0;
  jest.spyOn(console, "log").mockImplementation((text: string) => void said.push(text));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test("it makes two roots of trust, readable by their owner alone, and prints public parts and what comes next", async () => {
  const to = join(folder, "ca");
  expect(await runBootstrapCa(to)).toBe(0);
  const key = readFileSync(join(to, "ssh-user-ca.pub"), "utf8").split(" ").slice(0, 2).join(" ");
  expect(said.join("\n")).toContain(`databridge learn home trust.sshUserCa="${key}"`);
  expect(said.join("\n")).toContain(`databridge learn home trust.tlsRoot="$(cat ${to}/tls-root.crt)"`);
  expect(said.join("\n")).not.toContain("PRIVATE KEY");
  expect(readdirSync(folder)).toEqual(["ca"]);
  expect(readdirSync(to).sort()).toEqual(["ssh-user-ca", "ssh-user-ca.pub", "tls-root.crt", "tls-root.key"]);
  for (const secret of ["ssh-user-ca", "tls-root.key"])
    expect([secret, statSync(join(to, secret)).mode & 0o077]).toEqual([secret, 0]);
});

test("keys that nobody was there to protect are told aloud", async () => {
  await runBootstrapCa(join(folder, "ca"));
  expect(said.join("\n")).toContain("WITHOUT PASSPHRASE  ssh-user-ca, tls-root.key");
});

test("a key with a passphrase is told from one without", () => {
  const [ssh, tls] = [join(folder, "ssh"), join(folder, "tls")];
  spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "secret", "-f", ssh]);
  spawnSync("openssl", ["genpkey", "-algorithm", "ED25519", "-aes-256-cbc", "-pass", "pass:secret", "-out", tls]);
  expect([ssh, tls].map(hasPassphrase)).toEqual([true, true]);
});

test("the root is of a kind that TLS servers and browsers take", async () => {
  await runBootstrapCa(join(folder, "ca"));
  const root = new X509Certificate(readFileSync(join(folder, "ca", "tls-root.crt")));
  expect([root.ca, root.publicKey.asymmetricKeyDetails?.namedCurve]).toEqual([true, "secp384r1"]);
});

test("what was interrupted is made anew", async () => {
  mkdirSync(join(folder, "ca.unfinished"));
  writeFileSync(join(folder, "ca.unfinished", "ssh-user-ca"), "half");
  expect(await runBootstrapCa(join(folder, "ca"))).toBe(0);
  expect(readdirSync(folder)).toEqual(["ca"]);
});

test("it never writes over what is there", async () => {
  const to = join(folder, "ca");
  await runBootstrapCa(to);
  const before = readFileSync(join(to, "tls-root.crt"), "utf8");
  await expect(runBootstrapCa(to)).rejects.toThrow("never written over");
  expect(readFileSync(join(to, "tls-root.crt"), "utf8")).toBe(before);
});

test("it refuses a folder inside the checkout, whether it is there or not", async () => {
  const inside = join(__dirname, "not", "there");
  await expect(runBootstrapCa(inside)).rejects.toThrow("is in the checkout");
  expect(existsSync(inside)).toBe(false);
});

describe("a server's certificate", () => {
  const request = () => {
    const csr = join(folder, "vault-1.csr");
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", join(folder, "key")];
    const asks = ["-subj", "/CN=elsewhere.example.org", "-addext", "subjectAltName=DNS:elsewhere.example.org"];
    spawnSync("openssl", ["req", "-new", ...key, ...asks, "-out", csr]);
    return csr;
  };

  test("names what the description says of it, whatever was asked for", async () => {
    const ca = join(folder, "ca");
    await runBootstrapCa(ca);
    expect(await runSignServer(ca, "home-production-vault-1", request(), { days: "30" })).toBe(0);
    const made = new X509Certificate(readFileSync(join(folder, "vault-1.crt")));
    expect(made.subjectAltName?.split(", ")).toEqual([
      "DNS:vault-1.production.home.apps.dte.destination-earth.eu",
      "DNS:vault.production.home.apps.dte.destination-earth.eu",
      "DNS:vault-raft.production.home.apps.dte.destination-earth.eu",
      "IP Address:10.10.4.11",
    ]);
    expect(made.subject).not.toContain("elsewhere");
    expect(made.checkIssued(new X509Certificate(readFileSync(join(ca, "tls-root.crt"))))).toBe(true);
    expect([made.ca, Math.round((Date.parse(made.validTo) - Date.now()) / 86400000)]).toEqual([false, 30]);
    await expect(runSignServer(ca, "home-production-vault-1", join(folder, "vault-1.csr"), {})).rejects.toThrow(
      "never written over",
    );
  });

  test("is for a host that is described, and for no longer than browsers take", async () => {
    await expect(runSignServer(folder, "home-production-vault-9", "x.csr", {})).rejects.toThrow("there is no host");
    await expect(runSignServer(folder, "home-production-vault-1", "x.csr", { days: "3650" })).rejects.toThrow("397");
  });
});
