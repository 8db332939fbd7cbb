import { mkdirSync, readdirSync, statSync } from "node:fs";
import { Expiry } from "./expiry";

let host: Expiry;
beforeEach(() => {
  host = new Expiry();
});
afterEach(() => host.end());

const reading = (kind: string, path: string, is: object = {}) => ({
  signal: "it_timestamp_seconds",
  labels: { host: "box" },
  kind,
  path,
  ...is,
});
const value = (lines: readonly string[], start = "it_timestamp_seconds{"): number | undefined => {
  const found = lines.find((line) => line.startsWith(start));
  return found === undefined ? undefined : Number(found.split(" ").at(-1));
};
const now = () => Date.now() / 1000;
const readable = (path: string, is: number) =>
  `platform_expiry_readable{file="${path}",host="box",signal="it_timestamp_seconds"} ${is}`;

test("a certificate ends when its first one does, its issuers when the first of them does", () => {
  const [mine, next, last] = [host.certificate(10), host.certificate(400), host.certificate(300)];
  const path = host.write("tls.crt", `${mine}${next}${last}`);
  for (const [kind, days] of [
    ["x509", 10],
    ["x509-issuers", 300],
  ] as const) {
    const { lines, told } = host.tell([reading(kind, path)]);
    expect([told, Math.abs((value(lines) ?? 0) - now() - days * 86_400) < 60]).toEqual(["", true]);
    expect(lines).toContain(readable(path, 1));
  }
});

test("a certificate of SSH ends when it says, wherever the host is", () => {
  const path = host.signed(["-V", "20270101000000Z:20270630120000Z"]);
  for (const zone of ["UTC", "America/New_York"])
    expect(value(host.tell([reading("ssh-certificate", path)], zone).lines)).toBe(Date.UTC(2027, 5, 30, 12) / 1000);
});

test("a key of a secret is as old as its file, or as the last version of all keys where the host is newer", () => {
  const version = host.write("written", "2026-11-26T18:29:16.634075721Z");
  const written = Date.UTC(2026, 10, 26, 18, 29, 16) / 1000;
  for (const [lay, is] of [
    [1_000_000, 1_000_000],
    [written + 1_000_000, written],
  ] as const)
    expect(value(host.tell([reading("key-of-secret", host.write("key", "", lay), { version })]).lines)).toBe(is);
});

test("a file is as old as it lies there, the newest of many", () => {
  host.write("kept/a.snap", "", 1_000_000);
  host.write("kept/b.snap", "", 3_000_000);
  host.write("kept/c.other", "", 9_000_000);
  mkdirSync(host.at("kept", "d.snap"));
  expect(value(host.tell([reading("age-of-file", host.at("kept", "*.snap"))]).lines)).toBe(3_000_000);
  expect(value(host.tell([reading("age-of-file", host.at("kept", "a.snap"))]).lines)).toBe(1_000_000);
});

test.each<[string, string, (host: Expiry) => string, RegExp]>([
  ["is not there", "x509", (at) => at.at("none"), /No such file/],
  ["is no certificate", "x509", (at) => at.write("tls.crt", "nothing"), /no certificate/],
  [
    "is half of one",
    "x509",
    (at) => at.write("tls.crt", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"),
    /Could not|unable/i,
  ],
  ["has no issuer", "x509-issuers", (at) => at.write("tls.crt", at.certificate(1)), /no certificate of an issuer/],
  ["is a bare key", "ssh-certificate", (at) => at.signed([]).replace("-cert", ""), /not a certificate/],
  ["never ends", "ssh-certificate", (at) => at.signed(["-V", "always:forever"]), /ends never/],
  ["is of a secret without a time", "key-of-secret", (at) => at.write("key", ""), /isoformat/],
  ["is a key that nobody has written", "key-of-secret", (at) => at.at("none"), /No such file/],
  ["has nobody made yet", "age-of-file", (at) => at.at("kept", "*.snap"), /no such file/],
])("a file that %s is told to be unreadable, and others are read", (_, kind, made, why) => {
  const path = made(host);
  const other = host.write("other", "", 5_000_000);
  const { status, lines, told } = host.tell([
    reading(kind, path, kind === "key-of-secret" ? { version: host.write("written", "<no value>") } : {}),
    reading("age-of-file", other, { signal: "other_timestamp_seconds" }),
  ]);
  expect([status, value(lines), value(lines, "other_timestamp_seconds{")]).toEqual([0, undefined, 5_000_000]);
  expect(lines).toContain(readable(path, 0));
  expect(told).toMatch(why);
});

test("it tells that it looked, even where there is nothing", () => {
  const { lines } = host.tell([]);
  expect(lines).toHaveLength(1);
  expect(Math.abs((value(lines, 'platform_expiry_run_timestamp_seconds{host="box"}') ?? 0) - now())).toBeLessThan(60);
});

test("the exporter reads what it wrote, and sees no half of it", () => {
  host.tell([]);
  expect(statSync(host.at("it.prom")).mode & 0o777).toBe(0o644);
  expect(readdirSync(host.at()).filter((name) => name.startsWith("."))).toEqual([]);
});

test("values of labels are escaped, and no series stands twice", () => {
  const path = host.write("other", "", 7);
  const twice = reading("age-of-file", path, { labels: { of: 'a "b" \\ c\nd' } });
  const { text } = host.tell([twice, twice]);
  expect(text.match(/^it_timestamp_seconds.*$/gm)).toEqual(['it_timestamp_seconds{of="a \\"b\\" \\\\ c\\nd"} 7']);
  expect(text.match(/^platform_expiry_readable.*$/gm)).toHaveLength(1);
});
