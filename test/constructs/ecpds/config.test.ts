import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { moverFiles, type Properties, properties, sftpFiles } from "../../../constructs/ecpds/config";

/** Names of groups and keys as the sources of one version have them. */
const { groups: known }: { groups: Readonly<Record<string, readonly string[]>> } = JSON.parse(
  readFileSync(join(__dirname, "keys.json"), "utf8"),
);

const is = {
  name: "dm-north",
  movers: ["ecpds-dm1.example.org", "ecpds-dm2.example.org"],
  fileSystems: 2,
  heapMib: 3072,
  restarts: "14:00",
};
const { files = {}, env, command } = moverFiles(is);
const main = files["/etc/ecpds/mover/ecmwf.properties"] ?? "";

/** As it reads it: groups in brackets, no comments, no blanks about `=`. @see open-ecpds, Cnf.java */
function read(text: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const parts = text
    .replace(/^#.*$/gm, "")
    .split(/^\[(\w+)\]$/m)
    .slice(1);
  const groups = parts.flatMap((part, i) => (i % 2 === 0 ? [[part, parts[i + 1] ?? ""] as const] : []));
  return Object.fromEntries(
    groups.map(([group, lines]) => [
      group,
      Object.fromEntries([...lines.matchAll(/^(\w+)=(.*)$/gm)].map(([, key = "", value = ""]) => [key, value])),
    ]),
  );
}

const unknownIn = (text: string): readonly string[] =>
  Object.entries(read(text)).flatMap(([group, keys]) =>
    Object.keys(keys).flatMap((key) => (known[group]?.includes(key) ? [] : [`${group} ${key}`])),
  );

test("its file has what that version reads, and nothing else; what it would pass over is found", () => {
  expect(Object.keys(read(main)).length).toBeGreaterThan(9);
  expect(unknownIn(main)).toEqual([]);
  expect(unknownIn(main.replace("httpMover=", "httpMovers="))).toEqual(["MoverProxy httpMovers"]);
  expect(unknownIn(main.replace("[Mover]", "[Movers]"))).toEqual(["Movers operational"]);
});

test("it is a Continental Data Mover: it knows no master, and reports by HTTPS to those whose certificates it trusts", () => {
  expect(read(main).MasterServer).toBeUndefined();
  expect(read(main).MoverProxy).toEqual({
    httpMover: "https://ecpds-dm1.example.org;https://ecpds-dm2.example.org",
    trustAllCerts: "no",
    connectTimeout: "30000",
  });
});

test("it listens for HTTPS, and for nothing else beyond its pod", () => {
  const { PluginList, HttpPlugin, CallBack, RMIServerSocketFactory } = read(main);
  expect(PluginList).toEqual({ http: "ecmwf.ecpds.mover.plugin.http.HttpPlugin" });
  expect([HttpPlugin?.http, HttpPlugin?.https, HttpPlugin?.s3Enabled, HttpPlugin?.webdavEnabled]).toEqual([
    undefined,
    "4443",
    "no",
    "no",
  ]);
  expect([CallBack?.listenAddress, RMIServerSocketFactory?.listenAddress]).toEqual(["127.0.0.1", "127.0.0.1"]);
  expect(files["/etc/ecpds/mover/starter.properties"]).toBe("starter.useJConsole=yes\n");
});

test("what overrules it comes last: the password of the keystore, which is in no file of ours", () => {
  expect(main.trimEnd().split("\n").at(-1)).toBe('#include "/dev/shm/ecpds/secret.properties"');
  expect(read(main).Security).toEqual({ SSLKeyStore: "/dev/shm/ecpds/ecpds-mover.pfx" });
});

test("the passwords that everybody knows of its image and its documents are nowhere, and that of the image is taken away", () => {
  const wellKnown = ["s5w8g771", "846h25dz", "admin", "ecauth", "test2021", "tt8XqXf"];
  const all = JSON.stringify([files, env, command, sftpFiles]);
  const foundIn = (text: string) => wellKnown.filter((word) => text.includes(word));
  expect(foundIn(all)).toEqual([]);
  expect(foundIn(all.replace('"KEYSTORE_PASSWORD":""', '"KEYSTORE_PASSWORD":"s5w8g771"'))).toEqual(["s5w8g771"]);
  expect(env?.KEYSTORE_PASSWORD).toBe("");
  expect(all).not.toMatch(/password["=:]+\w/i);
});

test("nor are they in anything that is committed of our stacks", () => {
  const stacks = join(__dirname, "..", "..", "..", "synthesized", "stacks");
  const texts = readdirSync(stacks).map((name) => readFileSync(join(stacks, name), "utf8"));
  expect(texts.filter((text) => /s5w8g771|846h25dz|tt8XqXf/.test(text))).toEqual([]);
  expect(texts.length).toBeGreaterThan(9);
});

test("its program makes a file system for each of ECMWF's, and the folders without which it does not begin", () => {
  const about = JSON.parse(files["/etc/ecpds/mover.json"] ?? "");
  expect(about.folders).toEqual(
    ["log", "mqtt", "data/volume0", "data/volume1"].map((name) => `/var/lib/ecpds/mover/${name}`),
  );
  expect(command).toEqual(["platform-ecpds", "serve", "/etc/ecpds/mover.json"]);
});

test("files are brought below these file systems, by keys of one secret", () => {
  expect(sftpFiles.command?.slice(0, 4)).toEqual(["sh", "-ec", 'mkdir -p /var/lib/ecpds/mover/data; exec "$@"', "sh"]);
  expect(sftpFiles.command?.slice(4, 8)).toEqual(["rclone", "serve", "sftp", "/var/lib/ecpds/mover/data"]);
  expect(sftpFiles.command).not.toContain("--no-auth");
});

test("a group is written as such, and a key on a line", () =>
  expect(properties({ Login: { hostName: "it" } } as Properties, "/more")).toBe(
    '[Login]\nhostName=it\n#include "/more"\n',
  ));
