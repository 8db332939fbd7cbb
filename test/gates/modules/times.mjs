// How long what is no building takes, and how often it logs in, beside one bare login of the same kind.
import { join } from "node:path";
import { same } from "../clouds.mjs";

/** @typedef {import("../gate.mjs").Gate} Gate */
/** @typedef {import("./world.mjs").World} World */

/** @param {Gate} gate @param {World} world */
export function times(gate, world) {
  const [, young = ""] = world.installations;
  const order = join(world.bridge.world, "modules", "lumi-production");
  const ssh = ["ssh", "-F", join(order, "ssh_config"), "-o", "ControlPath=none", "lumi", "true"];
  const program = ["python3", join(world.bridge.checkout, "hpc", "program"), "--order", order];

  /** Seconds of the median of some, and logins of each. @param {number} often @param {readonly string[]} words */
  const took = (often, words) => {
    const [before, all] = [world.logins(), Array.from({ length: often }, () => timed(words))];
    const seconds = [...all].sort((a, b) => a - b)[Math.floor(often / 2)] ?? 0;
    return { seconds, logins: (world.logins() - before) / often };
  };
  const timed = (/** @type {readonly string[]} */ words) => {
    const begun = Date.now();
    const { code, out } = world.lumi.hpc(["outside", "stranger", ...words]);
    if (code !== 0) throw new Error(out);
    return (Date.now() - begun) / 1000;
  };

  gate.check("a look that finds nothing to do, a rollback and a publication are a few logins' time", () => {
    world.deployed("--only", young);
    const bare = took(5, ssh);
    const told = {
      "a bare login": bare,
      "nothing to do": took(5, [...program, "deploy", "--only", young]),
      rollback: took(1, [...program, "rollback", young]),
    };
    const { out } = world.deploy("--only", young, "--again");
    const spent = [...out.matchAll(/ (\w+) done \(([\d.]+) s\)/g)].filter(([, stage]) => stage !== "build");
    for (const [what, { seconds, logins }] of Object.entries(told))
      console.log(
        `  ${what.padEnd(14)} ${seconds.toFixed(2)} s · ${(seconds / bare.seconds).toFixed(1)} × · ${logins} logins`,
      );
    const sum = spent.reduce((all, [, , seconds]) => all + Number(seconds), 0);
    console.log(
      `  a deployment beyond its build ${sum.toFixed(1)} s: ${spent.map(([, stage, seconds]) => `${stage} ${seconds}`).join(", ")}`,
    );
    same([told["nothing to do"].logins, told.rollback.logins], [1, 1]);
  });
}
