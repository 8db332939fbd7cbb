// What a changed description does to hosts.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { same } from "../clouds.mjs";
import { changedIn } from "./bridge.mjs";

/** @param {import("../gate.mjs").Gate} gate @param {import("./bridge.mjs").Bridge} bridge */
export function changes(gate, bridge) {
  const [, proxy = ""] = bridge.ids;
  gate.check("a changed allow list reloads squid, and nothing else; --check tells it before", () => {
    const site = join(bridge.checkout, "sites", "lumi.ts");
    const need = `{ need: "flow", from: { every: "host" }, to: { outside: "internet" }, traffic: { proto: "tcp", from: 80, to: 80 }, through: "forward-proxy", names: ["example.org"], why: "examples" }`;
    const extra = `{ kind: "extra", name: "extra", problems: [], describe: () => ({ needs: [${need}] }) },`;
    writeFileSync(site, readFileSync(site, "utf8").replace("        bastion(),", `        bastion(), ${extra}`));
    const units =
      "systemctl show -p MainPID -p ExecMainStartTimestampMonotonic squid haproxy chrony ssh systemd-resolved";
    const reloads = "journalctl -u haproxy -u ssh -u chrony -o cat | grep -c -i reload || true";
    const before = [bridge.inside("proxy", units), bridge.inside("proxy", reloads)];
    const check = bridge.configure(["--check"], [proxy]).report;
    same(changedIn(check), [`${proxy} proxy`]);
    same(
      check.hosts.some((/** @type {{ changes: { diff?: string }[] }} */ { changes }) =>
        changes.some(({ diff }) => diff?.includes("example.org")),
      ),
      true,
    );
    same(changedIn(bridge.configure().report), [`${proxy} proxy`]);
    same([bridge.inside("proxy", units), bridge.inside("proxy", reloads)], before);
    same(
      bridge.inside(
        "ecflow-prod",
        "curl -sm 5 -o /dev/null -w '%{http_code}' -x http://10.20.0.11:3128 http://example.org/whoami",
      ),
      "200",
    );
    same(
      bridge.inside(
        "ecflow-prod",
        "curl -sm 5 -o /dev/null -w '%{http_code}' -x http://10.20.0.11:3128 http://example.com/whoami",
      ),
      "403",
    );
  });
}
