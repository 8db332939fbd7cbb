import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = join(__dirname, "..", "..", "..", "ansible", "roles", "vault_agent", "files", "platform-vault");
const day = 86400;
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databridge-take-"));
  mkdirSync(join(folder, "state", "fetched"), { recursive: true });
  mkdirSync(join(folder, "bin"));
  // No unit of this machine is touched.
  writeFileSync(join(folder, "bin", "systemctl"), "#!/bin/sh\necho inactive\n", { mode: 0o755 });
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (...names: readonly string[]) => join(folder, ...names);
/** Takes over what was fetched, by an agent whose secret id is that old. */
function taken(secretIdDays: number) {
  const me = execFileSync("id", ["-un"], { encoding: "utf8" }).trim();
  const about = {
    url: "https://127.0.0.1:9",
    unit: "vault-agent-thing.service",
    machine: "north-production-thing",
    state: at("state"),
    token: at("token"),
    root: "pki-root",
    secretIdLives: 36 * day,
    closed: { days: [] },
    secrets: [{ fetched: at("state", "fetched", "password"), file: at("password"), owner: me }],
    certificates: [
      {
        fetched: at("state", "fetched", "door.pem"),
        certificate: at("tls.crt"),
        key: at("tls.key"),
        issuers: at("ca.crt"),
        owner: me,
      },
    ],
  };
  writeFileSync(at("thing.json"), JSON.stringify(about));
  const handed = Date.now() / 1000 - secretIdDays * day;
  writeFileSync(at("state", "secret-id"), "id");
  utimesSync(at("state", "secret-id"), handed, handed);
  const { status, stderr } = spawnSync("python3", [program, "take"], {
    encoding: "utf8",
    env: { ...process.env, PLATFORM_VAULT: folder, PATH: `${at("bin")}:${process.env.PATH}` },
  });
  return { status, told: stderr.trim().split("\n").filter(Boolean) };
}

/** A certificate that was issued for 30 days, and still holds for some. */
function certificate(rest: number) {
  const own = mkdtempSync(at("ca-"));
  const file = (name: string) => join(own, name);
  const lines = ["[ca]", "default_ca=a", "[a]", `database=${file("index")}`, `serial=${file("serial")}`];
  const more = [`new_certs_dir=${own}`, "default_md=default", "policy=p", "[p]", "commonName=supplied", ""];
  writeFileSync(file("config"), [...lines, ...more].join("\n"));
  writeFileSync(file("index"), "");
  writeFileSync(file("serial"), "01");
  const openssl = (...words: readonly string[]) => execFileSync("openssl", words, { stdio: "pipe" });
  openssl("genpkey", "-algorithm", "ed25519", "-out", file("key"));
  openssl("req", "-new", "-key", file("key"), "-subj", "/CN=a", "-out", file("csr"));
  const time = (days: number) =>
    `${new Date(Date.now() + days * day * 1000).toISOString().replace(/[-T:]/g, "").slice(0, 14)}Z`;
  const signed = ["-batch", "-selfsign", "-notext", "-config", file("config"), "-keyfile", file("key")];
  const dates = ["-startdate", time(rest - 30), "-enddate", time(rest)];
  openssl("ca", ...signed, "-in", file("csr"), "-out", file("crt"), ...dates);
  return { shown: readFileSync(file("crt"), "utf8"), key: readFileSync(file("key"), "utf8") };
}

/** One that is in place, as it was fetched. */
function inPlace(rest: number) {
  const { shown, key } = certificate(rest);
  writeFileSync(at("state", "fetched", "door.pem"), shown + key);
  writeFileSync(at("tls.crt"), shown);
  writeFileSync(at("ca.crt"), shown);
}

test("a key that nobody has written takes the place of nothing", () => {
  writeFileSync(at("state", "fetched", "password"), "first\n");
  expect(taken(1)).toEqual({ status: 0, told: [] });
  for (const text of ["<no value>", "", " \n"]) {
    writeFileSync(at("state", "fetched", "password"), text);
    expect(taken(1)).toMatchObject({ status: 1, told: [expect.stringContaining("nobody has written this key")] });
    expect(readFileSync(at("password"), "utf8")).toBe("first\n");
  }
});

test("a certificate with less than a third left is not thrown away by an agent that could not log in again", () => {
  inPlace(9);
  const { status, told } = taken(37);
  expect(status).toBe(1);
  expect(told.join()).toContain("not renewed, since its agent could not log in again");
  expect(existsSync(at("state", "fetched", "door.pem"))).toBe(true);
});

test("one that was asked for and does not come fails", () => {
  inPlace(9);
  rmSync(at("state", "fetched", "door.pem"));
  expect(taken(1)).toMatchObject({ status: 1, told: [expect.stringContaining("does not come, 216 hours are left")] });
  inPlace(10 - 1 / 24 / 60);
  rmSync(at("state", "fetched", "door.pem"));
  expect(taken(1)).toEqual({ status: 0, told: [] });
});

test("a secret id that ends soon fails, whatever else is well", () => {
  expect(taken(26)).toEqual({ status: 0, told: [] });
  expect(taken(28)).toMatchObject({ status: 1, told: [expect.stringContaining("its secret id ends in 8 days")] });
});
