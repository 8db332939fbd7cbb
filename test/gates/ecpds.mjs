#!/usr/bin/env node
// What begins a mover of ECPDS makes of a certificate a keystore that Java reads, and shows; rclone takes files in by what is rendered for
// the container beside it, and nothing else. OpenECPDS itself is not here.   node test/gates/ecpds.mjs
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { compile, root } from "../../cli/prepare.mjs";
import { unpacked } from "./debian.mjs";
import { Gate, isThere, run, Skipped } from "./gate.mjs";

const load = createRequire(join(compile(), "main.js"));
/** @type {typeof import("../../constructs/ecpds/config.js")} */
const { moverFiles, sftpFiles } = load("./constructs/ecpds/config.js");
/** @type {typeof import("../../constructs/ecpds/places.js")} */
const { beside, data, inPod, secretFile } = load("./constructs/ecpds/places.js");

const gate = new Gate();
const at = (/** @type {string[]} */ ...names) => join(gate.folder, ...names);
const name = "ecpds-mover.production.north.example.org";
/** @type {import("node:child_process").ChildProcess[]} */
const servers = [];

const openssl = (/** @type {string[]} */ ...words) => run("openssl", words, { cwd: gate.folder });

/** A root, and a certificate under an issuer between, as Vault and cert-manager hand them over. @param {string[]} kind of its key */
function certified(kind) {
  const days = ["-days", "30"];
  const ca = "basicConstraints=critical,CA:true";
  const request = (/** @type {string} */ who, /** @type {string[]} */ key) =>
    openssl("req", "-nodes", ...key, "-subj", `/CN=${who}`, "-keyout", `${who}.key`, "-out", `${who}.csr`);
  const signed = (/** @type {string} */ who, /** @type {string} */ by, /** @type {string} */ extension) => {
    writeFileSync(at(`${who}.ext`), `${extension}\n`);
    const issuer = ["-CA", `${by}.crt`, "-CAkey", `${by}.key`, "-CAcreateserial"];
    openssl("x509", "-req", "-in", `${who}.csr`, ...issuer, ...days, "-extfile", `${who}.ext`, "-out", `${who}.crt`);
  };
  const rsa = ["-newkey", "rsa:2048"];
  openssl(
    "req",
    "-x509",
    "-nodes",
    ...rsa,
    ...days,
    "-subj",
    "/CN=root",
    "-addext",
    ca,
    "-keyout",
    "root.key",
    "-out",
    "root.crt",
  );
  request("issuer", rsa);
  signed("issuer", "root", ca);
  request("leaf", kind);
  signed("leaf", "issuer", `subjectAltName=DNS:${name}`);
  writeFileSync(
    at("run", "tls", "tls.crt"),
    readFileSync(at("leaf.crt"), "utf8") + readFileSync(at("issuer.crt"), "utf8"),
  );
  writeFileSync(at("run", "tls", "tls.key"), readFileSync(at("leaf.key")));
}

/** What is rendered for the pod, where paths are those of this gate. */
function rendered() {
  const { files = {} } = moverFiles({
    name: "dm",
    movers: ["dm.example.org"],
    fileSystems: 1,
    heapMib: 512,
    restarts: "14:00",
  });
  const moved = (/** @type {string} */ text) =>
    [inPod.tls, inPod.run, inPod.volume, inPod.own, inPod.program].reduce(
      (is, path) => is.replaceAll(path, at(path)),
      text,
    );
  for (const folder of [inPod.tls, inPod.own, join(inPod.program, "conf")]) mkdirSync(at(folder), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(at(path), ".."), { recursive: true });
    writeFileSync(at(path), moved(text));
  }
}

const keystore = () => at(inPod.run, "ecpds-mover.pfx");

/** @returns the password by which it is opened */
function made() {
  run("python3", [join(root, "constructs/ecpds/image/platform-ecpds"), "prepare", at(inPod.about)]);
  return /^SSLKeyStorePassword=(\w+)$/m.exec(readFileSync(at(inPod.run, "secret.properties"), "utf8"))?.[1] ?? "";
}

const listed = (/** @type {string} */ password) =>
  run("keytool", ["-list", "-v", "-storetype", "PKCS12", "-keystore", keystore(), "-storepass", password]);

/** @param {unknown} is @param {string} what */
function holds(is, what) {
  if (!is) throw new Error(what);
}

/** A server of Java by the keystore, as Jetty is one. */
const shows = `
import com.sun.net.httpserver.*;
import java.io.*;
import java.net.*;
import java.security.*;
import javax.net.ssl.*;
public class Shows {
  public static void main(String[] words) throws Exception {
    var password = words[1].toCharArray();
    var store = KeyStore.getInstance("PKCS12");
    try (var in = new FileInputStream(words[0])) { store.load(in, password); }
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    var tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    var server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.start();
    System.out.println(server.getAddress().getPort());
  }
}
`;

