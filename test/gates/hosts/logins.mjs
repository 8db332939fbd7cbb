// Who is let in to hosts, and how far bastions pass them on.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { same } from "../clouds.mjs";
import { run } from "../gate.mjs";

/** Whom the hosts of the bridge let in, and their bastion lets through. */
export const operator = "operator@lumi-production,jump@lumi-production";
export const now = "-5m:+20m";

/** @param {{ code: number | null, out: string }} ran */
export const denied = ({ code, out }) => same([code, /Permission denied/.test(out)], [255, true]);

/** @param {import("../gate.mjs").Gate} gate @param {import("./bridge.mjs").Bridge} bridge */
export function logins(gate, bridge) {
  const [bastion, , ecflow] = bridge.ids;
  const good = bridge.certified("good", operator, now);
  const jump = bridge.certified("jump", "jump@lumi-production", now);
  const keeper = bridge.certified("keeper", "bastion-operator@lumi-production", now);
  gate.check("a valid certificate gets in at ecFlow, over the bastion", () => {
    same(bridge.ssh(good, `operator@${ecflow}`), { code: 0, out: "ecflow-prod", stdout: "ecflow-prod\n" });
  });
  gate.check("the bastion is administered by another certificate than that for hosts, and by that alone", () => {
    same(bridge.ssh(keeper, `operator@${bastion}`).out, "bastion");
    for (const account of ["operator", "ansible"]) denied(bridge.ssh(good, `${account}@${bastion}`));
    denied(bridge.ssh(keeper, `operator@${ecflow}`));
  });
  gate.check("whoever passes the bastion opens no session there", () => {
    for (const words of [[], ["-t"], ["-s"]]) {
      const { code, stdout } = bridge.ssh(jump, `jump@${bastion}`, words, words[0] === "-s" ? "sftp" : "hostname");
      same([code === 0, stdout], [false, ""]);
    }
    denied(bridge.ssh(jump, `operator@${ecflow}`));
  });
  gate.check("an expired certificate does not get in", () =>
    denied(bridge.ssh(bridge.certified("old", operator, "-2h:-1h"), `operator@${ecflow}`)),
  );
  gate.check("one for another tenancy, or another account, does not", () => {
    const elsewhere = bridge.certified("elsewhere", "operator@lumi-test,jump@lumi-production", now);
    denied(bridge.ssh(elsewhere, `operator@${ecflow}`));
    denied(bridge.ssh(good, `ansible@${ecflow}`));
  });
  gate.check("one of another CA does not", () => {
    const other = join(bridge.folder, "other");
    run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", other]);
    const principals = `${operator},bastion-operator@lumi-production`;
    denied(bridge.ssh(bridge.certified("stranger", principals, now, other), `operator@${bastion}`));
  });
  gate.check("a host that shows another key than was learned is refused", () => {
    const file = join(bridge.folder, "known_hosts");
    const key = readFileSync(`${good}.pub`, "utf8").trim();
    writeFileSync(file, bridge.names.map((name) => `${bridge.dns(name)} ${key}\n`).join(""));
    const { code, out } = bridge.ssh(keeper, `operator@${bastion}`, ["-o", `UserKnownHostsFile=${file}`]);
    same([code, /host key|HOST IDENTIFICATION/i.test(out)], [255, true]);
  });
  gate.check("a key that only an agent holds is found there by its public part, among others", () => {
    const held = bridge.certified("held", operator, now);
    const others = ["a", "b", "c", "d"].map((name) => {
      const key = join(bridge.folder, `agent-${name}`);
      run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
      return key;
    });
    // The agent has no certificate: that is beside the public key.
    renameSync(held, `${held}.private`);
    Object.assign(bridge.env, { DATABRIDGE_SSH_IDENTITY: `${held}.pub` });
    const { code, out } = bridge.databridge("inventory", "lumi");
    if (code !== 0) throw new Error(out);
    const config = join(bridge.world, "ssh", "config");
    const script = `ssh-add -q ${others.join(" ")} ${held}.private && ssh -F ${config} operator@${ecflow} hostname`;
    same(bridge.within(30, "ssh-agent", "sh", "-c", script).out, "ecflow-prod");
    Object.assign(bridge.env, { DATABRIDGE_SSH_IDENTITY: "" });
    bridge.databridge("inventory", "lumi");
  });
  gate.check("the bastion passes on to ports that flows name, and to no other, and says where to for whom", () => {
    const shut = bridge.ssh(jump, `jump@${bastion}`, ["-W", "10.20.4.60:3141"], "");
    same([shut.code, /administratively prohibited/.test(shut.out)], [255, true]);
    same(bridge.ssh(keeper, `operator@${bastion}`, ["-W", "10.20.4.60:22"], "").code, 255);
    const log = bridge.inside("bastion", "journalctl -t sshd -o short --no-pager");
    const login = /sshd\[(\d+)\]: Accepted publickey for jump .* ID good \(serial 0\)/.exec(log)?.[1];
    const child = new RegExp(`sshd\\[${login}\\]: User child is on pid (\\d+)`).exec(log)?.[1];
    same(new RegExp(`sshd\\[${child}\\]: .*target 10\\.20\\.4\\.60 port 22`).test(log), true);
    same(/ to connect to host 10\.20\.4\.60 port 3141, but the request was denied/.test(log), true);
    same(
      /Accepted publickey for operator .* ID good /.test(bridge.inside("ecflow-prod", "journalctl -t sshd --no-pager")),
      true,
    );
  });
  gate.check("neither hosts nor bastion forward agents, ports backwards, sockets or tunnels", () => {
    for (const [key, to] of /** @type {const} */ ([
      [jump, `jump@${bastion}`],
      [keeper, `operator@${bastion}`],
      [good, `operator@${ecflow}`],
    ])) {
      for (const back of ["8022:127.0.0.1:22", "/tmp/back.sock:127.0.0.1:22"]) {
        const { code, out } = bridge.ssh(key, to, ["-N", "-o", "ExitOnForwardFailure=yes", "-R", back]);
        same([code, /remote port forwarding failed/.test(out)], [255, true]);
      }
      const name = to.startsWith(`operator@${ecflow}`) ? "ecflow-prod" : "bastion";
      const user = to.split("@")[0];
      const told = bridge.inside(
        name,
        `sshd -T -C user=${user},host=x,addr=10.20.0.10 2> /dev/null | grep -E '^(permittunnel|gatewayports)'`,
      );
      same(told.split("\n").sort(), ["gatewayports no", "permittunnel no"]);
    }
    const config = `${good}.config`;
    const asked = `ssh-add -q ${good} && ssh -A -F ${config} operator@${ecflow} 'echo \${SSH_AUTH_SOCK:-none}'`;
    same(bridge.within(30, "ssh-agent", "sh", "-c", asked).out, "none");
  });
  gate.check("sshd takes logins from the bastion alone, whatever security groups let through", () => {
    same(bridge.inside("bastion", "grep -c '^  PermitOpen' /etc/ssh/sshd_config"), "1");
    const reach = "timeout 5 bash -c 'exec 3<>/dev/tcp/10.20.4.60/22; head -c 3 <&3' || echo shut";
    same(bridge.inside("proxy", reach).split("\n").at(-1), "shut");
  });
}

