// The adapter proves itself on a stack of ours that has every kind of block: what it refuses, makes, and leaves alone.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { same } from "../clouds.mjs";
import { run, Skipped } from "../gate.mjs";
import { apply } from "./adapter.mjs";
import * as people from "./people.mjs";
import { schemas } from "./schemas.mjs";

/** @returns {any} the stack, as often as somebody wants to change it */
const stack = () => JSON.parse(readFileSync(join(import.meta.dirname, "fixture.tf.json"), "utf8"));
const password = "of the feed, which nobody else has";

/**
 * @param {import("../gate.mjs").Gate} gate
 * @param {(name: string, what: () => unknown) => Promise<void>} check
 * @param {import("./sandbox.mjs").Sandbox} one a Vault in which nothing is yet
 */
export async function adapts(gate, check, one) {
  const variables = { pipeline_key: new people.Issuer().publicKey, feed_password: JSON.stringify({ password }) };
  const applied = (changed = stack()) => apply(changed, { api: one.api(), schemas, variables });
  /** What is refused, in words. @param {(changed: any) => void} change */
  const refused = async (change) => {
    const changed = stack();
    change(changed.resource);
    return applied(changed).then(
      () => "nothing",
      (error) => String(error.message),
    );
  };
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
  await check("who shows a certificate of the fixture logs in by it, and it leads to the root", async () => {
    const api = one.api();
    const wanted = { common_name: "ecflow.north.example.org" };
    const { certificate, key, chain } = await people.certificateOf(api, "pki", "ecflow", wanted);
    const renewing = await people.byCertificate(api, "cert", "ecflow", { cert: certificate, key });
    same([renewing.status, renewing.policies], [200, ["default", "north-production-ecflow"]]);
    const { values } = await applied();
    const root = values["vault_pki_secret_backend_root_cert.root"]?.certificate;
    const pems = { root, between: chain.join("\n"), leaf: certificate };
    for (const [name, pem] of Object.entries(pems)) writeFileSync(join(gate.folder, `${name}.pem`), `${pem}\n`);
    const verify = ["verify", "-CAfile", "root.pem", "-untrusted", "between.pem", "-purpose", "sslserver", "leaf.pem"];
    same(run("openssl", verify, { cwd: gate.folder }), "leaf.pem: OK\n");
  });
}
