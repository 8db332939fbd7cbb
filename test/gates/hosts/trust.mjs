// What hosts trust changes: CAs take turns, keys are withdrawn, a root of TLS comes and goes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { same } from "../clouds.mjs";
import { run } from "../gate.mjs";
import { denied, now, operator } from "./logins.mjs";

/** @param {import("../gate.mjs").Gate} gate @param {import("./bridge.mjs").Bridge} bridge */
export function trust(gate, bridge) {
  const ecflow = `operator@${bridge.ids[2]}`;
  const folder = join(bridge.folder, "ca");
  const request = join(bridge.folder, "vault-1.csr");
  const key = (/** @type {string} */ name) => readFileSync(`${name}.pub`, "utf8").trim();
  gate.check("bootstrap-ca makes a CA and a root, and signs for a server as it is described", () => {
    const { code, out } = bridge.databridge("bootstrap-ca", folder);
    same([code, /WITHOUT PASSPHRASE {2}ssh-user-ca, tls-root\.key/.test(out)], [0, true]);
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${request}.key`];
    run("openssl", ["req", "-new", ...curve, "-subj", "/CN=elsewhere.example.org", "-out", request]);
    const signed = bridge.databridge("bootstrap-ca", "sign", folder, "home-production-vault-1", request);
    if (signed.code !== 0) throw new Error(signed.out);
  });
  const lost = bridge.certified("lost", operator, now);
  const next = bridge.certified("next", operator, now, join(folder, "ssh-user-ca"));
  const last = bridge.certified("last", operator, now);
  const certificate = readFileSync(request.replace(/csr$/, "crt"), "utf8");
  const verified = `cat > /tmp/crt <<'E'\n${certificate}E\nopenssl verify -CApath /etc/ssl/certs /tmp/crt 2>&1 | tail -1`;
  gate.check("a withdrawn key is refused, a second CA signs too, programs trust the root", () => {
    same(bridge.ssh(lost, ecflow).out, "ecflow-prod");
    denied(bridge.ssh(next, ecflow));
    const root = readFileSync(join(folder, "tls-root.crt"), "utf8");
    const values = [`revoked.lost=${key(lost)}`, `sshUserCaToo=${key(join(folder, "ssh-user-ca"))}`, `tlsRoot=${root}`];
    bridge.learn("home", ...values.map((value) => `trust.${value}`));
    bridge.configured();
    denied(bridge.ssh(lost, ecflow));
    same(
      [next, last].map((each) => bridge.ssh(each, ecflow).out),
      ["ecflow-prod", "ecflow-prod"],
    );
    same(bridge.inside("ecflow-prod", verified), "/tmp/crt: OK");
  });
  gate.check("once the other CA is gone, what it signed is refused; a root that went is trusted no more", () => {
    bridge.learn("home", "trust.sshUserCaToo=", "trust.tlsRoot=");
    bridge.configured();
    denied(bridge.ssh(next, ecflow));
    same(bridge.ssh(last, ecflow).out, "ecflow-prod");
    same(
      /unable to get local issuer/.test(bridge.inside("ecflow-prod", `${verified.replace(" | tail -1", "")} || true`)),
      true,
    );
  });
}