/** A door that the model does not know. @param {import("../gate.mjs").Gate} gate @param {import("./bridge.mjs").Bridge} bridge */
export async function fromElsewhere(gate, bridge) {
  const key = bridge.certified("sideways", operator, now);
  const door = { proto: "tcp", from: 22, to: 22 };
  bridge.doors = {
    proxy: [{ ...door, direction: "out", peer: "10.20.4.60/32" }],
    "ecflow-prod": [{ ...door, direction: "in", peer: "10.20.0.11/32" }],
  };
  await gate.checked("a valid certificate does not get in from the proxy, though its port is open to it", async () => {
    await bridge.up();
    const copies = [key, `${key}-cert.pub`].map((file) => readFileSync(file, "utf8").trim());
    const files = ["/tmp/key", "/tmp/key-cert.pub"];
    for (const [i, text] of copies.entries()) bridge.inside("proxy", `umask 077; cat > ${files[i]} <<'E'\n${text}\nE`);
    const options = "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes -i /tmp/key";
    const said = bridge.inside("proxy", `ssh ${options} operator@10.20.4.60 hostname 2>&1; echo $?; rm /tmp/key*`);
    same([/Permission denied/.test(said), said.split("\n").at(-1)], [true, "255"]);
    const log = bridge.inside("ecflow-prod", "journalctl -t sshd -o cat --no-pager");
    same(/User operator from 10\.20\.0\.11 not allowed because not listed in AllowUsers/.test(log), true);
  });
  bridge.doors = {};
  await bridge.up();
}