/** @param {string} password @returns {Promise<string>} its port */
async function shown(password) {
  if (!isThere("java") || !run("java", ["--list-modules"]).includes("jdk.compiler"))
    throw new Skipped("no Java that compiles");
  writeFileSync(at("Shows.java"), shows);
  const server = spawn("java", [at("Shows.java"), keystore(), password], { stdio: ["ignore", "pipe", "inherit"] });
  servers.push(server);
  return `${await new Promise((resolve, reject) => {
    server.stdout?.once("data", resolve);
    server.once("exit", (code) => reject(new Error(`it ended with ${code}`)));
  })}`.trim();
}

const free = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });

const keytool = () => {
  if (isThere("keytool")) return;
  if (!isThere("apt-get") || process.getuid?.() !== 0) throw new Skipped("no keytool");
  run("apt-get", ["install", "--yes", "-qq", "openjdk-17-jdk-headless"]);
};

async function keystores() {
  gate.check("Java's keytool is there, or is installed", keytool);
  rendered();
  for (const [kind, key] of Object.entries({
    "of elliptic curves, as cert-manager makes them": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "of RSA": ["-newkey", "rsa:2048"],
  })) {
    certified(key);
    let password = "";
    gate.check(`keytool reads the keystore of a key ${kind}: one entry, with its issuer`, () => {
      password = made();
      const told = listed(password);
      for (const line of [
        "Your keystore contains 1 entry",
        "Alias name: ecpds",
        "Entry type: PrivateKeyEntry",
        "Certificate chain length: 2",
      ])
        holds(told.includes(line), `${line} is not in ${told}`);
      holds(told.includes(`DNSName: ${name}`), "its name is not there");
    });
    gate.check("openssl reads the same back: the key is that of the certificate", () => {
      writeFileSync(at("word"), password);
      openssl("pkcs12", "-in", keystore(), "-passin", "file:word", "-nodes", "-out", "back.pem");
      const of = openssl("pkey", "-in", "back.pem", "-pubout");
      holds(of === openssl("x509", "-in", "back.pem", "-noout", "-pubkey"), "another key");
      holds(of === openssl("pkey", "-in", "leaf.key", "-pubout"), "not ours");
    });
    gate.check("no other password opens it, neither that of the image nor that of the start before", () => {
      const before = password;
      password = made();
      for (const word of ["s5w8g771", before]) {
        const { status } = spawnSync("keytool", ["-list", "-keystore", keystore(), "-storepass", word]);
        holds(status !== 0, `${word} opens it`);
      }
    });
    await gate.checked("a server of Java shows it, and who knows the root alone trusts it by its name", async () => {
      const port = await shown(password);
      const asked = (/** @type {string} */ as) =>
        spawnSync(
          "openssl",
          [
            "s_client",
            "-connect",
            `127.0.0.1:${port}`,
            "-CAfile",
            at("root.crt"),
            "-verify_hostname",
            as,
            "-verify_return_error",
          ],
          { input: "", encoding: "utf8" },
        );
      const told = asked(name);
      holds(told.status === 0 && told.stdout.includes("Verify return code: 0 (ok)"), told.stdout + told.stderr);
      holds(asked("another.example.org").status !== 0, "any name is taken");
    });
  }
  gate.check("a key that is another's makes none", () => {
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "other.key");
    writeFileSync(at(inPod.tls, "tls.key"), readFileSync(at("other.key")));
    const words = [join(root, "constructs/ecpds/image/platform-ecpds"), "prepare", at(inPod.about)];
    holds(spawnSync("python3", words).status === 1, "it was taken");
  });
}

