// Who may deliver to home, and as whom.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { same } from "../clouds.mjs";
import { Authority } from "./authority.mjs";

/** @param {import("../gate.mjs").Gate} gate @param {import("./world.mjs").World} world */
export async function door(gate, world) {
  const [lumi, leonardo] = world.sites;
  if (!lumi || !leonardo) return;
  const mine = join(world.rootOf(lumi.collector.host.id), "etc/platform/tls/collector");
  /**
   * The answer of the door to a line: a status of HTTP, or that of curl where TLS is refused.
   * Who is refused while it still sends may find its stream cancelled (92) or its connection gone (55) before it has read why, as one
   * in twenty does; a collector then tries again, and so does this.
   * @param {string} line @param {string | undefined} certificate its folder @param {string} [place] where it says to be
   */
  const answer = (line, certificate, place) => {
    const log = { timeUnixNano: `${Date.now()}000000`, body: { stringValue: line } };
    const claims = [{ key: "site", value: { stringValue: "leonardo" } }];
    const body = JSON.stringify({
      resourceLogs: [{ resource: { attributes: claims }, scopeLogs: [{ logRecords: [log] }] }],
    });
    const by =
      certificate === undefined ? [] : ["--cert", join(certificate, "tls.crt"), "--key", join(certificate, "tls.key")];
    const says = place === undefined ? [] : ["-H", `x-databridge-place: ${place}`];
    const words = [
      "-sSm",
      "10",
      "-o",
      "/dev/null",
      "-w",
      "%{http_code}",
      "--cacert",
      world.authority.root,
      ...by,
      ...says,
    ];
    const url = `https://${world.telemetry}:4318/v1/logs`;
    const inside = [
      "netns",
      "exec",
      "gate-telemetry",
      "curl",
      ...words,
      "-H",
      "content-type: application/json",
      "-d",
      body,
      url,
    ];
    for (let left = 9; ; left -= 1) {
      const { status, stdout } = spawnSync("ip", inside, { encoding: "utf8" });
      if (left === 0 || (status !== 55 && status !== 92)) return Number(stdout) || `curl ${status}`;
    }
  };
  gate.check("who shows no certificate, one of another authority, or one that has ended, is not let in", () => {
    const at = (/** @type {string} */ name) => join(world.folder, "strangers", name);
    const { dns } = lumi.collector.host;
    new Authority(join(world.folder, "another")).issue(at("another"), [dns]);
    world.authority.issue(at("ended"), [dns], -1);
    same(
      [answer("stranger", undefined), answer("stranger", at("another")), answer("stranger", at("ended"))],
      ["curl 56", "curl 56", "curl 56"],
    );
  });
  gate.check("a host that is no collector is refused, and a collector that says to be elsewhere", () => {
    const host = join(world.folder, "strangers", "host");
    world.authority.issue(host, [lumi.server.host.dns]);
    same(answer("stranger", host), 403);
    same(answer("stranger", mine, "leonardo/production/production"), 403);
    same(answer("stranger", mine, "lumi/production/production"), 200);
  });
  await gate.checked(
    "what says in itself to be from elsewhere is written as from where its certificate is",
    async () => {
      same(answer("pretender", mine), 200);
      await world.until(() => world.lines('{site="lumi"} "pretender"').length === 1, 20);
      same(world.lines('{site="leonardo"} "pretender"').length, 0);
    },
  );
}
