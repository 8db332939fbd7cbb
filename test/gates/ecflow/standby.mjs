// A standby of a server of ecFlow: it follows, and is promoted.
import { same } from "../clouds.mjs";
import { suitesOf } from "./life.mjs";

/** @param {import("./world.mjs").World} world */
export async function standby(world) {
  const { gate, bridge, server, first, second } = world;
  await gate.checked("the standby asks for all that it knows, and takes over when it is promoted", async () => {
    const before = suitesOf(world);
    bridge.inside(second, `systemctl start ${server.role}-follow`);
    bridge.edit("sites/lumi.ts", /standby: true/, 'standby: "promoted"');
    bridge.configured();
    same([server.shown(first, "LoadState"), server.status(second).status], ["not-found", "RUNNING"]);
    same(suitesOf(world, second), before);
    await world.until(() => world.told(world.client("operators"), "--ping") === "", 20, second);
    bridge.inside(first, `systemctl start ${server.role}-follow; test -s /srv/home/state/followed.check`);
  });
}
