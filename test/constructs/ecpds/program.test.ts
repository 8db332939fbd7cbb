import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
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
import { setTimeout as sleep } from "node:timers/promises";

const source = join(__dirname, "..", "..", "..", "constructs", "ecpds", "image", "platform-ecpds");
const folder = mkdtempSync(join(tmpdir(), "databridge-ecpds-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...names: readonly string[]) => join(folder, ...names);
const told = () => (existsSync(at("told")) ? readFileSync(at("told"), "utf8").trim().split("\n") : []);

/** Shown for so many days. */
function certify(days: number): void {
  const openssl = (...words: readonly string[]) => execFileSync("openssl", words, { stdio: "ignore" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", at("tls", "tls.key")];
  openssl("req", ...key, "-subj", "/CN=it", "-out", at("request"));
  const signs = ["-signkey", at("tls", "tls.key"), "-days", `${days}`];
  openssl("x509", "-req", "-in", at("request"), ...signs, "-out", at("tls", "tls.crt"));
}

const about = {
  start: [at("mover"), "start"],
  image: at("image"),
  conf: at("run", "conf"),
  files: [at("own.properties")],
  secret: at("run", "secret.properties"),
  keystore: at("run", "mover.pfx"),
  certificate: { certificate: at("tls", "tls.crt"), key: at("tls", "tls.key") },
  folders: [at("data", "volume0")],
  restarts: "14:00",
};

const prepare = (env: NodeJS.ProcessEnv = {}) =>
  spawnSync("python3", [at("program"), "prepare", at("mover.json")], {
    encoding: "utf8",
    env: { ...process.env, HTTPS_PROXY: "", ...env },
  });
const password = () => /^SSLKeyStorePassword=(\w{64})$/m.exec(readFileSync(about.secret, "utf8"))?.[1];

beforeAll(() => {
  for (const name of ["tls", join("image", "ssh"), "run"]) mkdirSync(at(name), { recursive: true });
  writeFileSync(at("program"), readFileSync(source, "utf8").replace("PAUSE = 20.0", "PAUSE = 0.1"));
  writeFileSync(at("mover"), `#!/bin/sh\ncat ${about.secret} >> ${at("told")}\nexec sleep 60\n`, { mode: 0o755 });
  writeFileSync(at("image", "own.properties"), "theirs");
  writeFileSync(at("image", "ssh", "welcome"), "theirs");
  writeFileSync(at("own.properties"), "ours");
  writeFileSync(at("mover.json"), JSON.stringify(about));
});

test("without a certificate, or with one that has ended, nothing begins: it would make one of its own", () => {
  expect(prepare().stderr).toContain("tls.crt is not there yet");
  certify(-1);
  expect(prepare().stderr).toContain("has ended");
  expect([existsSync(about.keystore), existsSync(about.secret)]).toEqual([false, false]);
});

test("it makes folders, ours over theirs, and a keystore that another password opens at each start", () => {
  certify(30);
  expect(prepare()).toMatchObject({ status: 0, stderr: "" });
  expect(readFileSync(at("run", "conf", "own.properties"), "utf8")).toBe("ours");
  expect(readFileSync(at("run", "conf", "ssh", "welcome"), "utf8")).toBe("theirs");
  expect(existsSync(at("data", "volume0"))).toBe(true);
  const [first, store] = [password(), readFileSync(about.keystore)];
  expect(prepare().status).toBe(0);
  expect(first).toBeDefined();
  expect(password()).not.toBe(first);
  expect(readFileSync(about.keystore).equals(store)).toBe(false);
  for (const file of [about.secret, about.keystore]) expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(at("run")).filter((name) => name.startsWith("."))).toEqual([]);
});

test("it tells the mover by which proxy to go out, if there is one", () => {
  expect(prepare().status).toBe(0);
  expect(readFileSync(about.secret, "utf8")).toMatch(/\n\[MoverProxy\]\n$/);
  expect(prepare({ HTTPS_PROXY: "http://10.20.0.11:3128" }).status).toBe(0);
  expect(readFileSync(about.secret, "utf8")).toContain("[MoverProxy]\nhttpProxy=10.20.0.11:3128\n");
});

describe("while it serves", () => {
  let serving: ChildProcess;
  let said = "";
  const serve = () => {
    rmSync(at("told"), { force: true });
    said = "";
    serving = spawn("python3", ["-u", at("program"), "serve", at("mover.json")]);
    serving.stdout?.on("data", (each) => {
      said += each;
    });
  };
  const until = async (holds: () => boolean) => {
    for (let i = 0; i < 100 && !holds(); i++) await sleep(100);
    expect(holds()).toBe(true);
  };
  const ended = () => new Promise((resolve) => serving.once("exit", resolve));
  const starts = () => told().filter((line) => line.startsWith("SSLKeyStorePassword=")).length;
  afterEach(() => serving.kill("SIGKILL"));

  test("another certificate waits for the hour of the day", async () => {
    certify(30);
    serve();
    await until(() => starts() === 1);
    certify(30);
    await until(() => said.includes("it begins anew at"));
    expect(said).toMatch(/ 14:00 UTC/);
    await sleep(500);
    expect(starts()).toBe(1);
    const exit = ended();
    serving.kill("SIGTERM");
    expect(await exit).toBe(0);
  });

  test("but not where the one that is shown is about to end: the mover ends and begins with the new one", async () => {
    certify(1);
    serve();
    await until(() => starts() === 1);
    certify(30);
    await until(() => starts() === 2);
    expect(new Set(told()).size).toBe(4); // two groups, two passwords
    const exit = ended();
    serving.kill("SIGTERM");
    expect(await exit).toBe(0);
  });

  test("whatever ends the mover ends the pod", async () => {
    certify(30);
    writeFileSync(at("mover"), "#!/bin/sh\nexit 3\n", { mode: 0o755 });
    serve();
    expect(await ended()).toBe(3);
  });
});
