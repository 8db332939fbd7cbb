import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { me, Taking } from "./taking";

/** What a host asks of Vault. */
interface Asked {
  readonly path: string;
  readonly token: string;
  readonly public_key: string;
  readonly valid_principals: string;
  readonly cert_type: "host" | "user";
}

const names = ["box.production.north.example.org", "10.20.4.60"];
const hour = 3600;
let host: Taking;
let vault: Server;
let asked: Asked[] = [];
/** A certificate, or why there is none. */
let answer: (of: Asked) => string | { readonly status: number };

const keygen = (...words: readonly string[]): string =>
  execFileSync("ssh-keygen", ["-q", ...words], { encoding: "utf8" });
const read = (file: string): string => readFileSync(file, "utf8");
const made = (name: string): string => {
  const file = host.at(name);
  if (!existsSync(file)) keygen("-t", "ed25519", "-N", "", "-C", "", "-f", file);
  return file;
};
const publicKey = (name: string): string => read(`${made(name)}.pub`).trim();

interface Signed {
  readonly ca?: string;
  readonly key?: string;
  readonly kind?: "host" | "user";
  readonly named?: readonly string[];
  /** Seconds from now. */
  readonly from?: number;
  readonly to?: number;
  readonly more?: readonly string[];
}

/** A certificate as ssh-keygen makes it; by the CA that is known, for the host, for thirty days, unless it is said otherwise. */
function signed({
  ca = "ca",
  key = publicKey("key"),
  kind = "host",
  named = names,
  from = -30,
  to = 720 * hour,
  more = [],
}: Signed): string {
  const file = join(mkdtempSync(host.at("signed-")), "key.pub");
  writeFileSync(file, `${key}\n`);
  const time = (seconds: number) =>
    `${new Date(Date.now() + seconds * 1000).toISOString().replace(/[-T:]/g, "").slice(0, 14)}Z`;
  const named_ = named.length > 0 ? ["-n", named.join(",")] : [];
  const validity = ["-V", `${time(from)}:${time(to)}`];
  keygen("-s", made(ca), "-I", "box", ...(kind === "host" ? ["-h"] : []), ...named_, ...validity, ...more, file);
  return read(file.replace(/\.pub$/, "-cert.pub"));
}

