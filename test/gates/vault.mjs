#!/usr/bin/env node
// OpenBao takes a stack of the Vault provider: applied over the API, twice; and whoever it names reads what is theirs, and
// nothing else. Half a minute.   node test/gates/vault.mjs [cdk.tf.json [schema.json]]
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { same } from "./clouds.mjs";
import { Gate, run, Skipped } from "./gate.mjs";
import { apply } from "./vault/adapter.mjs";
import * as people from "./vault/people.mjs";
import { prepared, Sandbox } from "./vault/sandbox.mjs";
import { readSchemas } from "./vault/stack.mjs";

const here = join(import.meta.dirname, "vault");
const [file = join(here, "fixture.tf.json"), schema = join(here, "schema.json")] = process.argv.slice(2);
/** @returns {any} the stack, as often as somebody wants to change it */
const stack = () => JSON.parse(readFileSync(file, "utf8"));
const schemas = readSchemas([schema]);
const gate = new Gate();
const one = new Sandbox(join(gate.folder, "one"));
const three = new Sandbox(join(gate.folder, "three"));
const forge = new people.Issuer();
const password = "of the feed, which nobody else has";
const variables = { pipeline_key: forge.publicKey, feed_password: JSON.stringify({ password }) };
const claims = { iss: "https://forge.example.org", sub: "deploy-1", aud: "vault", project: "platform", ref: "main" };

let isUp = false;
gate.check("a Vault comes up: one server of OpenBao, unsealed", () => {
  if (process.getuid?.() !== 0) throw new Skipped("Debian's packages are installed by root");
  prepared();
  one.vault("up");
  isUp = true;
});
/** @param {string} name @param {() => unknown} what */
const check = (name, what) =>
  gate.checked(name, async () => {
    if (!isUp) throw new Skipped("no Vault came up");
    await what();
  });
/** @param {any} changed @returns {Promise<import("./vault/adapter.mjs").Applied>} */
const applied = (changed = stack()) => apply(changed, { api: one.api(), schemas, variables });
/** What is refused, in words. @param {(changed: any) => void} change */
const refused = async (change) => {
  const changed = stack();
  change(changed.resource);
  const words = await applied(changed).then(
    () => "nothing",
    (error) => String(error.message),
  );
  return words;
};
/** A host that logs in with the secret id that it has been given. @param {string} role @returns {Promise<any>} */
async function host(role, mount = "hosts") {
  const { wrapped } = await people.wrappedSecretId(one.api(), mount, role);
  const { secretId } = await people.unwrapped(one.api(), wrapped);
  const { data } = await one.api().ask("GET", `auth/${mount}/role/${role}/role-id`);
  return {
    wrapped,
    secretId,
    roleId: data.role_id,
    ...(await people.byAppRole(one.api(), mount, data.role_id, secretId)),
  };
}

