// What a changed description does to hosts.
import { same } from "../clouds.mjs";
import { changedIn } from "./bridge.mjs";
import { now, operator } from "./logins.mjs";

/** @param {import("../gate.mjs").Gate} gate @param {import("./bridge.mjs").Bridge} bridge */
export function changes(gate, bridge) {
  const [, proxy = ""] = bridge.ids;
  gate.check("a changed allow list reloads squid, and nothing else on any host; --check tells it before", () => {
    const need = `{ need: "flow", from: { every: "host" }, to: { outside: "internet" }, traffic: { proto: "tcp", from: 80, to: 80 }, through: "forward-proxy", names: ["example.org"], why: "examples" }`;
    runs(bridge, `{ kind: "extra", name: "extra", problems: [], describe: () => ({ needs: [${need}] }) },`);
    const units =
      "systemctl show -p MainPID -p ExecMainStartTimestampMonotonic squid haproxy chrony ssh systemd-resolved";
    const reloads = "journalctl -u haproxy -u ssh -u chrony -o cat | grep -c -i reload || true";
    const before = [bridge.inside("proxy", units), bridge.inside("proxy", reloads)];
    const { code, report: check } = bridge.configure(["--check"], [proxy]);
    same([code, changedIn(check)], [0, [`${proxy} proxy`]]);
    same(
      check.hosts.some((/** @type {{ changes: { diff?: string }[] }} */ { changes }) =>
        changes.some(({ diff }) => diff?.includes("example.org")),
      ),
      true,
    );
    same(changedIn(bridge.configured()), [`${proxy} proxy`]);
    same([bridge.inside("proxy", units), bridge.inside("proxy", reloads)], before);
    const asked = (/** @type {string} */ name) =>
      `curl -sm 5 -o /dev/null -w '%{http_code}' -x http://10.20.0.11:3128 http://${name}/whoami`;
    same(bridge.inside("ecflow-prod", asked("example.org")), "200");
    same(bridge.inside("ecflow-prod", asked("example.com")), "403");
  });
}

/** @param {import("../gate.mjs").Gate} gate @param {import("./bridge.mjs").Bridge} bridge */
export async function ways(gate, bridge) {
  const [bastion = "", , ecflow = ""] = bridge.ids;
  const good = bridge.certified("again", operator, now);
  gate.check("a bastion that nobody could log in to any more takes back what it had, by itself", () => {
    const sshd = "constructs/hosts/sshd.ts";
    const [right, wrong] = ["AuthorizedPrincipalsFile /etc/ssh/principals/%u", "AuthorizedPrincipalsFile /nowhere/%u"];
    const text = () => bridge.inside("bastion", "cat /etc/ssh/sshd_config");
    const before = text();
    bridge.edit(sshd, right, wrong);
    try {
      const { code, out } = bridge.configure([], [bastion]);
      same([code, /nobody could log in any more/.test(out)], [1, true]);
      same([text(), bridge.ssh(good, `operator@${ecflow}`).out], [before, "ecflow-prod"]);
    } finally {
      bridge.edit(sshd, wrong, right);
    }
    // sshd read the old file once more when it came back, and no run has seen that.
    same(changedIn(bridge.configured([bastion])), [`${bastion} bastion`]);
    same(changedIn(bridge.configured([bastion])), []);
  });
  await gate.checked("a host that is new is configured at once: its bastion learns of it first", async () => {
    const host = `{ name: "late", roles: ["late"], subnet: "services", slot: 77, flavor: "small" }`;
    runs(bridge, `{ kind: "late", name: "late", problems: [], describe: () => ({ hosts: [${host}] }) },`);
    bridge.names = [...bridge.names, "late"];
    // As it has grown.
    bridge.edit("sites/lumi.ts", 'ecflow("prod", {', 'ecflow("prod", { home: gib(150),');
    await bridge.up();
    await bridge.learnKeys();
    const late = `${bridge.place}-late`;
    const changed = changedIn(bridge.configured([late]));
    same(
      changed.filter((each) => !each.startsWith(late)),
      [`${bastion} bastion`],
    );
    same(bridge.ssh(good, `operator@${late}`).out, "late");
  });
  gate.check("hosts that boot again let in as before", () => {
    const booted = () =>
      ["ecflow-prod", "bastion"].map((name) => bridge.inside(name, "systemctl show -p UserspaceTimestampMonotonic"));
    // Its volume has another size since a moment ago.
    bridge.configured([ecflow]);
    const before = booted();
    for (const name of ["ecflow-prod", "bastion"]) bridge.sandbox(["exec", name, "systemctl", "reboot"]);
    let said = "";
    for (let i = 0; i < 20 && said !== "ecflow-prod"; i += 1) {
      bridge.within(5, "sleep", "1");
      said = bridge.ssh(good, `operator@${ecflow}`).out;
    }
    same(said, "ecflow-prod");
    const after = booted();
    same(
      after.map((each, i) => each === before[i]),
      [false, false],
    );
    same(changedIn(bridge.configured()), []);
  });
}

/** Lets the tenancy run one component more. @param {import("./bridge.mjs").Bridge} bridge @param {string} component */
const runs = (bridge, component) =>
  bridge.edit("sites/lumi.ts", "        bastion(),", `        bastion(), ${component}`);