beforeEach(async () => {
  host = new Taking();
  asked = [];
  answer = ({ public_key, cert_type, valid_principals }) =>
    signed({ key: public_key, kind: cert_type, named: valid_principals.split(",") });
  const tls = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=vault"];
  const files = ["-keyout", host.at("tls.key"), "-out", host.at("tls.crt"), "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync("openssl", ["req", ...tls, ...files], { stdio: "pipe" });
  vault = createServer({ key: read(host.at("tls.key")), cert: read(host.at("tls.crt")) }, (request, response) => {
    let text = "";
    request.on("data", (part) => {
      text += part;
    });
    request.on("end", () => {
      const one = { path: request.url ?? "", token: String(request.headers["x-vault-token"]), ...JSON.parse(text) };
      asked.push(one);
      const answered = answer(one);
      response.statusCode = typeof answered === "string" ? 200 : answered.status;
      response.end(
        JSON.stringify(typeof answered === "string" ? { data: { signed_key: answered } } : { errors: ["no"] }),
      );
    });
  });
  await new Promise<void>((done) => vault.listen(0, "127.0.0.1", done));
  host.enrol(1);
  writeFileSync(host.at("token"), "token of the agent\n");
  made("key");
});
afterEach(async () => {
  vault.closeAllConnections();
  await new Promise((done) => vault.close(done));
  host.end();
});

const certificate = (): string => host.at("key-cert.pub");
/** Has the host key signed, or what is said otherwise of it. */
const taken = (is: object = {}) =>
  host.take({
    url: `https://127.0.0.1:${(vault.address() as AddressInfo).port}`,
    ca: host.at("tls.crt"),
    signs: [
      {
        key: host.at("key"),
        kind: "host",
        path: "ssh-hosts/sign/north-production-box",
        names,
        cas: [publicKey("ca")],
        owner: me,
        reloads: "ssh.service",
        ...is,
      },
    ],
  });
const well = { status: 0, told: [] };

test("a host key is signed by its own names, its certificate is beside it, and sshd hears of it", async () => {
  expect(await taken()).toEqual(well);
  expect(asked).toEqual([
    {
      path: "/v1/ssh-hosts/sign/north-production-box",
      token: "token of the agent",
      public_key: expect.stringContaining(publicKey("key")),
      valid_principals: names.join(","),
      cert_type: "host",
    },
  ]);
  expect(statSync(certificate()).mode & 0o777).toBe(0o444);
  expect(host.units).toEqual(["reload ssh.service"]);
});

test("another one is asked for when a third is left, and not before", async () => {
  writeFileSync(certificate(), signed({ from: -15 * 24 * hour, to: 7.6 * 24 * hour }));
  const before = read(certificate());
  expect([await taken(), asked.length, read(certificate())]).toEqual([well, 0, before]);
  writeFileSync(certificate(), signed({ from: -15 * 24 * hour, to: 7.4 * 24 * hour }));
  expect(await taken()).toEqual(well);
  expect([await taken(), asked.length]).toEqual([well, 1]);
});

test.each<[string, string, () => string | { readonly status: number }]>([
  ["a refusal", "answers 403", () => ({ status: 403 })],
  ["no certificate", "cannot be read", () => "ssh-ed25519-cert-v01@openssh.com AAAA"],
  ["a bare key", "cannot be read", () => publicKey("key")],
  ["two", "and nothing else", () => `${signed({})}${signed({})}`],
  ["one that was changed", "cannot be read", () => signed({}).replace(/.{8} \//, "AAAAAAAA /")],
  ["one of another key", "is of another key", () => signed({ key: publicKey("other") })],
  ["one of a user", "is none of a host", () => signed({ kind: "user" })],
  ["one of a neighbour", "names near.example.org", () => signed({ named: ["near.example.org"] })],
  [
    "one with a name more",
    "names 10.20.4.60, 10.20.4.61, box.",
    () => signed({ named: ["10.20.4.61", ...names].sort() }),
  ],
  ["one with a name less", "names 10.20.4.60", () => signed({ named: names.slice(1) })],
  ["one for all names", "names nobody", () => signed({ named: [] })],
  ["one of another CA", "is of a CA that nobody has learned", () => signed({ ca: "other-ca" })],
  ["one that does not hold yet", "does not hold yet", () => signed({ from: hour, to: 720 * hour })],
  ["one that ends", "ends too soon", () => signed({ from: -720 * hour, to: 60 })],
])("%s takes nobody's place", async (_, why, of) => {
  writeFileSync(certificate(), signed({ from: -25 * 24 * hour, to: 5 * 24 * hour }));
  const before = read(certificate());
  answer = of;
  const { status, told } = await taken();
  expect([status, told.length, asked.length, read(certificate()), host.units]).toEqual([1, 1, 1, before, []]);
  expect(told[0]).toContain("of its certificate 120 hours are left, and another one does not come: ");
  expect(told[0]).toContain(why);
});

test("one that binds who shows it takes nobody's place", async () => {
  answer = () => signed({ kind: "user", named: ["svc"], more: ["-O", "force-command=/bin/false"] });
  const { told } = await taken({ kind: "user", names: ["svc"] });
  expect(told[0]).toContain("has options");
  expect(existsSync(certificate())).toBe(false);
});

test.each<[string, Signed]>([
  ["of another key", { key: "" }],
  ["of names that the host has no more", { named: ["old.example.org"] }],
  ["of a CA that is known no more", { ca: "last" }],
  ["that has ended", { from: -720 * hour, to: -hour }],
])("what is in place gives way at once if it is one %s", async (_, is) => {
  writeFileSync(certificate(), signed(is.key === "" ? { key: publicKey("other") } : is));
  expect(await taken()).toEqual(well);
  expect(keygen("-L", "-f", certificate())).toContain(names[0]);
  expect([asked.length, host.units]).toEqual([1, ["reload ssh.service"]]);
});

test("so does what is no certificate at all", async () => {
  writeFileSync(certificate(), Buffer.from([0xff, 0xfe, 0x00]));
  expect([await taken(), asked.length]).toEqual([well, 1]);
  expect(keygen("-L", "-f", certificate())).toContain(names[0]);
});

test("of two CAs that are known, certificates of both are taken", async () => {
  const cas = [publicKey("ca"), publicKey("next")];
  expect(await taken({ cas })).toEqual(well);
  expect([await taken({ cas: [...cas].reverse() }), asked.length]).toEqual([well, 1]);
  answer = () => signed({ ca: "next" });
  expect([await taken({ cas: cas.slice(1) }), asked.length]).toEqual([well, 2]);
});

test("while Vault is away what is in place stays, and it is told when a third is left, not before", async () => {
  const away = { url: "https://127.0.0.1:9" };
  const left = async (days: number) => {
    writeFileSync(certificate(), signed({ from: (days - 30) * 24 * hour, to: days * 24 * hour }));
    const before = read(certificate());
    const told = await host.take({
      ...away,
      signs: [{ key: host.at("key"), kind: "host", path: "a", names, cas: [publicKey("ca")], owner: me }],
    });
    expect(read(certificate())).toBe(before);
    return told;
  };
  expect(await left(11)).toEqual(well);
  expect(await left(9)).toMatchObject({
    status: 1,
    told: [
      expect.stringMatching(/of its certificate 216 hours are left, and another one does not come: https:.*refused/),
    ],
  });
});

test("before somebody has enrolled the host nothing is missed; after that, an agent that does not log in is", async () => {
  rmSync(host.at("token"));
  rmSync(host.at("state", "secret-id"));
  expect([await taken(), asked.length]).toEqual([well, 0]);
  host.enrol(1);
  expect(await taken()).toMatchObject({
    status: 1,
    told: [expect.stringContaining("it has no certificate, and another one does not come: the host is not logged in")],
  });
});

test("a host key is never made here: it would be one that nobody has learned", async () => {
  const { status } = await taken({ key: host.at("none") });
  expect([status, existsSync(host.at("none")), asked.length]).toEqual([1, false, 0]);
});

const asRoot = process.getuid?.() === 0 ? test : test.skip;

describe("a login elsewhere", () => {
  const login = () => ({
    key: host.at("hpc", "polaris"),
    kind: "user",
    path: "ssh-outward/sign/a",
    names: ["svc"],
    reloads: undefined,
  });
  test("is by a key that is made here, for its owner alone, stays when it is signed again, and of which Vault sees the public half", async () => {
    expect(await taken(login())).toEqual(well);
    const key = read(host.at("hpc", "polaris"));
    expect(statSync(host.at("hpc", "polaris")).mode & 0o777).toBe(0o400);
    expect(keygen("-L", "-f", host.at("hpc", "polaris-cert.pub"))).toMatch(
      /user certificate[\s\S]*Principals: \n\s+svc\n/,
    );
    const half = keygen("-y", "-f", host.at("hpc", "polaris")).trim();
    expect(
      asked.map(({ public_key, cert_type, valid_principals }) => [public_key.trim(), cert_type, valid_principals]),
    ).toEqual([[half, "user", "svc"]]);
    expect(await taken({ ...login(), names: ["svc-b"] })).toEqual(well);
    expect([read(host.at("hpc", "polaris")), asked.length]).toEqual([key, 2]);
    expect(JSON.stringify(asked)).not.toContain("PRIVATE");
  });
  asRoot("is of whom the description says, once that is somebody else", async () => {
    expect(await taken({ ...login(), owner: "root" })).toEqual(well);
    expect(await taken({ ...login(), owner: "nobody" })).toEqual(well);
    const { uid, mode } = statSync(host.at("hpc", "polaris"));
    expect([uid, mode & 0o777]).toEqual([Number(execFileSync("id", ["-u", "nobody"], { encoding: "utf8" })), 0o400]);
    expect(asked).toHaveLength(1);
  });
});
