import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { me, Taking } from "./taking";

const day = 86400;
let host: Taking;
beforeEach(() => {
  host = new Taking();
});
afterEach(() => host.end());

const at = (...names: readonly string[]) => host.at(...names);
/** Takes over what was fetched, by an agent whose secret id is that old. */
function taken(secretIdDays: number) {
  host.enrol(secretIdDays);
  return host.take({
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
  });
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

test("a key that nobody has written takes the place of nothing", async () => {
  writeFileSync(at("state", "fetched", "password"), "first\n");
  expect(await taken(1)).toEqual({ status: 0, told: [] });
  for (const text of ["<no value>", "", " \n"]) {
    writeFileSync(at("state", "fetched", "password"), text);
    expect(await taken(1)).toMatchObject({ status: 1, told: [expect.stringContaining("nobody has written this key")] });
    expect(readFileSync(at("password"), "utf8")).toBe("first\n");
  }
});

test("a key is as old as its file: what is fetched once more with the same value leaves it alone", async () => {
  const fetched = (text: string) => writeFileSync(at("state", "fetched", "password"), text);
  fetched("first\n");
  expect(await taken(1)).toEqual({ status: 0, told: [] });
  utimesSync(at("password"), 1_000_000, 1_000_000);
  fetched("first\n");
  expect(await taken(1)).toEqual({ status: 0, told: [] });
  expect(statSync(at("password")).mtimeMs).toBe(1_000_000_000);
  fetched("second\n");
  expect(await taken(1)).toEqual({ status: 0, told: [] });
  expect(statSync(at("password")).mtimeMs).toBeGreaterThan(1_000_000_000);
});

test("a certificate with less than a third left is not thrown away by an agent that could not log in again", async () => {
  inPlace(9);
  const { status, told } = await taken(37);
  expect(status).toBe(1);
  expect(told.join()).toContain("not renewed, since its agent could not log in again");
  expect(existsSync(at("state", "fetched", "door.pem"))).toBe(true);
});

test("one that was asked for and does not come fails", async () => {
  inPlace(9);
  rmSync(at("state", "fetched", "door.pem"));
  expect(await taken(1)).toMatchObject({
    status: 1,
    told: [expect.stringContaining("does not come, 216 hours are left")],
  });
  inPlace(10 - 1 / 24 / 60);
  rmSync(at("state", "fetched", "door.pem"));
  expect(await taken(1)).toEqual({ status: 0, told: [] });
});

test("a secret id that ends soon fails, whatever else is well", async () => {
  expect(await taken(26)).toEqual({ status: 0, told: [] });
  expect(await taken(28)).toMatchObject({ status: 1, told: [expect.stringContaining("its secret id ends in 8 days")] });
});
