// Whom what rings reaches, and what keeps it from ringing: asked of amtool, and heard from a real Alertmanager.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../cli/prepare.mjs";
import { altered, routed, rung, taken } from "./alertmanager.mjs";

/** @typedef {import("./rung.mjs").Labels} Labels */

/** @type {readonly (readonly [string, RegExp, Parameters<typeof altered>[1]])[]} */
const routingFaults = [
  [
    "a silent site that holds back nothing",
    /^a silent site rings \d\d+ times/,
    ({ inhibit_rules: rules }) => rules.splice(0, 1),
  ],
  [
    "a host that is down and holds back nothing",
    /^it is not held back: .*ServiceDown/,
    ({ inhibit_rules: rules }) => rules.splice(1, 1),
  ],
  [
    "a login that is away and holds back nothing",
    /^it is not held back: .*HpcJobsWait/,
    ({ inhibit_rules: rules }) => rules.splice(2, 1),
  ],
  [
    "what is critical and holds back nothing",
    /^it is not held back: .*FilesystemFreeRatio/,
    ({ inhibit_rules: rules }) => rules.splice(3, 1),
  ],
  [
    "a warning that holds back nothing",
    /^it is not held back: .*IssuerExpiry/,
    ({ inhibit_rules: rules }) => rules.splice(4, 1),
  ],
  [
    "a host that holds back what another has",
    /^it is held back: .*ServiceDown/,
    ({ inhibit_rules: rules }) => rules[1]?.equal.pop(),
  ],
  [
    "a login that holds back what another tenancy has",
    /^it is held back: .*HpcJobsWait/,
    ({ inhibit_rules: [, , login] }) => login?.equal.splice(1, 1),
  ],
  [
    "a file system that holds back another",
    /^it is held back: .*FilesystemFreeRatio/,
    ({ inhibit_rules: [, , , louder] }) => louder?.equal.splice(louder.equal.indexOf("mountpoint"), 1),
  ],
  ["a site in maintenance that rings", /^a site in maintenance rings/, ({ route }) => route.routes?.splice(1, 2)],
  [
    "a site that is mute by the days of another",
    /^a site in maintenance rings/,
    ({ route }) => route.routes?.splice(1, 1, ...mutedBy(route, 2)),
  ],
  ["a heart that does not beat", /^the heart beats/, ({ route }) => route.routes?.shift()],
];
/** The first muted route, with the days of another. @param {import("./alertmanager.mjs").Route} route @param {number} at */
function mutedBy({ routes = [] }, at) {
  const days = routes[at]?.routes?.[0]?.mute_time_intervals ?? [];
  return routes.slice(1, 2).map((each) => ({
    ...each,
    routes: (each.routes ?? []).map((leaf) => ({ ...leaf, mute_time_intervals: days })),
  }));
}

/** @param {import("../gate.mjs").Gate} gate @param {{ alertmanager: string, teams: Record<string, { email: string, onCall?: string }>, heartbeat: string, alerts: readonly Labels[] }} world */
export async function routing(gate, { alertmanager, teams, heartbeat, alerts }) {
  const hosts = join(root, "synthesized", "hosts");
  const committed = readdirSync(hosts)
    .map((host) => join(hosts, host, "etc", "prometheus", "alertmanager.yml"))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, "utf8"));
  gate.check("amtool takes what Alertmanager is told, as it is committed, and refuses another", () => {
    if (committed.length !== 1) throw new Error(`it has looked at ${committed.length}`);
    taken(gate.folder, [...committed, alertmanager]);
  });
  gate.check("every owner is reached as the description says, by each severity, and the heartbeat", () =>
    routed({ folder: gate.folder, text: alertmanager, teams, heartbeat, alerts }),
  );
  const folderOf = (/** @type {number} */ i) => join(gate.folder, `alertmanager-${i}`);
  await gate.checked(
    "a real Alertmanager rings once for a silent site, and for what is behind nothing else",
    async () => {
      const why = await rung(folderOf(0), alertmanager, alerts);
      if (why) throw new Error(why);
    },
  );
  const found = routingFaults.map(([, , change], i) =>
    rung(folderOf(i + 1), altered(alertmanager, change), alerts).catch(String),
  );
  for (const [i, [what, told]] of routingFaults.entries())
    await gate.checked(`it is found: ${what}`, async () => {
      const why = (await found[i]) ?? "";
      if (!told.test(why)) throw new Error(why || "nobody hears it");
    });
}
