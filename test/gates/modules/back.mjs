// The way back, and what is found of what has changed by itself.
import { same } from "../clouds.mjs";

/** @typedef {import("../gate.mjs").Gate} Gate */
/** @typedef {import("./world.mjs").World} World */

/** Reads through `current` as fast as it can, and counts when it was not there. @param {string} folder */
const reader = (folder) =>
  `cd /tmp; rm -f reader.*; setsid bash -c 'n=0; m=0; while [ ! -e reader.stop ]; do n=$((n+1)); [ -e ${folder}/current/modules/all ] || m=$((m+1)); done; echo $n $m > reader.out' >/dev/null 2>&1 &`;

/** @param {Gate} gate @param {World} world */
export function back(gate, world) {
  const [, young = ""] = world.installations;
  const folder = `${world.prefix}/${young}`;

  gate.check("rollback goes back to the release before in one line, and nobody who reads meanwhile misses it", () => {
    const left = world.current(young);
    world.lumi.inside("login", reader(folder));
    const logins = world.logins();
    const begun = Date.now();
    const { code, out } = world.modules("rollback", "--of", young);
    const seconds = (Date.now() - begun) / 1000;
    if (code !== 0) throw new Error(out);
    same(world.used(young, "module load tiles && tiles-version"), "tiles 1.1");
    console.log(`  ${seconds.toFixed(1)} s, ${world.logins() - logins} logins with the look at it`);
    const status = world.status()[young];
    same([status?.wanted === left, status?.held], [true, true]);
  });

  gate.check("what was rolled back is not published again by itself, but by somebody who says so", () => {
    const current = world.current(young);
    world.deployed("--only", young);
    same(world.current(young), current);
    world.deployed("--only", young, "--again");
    same(world.used(young, "module load tiles && tiles-version"), "tiles 1.2");
    world.lumi.inside(
      "login",
      "touch /tmp/reader.stop; for i in $(seq 50); do [ -s /tmp/reader.out ] && break; sleep 0.1; done",
    );
    const [reads = 0, missed = -1] = world.lumi.inside("login", "cat /tmp/reader.out").trim().split(" ").map(Number);
    same([reads > 10_000, missed], [true, 0]);
    console.log(`  read ${reads} times meanwhile`);
  });

  gate.check("a module that is gone is found, and told until it is there again", () => {
    const file = `${folder}/current/modules/all/tiles/1.2.lua`;
    world.lumi.inside("login", `mv ${file} /tmp/tiles.lua`);
    const { code, out } = world.modules("status");
    same([code, /DRIFT .*tiles/.test(out)], [1, true]);
    world.lumi.inside("login", `cp -p /tmp/tiles.lua ${file}`);
    same(world.modules("status").code, 0);
  });
}
