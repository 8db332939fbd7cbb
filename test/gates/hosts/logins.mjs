// Who is let in to hosts, and how far bastions pass them on.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { same } from "../clouds.mjs";
import { run } from "../gate.mjs";

/** @param {import("../gate.mjs").Gate} gate @param {import("./bridge.mjs").Bridge} bridge */
export function logins(gate, bridge) {
  const [bastion, , ecflow] = bridge.ids;
  const good = bridge.certified("good", "operator@lumi-production", "-5m:+10m");
  const denied = (/** @type {{ code: number | null, out: string }} */ { code, out }) =>
    same([code, /Permission denied/.test(out)], [255, true]);
  gate.check("a valid certificate gets in at the bastion, and over it at ecFlow", () => {
    same(
      [bridge.ssh(good, `operator@${bastion}`).out, bridge.ssh(good, `operator@${ecflow}`).out],
      ["bastion", "ecflow-prod"],
    );
  });
  gate.check("an expired certificate does not", () =>
    denied(bridge.ssh(bridge.certified("old", "operator@lumi-production", "-2h:-1h"), `operator@${bastion}`)),
  );
  gate.check("one for another tenancy, or another account, does not", () => {
    denied(bridge.ssh(bridge.certified("elsewhere", "operator@lumi-test", "-5m:+10m"), `operator@${bastion}`));
    denied(bridge.ssh(good, `ansible@${bastion}`));
  });
  gate.check("one of another CA does not", () => {
    const other = join(bridge.folder, "other");
    run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", other]);
    denied(
      bridge.ssh(bridge.certified("stranger", "operator@lumi-production", "-5m:+10m", other), `operator@${bastion}`),
    );
  });
  gate.check("a host that shows another key than was learned is refused", () => {
    const file = join(bridge.folder, "known_hosts");
    const key = readFileSync(`${good}.pub`, "utf8").trim();
    writeFileSync(file, bridge.ids.map((id) => `${id} ${key}\n`).join(""));
    const { code, out } = bridge.ssh(good, `operator@${bastion}`, "-o", `UserKnownHostsFile=${file}`);
    same([code, /host key|HOST IDENTIFICATION/i.test(out)], [255, true]);
  });
  gate.check("the bastion passes on to ports that flows name, and to no other", () => {
    const words = ["-o", "ConnectTimeout=5", "-W"];
    const shut = bridge.ssh(good, `operator@${bastion}`, ...words, "10.20.4.60:3141");
    same([shut.code, /administratively prohibited/.test(shut.out)], [255, true]);
  });
  gate.check("no host but the bastion is logged in to from elsewhere", () => {
    same(bridge.inside("bastion", "grep -c '^PermitOpen' /etc/ssh/sshd_config"), "1");
    const script = "timeout 5 bash -c 'exec 3<>/dev/tcp/10.20.4.60/22; head -c 3 <&3' || echo shut";
    same(bridge.inside("proxy", script).split("\n").at(-1), "shut");
  });
}
