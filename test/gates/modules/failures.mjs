// What goes wrong leaves what is published, and says where it went wrong.
import { same } from "../clouds.mjs";

/** @typedef {import("../gate.mjs").Gate} Gate */
/** @typedef {import("./world.mjs").World} World */

/** @param {Gate} gate @param {World} world */
export function failures(gate, world) {
  const [, young = ""] = world.installations;
  const before = () => world.current(young);

  gate.check("a source that is not what somebody has looked at is refused, and nothing is built of it", () => {
    const current = before();
    world.change('"tiles": "1.1"', '"tiles": "1.2"');
    world.look({ "tiles-1.2": "0".repeat(64) });
    const { code, out } = world.deploy("--only", young);
    same([code, /tiles-1\.2\.tar\.gz/.test(out), /checksum|sha256/i.test(out)], [1, true, true]);
    same([before(), world.status()[young]?.lease], [current, null]);
  });

  gate.check("a release whose tests fail is not published; what is current stays, and users notice nothing", () => {
    const current = before();
    world.look();
    world.change(/"run": "tiles-version",\s*"finds": "\{version\}"/, '"run": "tiles-version", "finds": "9.9"');
    const { code, out } = world.deploy("--only", young);
    same([code, /the test has failed/.test(out), /pattern '9/.test(out)], [1, true, true]);
    same([before(), world.used(young, "module load tiles && tiles-version")], [current, "tiles 1.1"]);
    const row = world.status()[young];
    same([row?.test?.passed, row?.failed.test], [true, 1]);
  });

  gate.check("mended, it is published", () => {
    world.change('"finds": "9.9"', '"finds": "{version}"');
    world.deployed("--only", young);
    same(world.used(young, "module load tiles && tiles-version"), "tiles 1.2");
  });
}
