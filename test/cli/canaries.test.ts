import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./command";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

/** Looks like a secret, and tells where it came from. */
const canary = (from: string): string => `canary-${from.toLowerCase()}-7f3a9c`;
const variables = [
  "OS_PASSWORD",
  "OS_APPLICATION_CREDENTIAL_SECRET",
  "OS_TOKEN",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "VAULT_TOKEN",
  "PG_CONN_STR",
  "PGPASSWORD",
  "TF_HTTP_PASSWORD",
  "TF_VAR_state_passphrase",
  "TF_TOKEN_app_terraform_io",
  "KUBE_TOKEN",
];
const environment = Object.fromEntries(variables.map((name) => [name, canary(name)]));

/** All that a command says and leaves behind; the files of compiled sources are no output. */
function outputs(...args: readonly string[]): string {
  const { out, err } = checkout.databridgeWith(environment, ...args);
  const files = ["cdktf.out", "synthesized"]
    .map((name) => join(checkout.folder, name))
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"));
  return [out, err, ...files].join("\n");
}

const lockFile = () => join(checkout.folder, "sites", "north.lock.json");

test("secrets of the environment and of files beside the sites are in no output", () => {
  writeFileSync(join(checkout.folder, "sites", "clouds.yaml"), `password: ${canary("file")}\n`);
  mkdirSync(join(checkout.folder, "sites", "private"));
  writeFileSync(join(checkout.folder, "sites", "private", "key.ts"), `export default "${canary("folder")}";\n`);
  for (const args of [["synth"], ["lock"], ["synth", "--json"], ["learn", "north"]]) {
    const text = outputs(...args);
    expect(text).toContain("north");
    expect(text).not.toContain("canary");
  }
  expect(readFileSync(lockFile(), "utf8")).not.toContain("canary");
});

test("secrets of the environment are in no output for backends that take them", () => {
  const site = join(checkout.folder, "sites", "north.ts");
  const text = readFileSync(site, "utf8").replace(/import \{ (.*s3)/, "import { pg, http, $1");
  for (const state of ['pg({ schemaName: "states" })', 'http({ address: "https://states.example.org" })']) {
    writeFileSync(site, text.replace(/s3\(\{[^}]*\}\)/, state));
    const all = outputs("synth");
    expect(all).toContain(state.startsWith("pg") ? '"schema_name": "states-north' : '"lock_address"');
    expect(all).not.toContain("canary");
  }
});

test("what stands in a lock and does not belong there is not repeated", () => {
  for (const lock of [
    { version: 1, password: canary("key") },
    { version: 1, trust: { sshUserCa: `-----BEGIN OPENSSH PRIVATE KEY----- ${canary("ca")}` } },
    { version: 1, learned: { production: { router: canary("router"), token: canary("token") } } },
    { version: canary("version") },
    canary("text"),
  ]) {
    writeFileSync(lockFile(), JSON.stringify(lock));
    for (const args of [["synth"], ["synth", "--json"], ["lock"]]) {
      const text = outputs(...args);
      expect(text).toContain("north.lock");
      expect(text).not.toContain("canary");
    }
  }
});

test("what makes a lock no JSON is not repeated", () => {
  writeFileSync(lockFile(), `{ "version": 1, ${canary("junk")}`);
  for (const command of ["synth", "lock"]) {
    const text = outputs(command);
    expect(text).toContain("no JSON");
    expect(text).not.toContain("canary");
  }
});

test("a password in the address of a state is refused and not repeated", () => {
  const site = join(checkout.folder, "sites", "north.ts");
  const text = readFileSync(site, "utf8").replace(/import \{ (.*s3)/, "import { http, $1");
  const state = `http({ address: "https://me:${canary("address")}@states.example.org" })`;
  writeFileSync(site, text.replace(/s3\(\{[^}]*\}\)/, state));
  for (const args of [["synth"], ["synth", "--json"]]) {
    const all = outputs(...args);
    expect(all).toContain("north.production.state.address");
    expect(all).not.toContain("canary");
  }
});