try {
  await check("what the adapter does not know is refused before anything is written", async () => {
    const found = {
      type: await refused((all) => Object.assign(all, { vault_token: { a: { policies: ["root"] } } })),
      attribute: await refused((all) => Object.assign(all.vault_mount.kv, { colour: "red" })),
      wrong: await refused((all) => Object.assign(all.vault_quota_rate_limit.hosts, { rate: "many" })),
      block: await refused((all) => Object.assign(all.vault_mount.kv, { lifecycle: { ignore_changes: ["path"] } })),
      nobody: await refused((all) => Object.assign(all.vault_policy.ecflow, { name: "${vault_mount.none.path}" })),
      cycle: await refused((all) => Object.assign(all.vault_mount.kv, { depends_on: ["vault_policy.ecflow"] })),
      value: await refused((all) => Object.assign(all.vault_kv_secret_v2.feed, { data_json_wo: "{}" })),
      state: await refused((all) => Object.assign(all.vault_kv_secret_v2.feed, { data_json: "{}" })),
    };
    const wanted = {
      type: /vault_token/,
      attribute: /vault_mount\.kv\.colour/,
      wrong: /rate: number/,
      block: /ignore_changes: unknown here/,
      nobody: /vault_policy\.ecflow\.name/,
      cycle: /a cycle: /,
      value: /a secret comes from a variable/,
      state: /no secret in a file or in state/,
    };
    for (const [name, words] of Object.entries(wanted))
      same([name, words.test(found[/** @type {"type"} */ (name)])], [name, true]);
    same((await one.api().ask("GET", "sys/mounts/north/production")).status, 400);
  });

  let untried = /** @type {string[]} */ ([]);
  await check("all of the stack is applied, in the order of its references", async () => {
    const result = await applied();
    untried = result.untried;
    const names = Object.entries(stack().resource).flatMap(([type, all]) =>
      Object.keys(all).map((name) => `${type}.${name}`),
    );
    const rest = names.filter((name) => ![...result.made, ...result.same].includes(name));
    same(rest.sort(), untried.map((words) => words.split(":")[0]).sort());
  });
  for (const words of untried)
    gate.check(words.replace(/:.*/s, ""), () => {
      throw new Skipped(words.replace(/^.*?: /s, ""));
    });
  await check(
    "a second time nothing is made; what somebody changed by hand comes back, and no secret is overwritten",
    async () => {
      same((await applied()).made, []);
      await one
        .api()
        .ask("POST", "sys/policies/acl/north-production-collector", { policy: 'path "*" { capabilities = ["read"] }' });
      await one
        .api()
        .ask("POST", "auth/hosts/role/north-production-ecflow", { token_ttl: 7200, secret_id_num_uses: 0 });
      await one.api().ask("POST", "north/production/data/ecflow/feed", { data: { password: "rotated" } });
      const changed = ["vault_policy.collector", "vault_approle_auth_backend_role.ecflow"];
      same((await applied()).made.sort(), changed.sort());
      same((await people.secretOf(one.api(), "north/production", "ecflow/feed")).values, { password: "rotated" });
      await one.api().ask("POST", "north/production/data/ecflow/feed", { data: { password } });
    },
  );
  await check("a host reads its own secret, and nothing else", async () => {
    const { token, policies, lasts } = await host("north-production-ecflow");
    same([policies, lasts], [["default", "north-production-ecflow"], 3600]);
    const api = one.api().as(token);
    same(await people.secretOf(api, "north/production", "ecflow/feed"), {
      status: 200,
      errors: [],
      values: { password },
    });
    same((await people.secretOf(api, "north/production", "collector/token")).status, 403);
    for (const path of [
      "sys/mounts",
      "sys/policies/acl/pipeline",
      "north/production/metadata/ecflow/feed",
      "auth/hosts/role/x",
    ])
      same([path, (await api.ask("GET", path)).status], [path, 403]);
    same((await api.ask("POST", "north/production/data/ecflow/feed", { data: {} })).status, 403);
    same((await people.sshCertificateOf(api, "ssh-users", "ansible", { public_key: "" })).status, 403);
  });
  await check("a wrapping opens once, a secret id logs in once, and only from where it may", async () => {
    const { wrapped, secretId, roleId } = await host("north-production-ecflow");
    same((await people.unwrapped(one.api(), wrapped)).status, 400);
    same((await people.byAppRole(one.api(), "hosts", roleId, secretId)).status, 400);
    same((await people.byAppRole(one.api(), "hosts", roleId)).status, 400);
    same((await host("north-production-collector")).status, 400);
  });
  await check("a pipeline logs in by its token, and another's, a late and a forged one do not", async () => {
    const login = (/** @type {string} */ jwt) => people.byJwt(one.api(), "pipelines", "deploy", jwt);
    const { status, policies, token } = await login(forge.token(claims));
    same([status, policies], [200, ["default", "pipeline"]]);
    for (const other of [
      { ref: "topic" },
      { project: "other" },
      { aud: "forge" },
      { iss: "https://elsewhere.example.org" },
    ])
      same([other, (await login(forge.token({ ...claims, ...other }))).status], [other, 400]);
    same((await login(forge.token(claims, -300))).status, 400);
    same((await login(new people.Issuer().token(claims))).status, 400);
    const api = one.api().as(token);
    same((await people.secretOf(api, "north/production", "ecflow/feed")).status, 403);
    same((await people.wrappedSecretId(api, "hosts", "north-production-ecflow")).status, 200);
    same((await api.ask("POST", "auth/hosts/role/north-production-ecflow/secret-id", {})).status, 403);
  });
  await check("a certificate of an allowed name is issued and leads to the root; others are refused", async () => {
    const api = one.api().as((await host("north-production-ecflow")).token);
    const wanted = { common_name: "ecflow.north.example.org" };
    const { status, certificate, key, chain } = await people.certificateOf(api, "pki", "ecflow", wanted);
    same(status, 200);
    const renewing = await people.byCertificate(one.api(), "cert", "ecflow", { cert: certificate, key });
    same([renewing.status, renewing.policies], [200, ["default", "north-production-ecflow"]]);
    const { values } = await applied();
    const pems = {
      root: values["vault_pki_secret_backend_root_cert.root"]?.certificate,
      between: chain.join("\n"),
      leaf: certificate,
    };
    for (const [name, pem] of Object.entries(pems)) writeFileSync(join(gate.folder, `${name}.pem`), `${pem}\n`);
    const verify = ["verify", "-CAfile", "root.pem", "-untrusted", "between.pem", "-purpose", "sslserver", "leaf.pem"];
    same(run("openssl", verify, { cwd: gate.folder }), "leaf.pem: OK\n");
    for (const name of ["proxy.north.example.org", "a.ecflow.north.example.org", "localhost", "*.north.example.org"])
      same([name, (await people.certificateOf(api, "pki", "ecflow", { common_name: name })).status], [name, 400]);
    // Too long a life is cut to what the role allows, and not refused.
    const longest = await people.certificateOf(api, "pki", "ecflow", { ...wanted, ttl: "100000h" });
    const days = (Date.parse(new X509Certificate(longest.certificate).validTo) - Date.now()) / 86_400_000;
    same([days > 6.9, days <= 7], [true, true]);
    same((await people.certificateOf(api, "pki-root", "ecflow", wanted)).status, 403);
  });
  await check("a key of SSH is signed for who may, and ssh-keygen reads the certificate", async () => {
    const { token } = await people.byJwt(one.api(), "pipelines", "deploy", forge.token(claims));
    const key = join(gate.folder, "id");
    run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    const public_key = readFileSync(`${key}.pub`, "utf8");
    const sign = (/** @type {object} */ more) =>
      people.sshCertificateOf(one.api().as(token), "ssh-users", "ansible", { public_key, ...more });
    const { status, certificate } = await sign({ valid_principals: "ansible" });
    same(status, 200);
    writeFileSync(`${key}-cert.pub`, certificate);
    const read = run("ssh-keygen", ["-L", "-f", `${key}-cert.pub`]);
    for (const words of [/user certificate/, /Principals: \s+ansible\s/, /permit-pty/, /Signing CA: ED25519/])
      same([String(words), words.test(read)], [String(words), true]);
    same((await sign({ valid_principals: "root" })).status, 400);
    same((await sign({ cert_type: "host" })).status, 400);
    same((await sign({ valid_principals: "ansible", ttl: "2h" })).status, 400);
  });
  await check("every request is in the audit log, and no secret", () => {
    const log = readFileSync(one.public.audit, "utf8");
    same([log.includes("north/production/data/ecflow/feed"), log.includes(password)], [true, false]);
  });
  await check("three servers: the active one is killed, another goes on with what was written", async () => {
    three.vault("up", "--servers", "3");
    same(
      (await three.api().ask("POST", "sys/policies/acl/a", { policy: 'path "a" { capabilities = ["read"] }' })).status,
      204,
    );
    three.vault("stop", "vault-1", "--kill");
    for (let tries = 0; (await three.api(1).ask("GET", "sys/policies/acl/a")).status !== 200; tries += 1) {
      if (tries > 150) throw new Error("no server took over");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    three.vault("start", "vault-1");
    three.vault("status");
  });
} finally {
  await check("down leaves nothing: no process, no file", () => {
    const pids = [one, three].flatMap((vault) => vault.pids);
    for (const vault of [one, three]) vault.down();
    same([pids.length, pids.filter((pid) => existsSync(`/proc/${pid}/exe`))], [4, []]);
    same([existsSync(one.folder), existsSync(three.folder)], [false, false]);
  });
  for (const vault of [one, three]) vault.down();
}
gate.done();