/** The container beside, by its command: as nobody, on this machine's loopback. */
async function taking() {
  if (process.getuid?.() !== 0) throw new Skipped("needs root, to be nobody");
  const port = await free();
  const paths = new RegExp(`${data}|${beside.secrets}|^${beside.tmp}$`);
  const moved = (/** @type {string} */ word) => word.replace(paths, (path) => at(path));
  // Nobody else gets to what this account has in its cache.
  const program = at("rclone");
  copyFileSync(join(unpacked("rclone", ["rclone"]), "usr/bin/rclone"), program);
  const command = (sftpFiles.command ?? []).map((word) =>
    word === "rclone" ? program : word === `:${beside.port}` ? `127.0.0.1:${port}` : moved(word),
  );
  for (const folder of [beside.secrets, beside.tmp, join(data, "..")]) mkdirSync(at(folder), { recursive: true });
  for (const key of ["host", "ecmwf", "stranger"]) run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", at(key)]);
  writeFileSync(at(secretFile("host-key")), readFileSync(at("host")));
  writeFileSync(at(secretFile("authorized-keys")), readFileSync(at("ecmwf.pub")));
  writeFileSync(at("known_hosts"), `[127.0.0.1]:${port} ${readFileSync(at("host.pub"), "utf8")}`);
  writeFileSync(at("secret"), "nobody's", { mode: 0o644 });
  mkdirSync(at(data), { recursive: true });
  run("ln", ["-s", at("secret"), at(data, "link")]);
  run("chown", ["-R", "65532:65532", at("var"), at("run"), at("tmp")]);
  chmodSync(gate.folder, 0o711);
  const [first = "", ...words] = command;
  const server = spawn(
    "setpriv",
    [
      "--reuid=65532",
      "--regid=65532",
      "--clear-groups",
      "sh",
      "-c",
      `exec "$@" 2> ${at("tmp/log")}`,
      "sh",
      first,
      ...words,
    ],
    {
      env: { PATH: process.env.PATH, ...sftpFiles.env },
      stdio: "ignore",
    },
  );
  servers.push(server);
  const say = (/** @type {string} */ key, /** @type {string[]} */ ...batch) => {
    writeFileSync(at("batch"), `${batch.join("\n")}\n`);
    const trust = [
      "-o",
      `UserKnownHostsFile=${at("known_hosts")}`,
      "-o",
      "StrictHostKeyChecking=yes",
      "-o",
      "IdentitiesOnly=yes",
    ];
    const who = ["-P", `${port}`, "-i", at(key), "-b", at("batch"), "ecpds@127.0.0.1"];
    return spawnSync("sftp", [...trust, ...who], { encoding: "utf8", cwd: gate.folder });
  };
  const text = "GRIB".repeat(300_000);
  writeFileSync(at("field"), text);
  await gate.checked(
    "rclone takes a file in, as ECMWF's movers bring it: under another name first, below a file system",
    async () => {
      let told = say("ecmwf", "ls");
      for (let i = 0; i < 50 && told.status !== 0; i++) {
        await sleep(200);
        told = say("ecmwf", "ls");
      }
      const folder = "volume0/11272026/0000000000";
      told = say(
        "ecmwf",
        "mkdir volume0",
        "mkdir volume0/11272026",
        `mkdir ${folder}`,
        `put field ${folder}/0000000001it.tmp`,
        `rename ${folder}/0000000001it.tmp ${folder}/0000000001it`,
      );
      holds(told.status === 0, told.stderr);
      holds(readFileSync(at(data, folder, "0000000001it"), "utf8") === text, "it came otherwise");
    },
  );
  // What follows would hold of a server that is away.
  const answers = () => holds(say("ecmwf", "ls").status === 0, "it does not answer");
  gate.check("it is known by its own key, and knows ECMWF's alone", () => {
    answers();
    holds(say("stranger", "ls").status !== 0, "a stranger was let in");
    writeFileSync(at("known_hosts"), `[127.0.0.1]:${port} ${readFileSync(at("ecmwf.pub"), "utf8")}`);
    holds(say("ecmwf", "ls").status !== 0, "another host key was taken");
    writeFileSync(at("known_hosts"), `[127.0.0.1]:${port} ${readFileSync(at("host.pub"), "utf8")}`);
  });
  gate.check("nothing beside the file systems is seen: by no path, and by no link that is there", () => {
    answers();
    for (const path of ["../secret", at("secret"), "link", at(secretFile("host-key"))])
      holds(say("ecmwf", `get ${path} taken`).status !== 0 && !existsSync(at("taken")), `${path} was read`);
    holds(say("ecmwf", `symlink ${at("secret")} volume0/mine`).status !== 0, "a link was made");
  });
  gate.check("it gives no shell, and is no way on", () => {
    answers();
    const trust = [
      "-o",
      `UserKnownHostsFile=${at("known_hosts")}`,
      "-o",
      "IdentitiesOnly=yes",
      "-i",
      at("ecmwf"),
      "-p",
      `${port}`,
    ];
    holds(spawnSync("ssh", [...trust, "ecpds@127.0.0.1", "id"]).status !== 0, "it runs what it is told");
    const way = spawnSync("ssh", [...trust, "-W", `127.0.0.1:${port}`, "ecpds@127.0.0.1"], {
      input: "",
      encoding: "utf8",
      timeout: 10_000,
    });
    holds(!way.stdout.includes("SSH-2.0"), "it leads on");
  });
}

try {
  await keystores();
  await taking();
} catch (error) {
  gate.fail("ecpds", error);
} finally {
  for (const server of servers) server.kill("SIGKILL");
}
gate.done();
