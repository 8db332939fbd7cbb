// Units go on with what their files say, whatever became of earlier runs.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { same } from "../clouds.mjs";
import { changedIn } from "./bridge.mjs";

/** @param {import("../gate.mjs").Gate} gate @param {import("./bridge.mjs").Bridge} bridge */
export function units(gate, bridge) {
  const [, proxy = ""] = bridge.ids;
  const site = join(bridge.checkout, "sites", "lumi.ts");
  const described = readFileSync(site, "utf8");
  const edit = (/** @type {string} */ from, /** @type {string} */ to) => {
    const text = readFileSync(site, "utf8");
    if (!text.includes(from)) throw new Error(`sites/lumi.ts has no ${from}`);
    writeFileSync(site, text.replace(from, to));
  };
  const outcome = () => {
    const { code, out, report } = bridge.configure([], [proxy]);
    const failed = report.hosts.filter((each) => each.failed > 0).map(({ role }) => role);
    return { code, out, changed: changedIn(report), failed };
  };
  const answer = () =>
    bridge.inside(
      "ecflow-prod",
      "curl -sm 5 -o /dev/null -w '%{http_code}' -x http://10.20.0.11:3128 http://example.org/whoami || true",
    );
  const log = "/var/log/squid/access.log";

  gate.check("what sysctl and timers say holds: at the interface, and outside of the forecast", () => {
    const values = "sysctl -n net.ipv4.conf.eth0.accept_redirects net.ipv4.conf.eth0.send_redirects";
    same(bridge.inside("ecflow-prod", values), "0\n0");
    const next = "systemctl show -P NextElapseUSecRealtime";
    for (const unit of ["apt-daily.timer", "apt-daily-upgrade.timer"]) {
      const hour = bridge.inside("proxy", `TZ=UTC date -u -d "$(${next} ${unit})" +%H`);
      same([unit, Number(hour) >= 9 && Number(hour) <= 11], [unit, true]);
    }
  });
  gate.check("squid is started again if it ends", () => {
    bridge.inside("proxy", "systemctl kill --kill-whom=all --signal=KILL squid; sleep 1");
    same(
      bridge.inside("proxy", "for i in $(seq 30); do systemctl is-active squid && break; sleep 0.5; done | tail -1"),
      "active",
    );
  });
  gate.check("a reload that ends in a fatal error fails the run, and the next run loads what it left", () => {
    const need = `{ need: "flow", from: { every: "host" }, to: { outside: "internet" }, traffic: { proto: "tcp", from: 80, to: 80 }, through: "forward-proxy", names: ["example.org"], why: "examples" }`;
    edit(
      "bastion(),",
      `bastion(), { kind: "extra", name: "extra", problems: [], describe: () => ({ needs: [${need}] }) },`,
    );
    bridge.inside("proxy", `chown root: ${log}; chmod 600 ${log}`);
    const fatal = outcome();
    same([fatal.code, fatal.failed], [1, ["proxy"]]);
    bridge.inside("proxy", `chown proxy: ${log}; chmod 640 ${log}`);
    const mended = outcome();
    same([mended.code, mended.changed], [0, [`${proxy} proxy`]]);
    same(answer(), "200");
  });
  gate.check("a list that was copied and never loaded is loaded by the next run, though nothing is copied", () => {
    writeFileSync(site, described);
    // Whoever met the server over the relay meets it no more.
    edit('submitsTo: ["lumi"],', "");
    for (const user of ["operators", "prepifs", "nexhub", "prepml"]) edit(`${user}: {`, `// ${user}: {`);
    const broken = "/run/systemd/system/squid.service.d/broken.conf";
    const drop = "printf '[Service]\\nExecReload=\\nExecReload=/bin/false\\n'";
    bridge.inside("proxy", `mkdir -p $(dirname ${broken}); ${drop} > ${broken}; systemctl daemon-reload`);
    same(outcome().failed, ["proxy"]);
    same(bridge.inside("proxy", "grep -c example.org /etc/squid/squid.conf || true"), "0");
    same(answer(), "200");
  });
  gate.check("haproxy stops when the last relay has gone, and its list goes with it", () => {
    same(
      bridge
        .inside("proxy", "systemctl is-active haproxy; systemctl is-enabled haproxy; ls /etc/haproxy/haproxy.cfg; true")
        .split("\n")
        .slice(0, 2),
      ["inactive", "disabled"],
    );
    same(bridge.inside("proxy", "test -e /etc/haproxy/haproxy.cfg || echo gone"), "gone");
  });
  gate.check("the next run loads the one and starts the other", () => {
    writeFileSync(site, described);
    bridge.inside("proxy", "rm /run/systemd/system/squid.service.d/broken.conf; systemctl daemon-reload");
    const { code, changed } = outcome();
    same([code, changed], [0, [`${proxy} proxy`]]);
    same([answer(), bridge.inside("proxy", "systemctl is-active haproxy")], ["403", "active"]);
  });
}
