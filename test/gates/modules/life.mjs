// What becomes of software that is described: it is looked for, built, tested, published, and then left alone.
import { same } from "../clouds.mjs";

/** @typedef {import("../gate.mjs").Gate} Gate */
/** @typedef {import("./world.mjs").World} World */

/** @param {Gate} gate @param {World} world */
export function life(gate, world) {
  const [old = "", young = ""] = world.installations;

  gate.check(
    "before anything is there, the site is looked at, and a dry run says what it would do and does nothing",
    () => {
      const { code, out } = world.modules("preflight");
      same([code, /partition standard/.test(out), /account project_465000001/.test(out)], [0, true, true]);
      const rows = out.split("\n").filter((line) => /^[✓✗?] /.test(line));
      same(rows.length, new Set(rows).size);
      const dry = world.deploy("--dry-run");
      same([dry.code, /sbatch|troika/.test(dry.out)], [0, true]);
      same(world.lumi.inside("login", `find ${world.prefix} 2>/dev/null | wc -l`).trim(), "0");
    },
  );

  gate.check("software is built from source, tested on its partition, and published, two cycles side by side", () => {
    const out = world.deployed();
    for (const stage of ["sources", "tools", "stage", "build", "sanity", "test", "publish", "unlock"])
      if (!new RegExp(`${old} +${stage} done`).test(out)) throw new Error(`no ${stage}: ${out}`);
    const status = world.status();
    same(
      world.installations.map((each) => [
        status[each]?.current === status[each]?.wanted,
        status[each]?.test?.passed,
        status[each]?.drift,
      ]),
      [
        [true, true, []],
        [true, true, []],
      ],
    );
  });

  gate.check("users load each from its cycle, and what it needs", () => {
    const lines = world.used(old, "module load tiles hello && tiles-version && hello && module -t list").split("\n");
    same(lines.slice(0, 2), ["tiles 1.0", "Hello, world!"]);
    same(world.used(young, "module load tiles && tiles-version"), "tiles 1.1");
  });

  gate.check("its tests ran as jobs on the partition that it is for, by the project's account", () => {
    const jobs = world.lumi
      .inside("login", "sacct -aXn -o jobname%60,partition,account%30,state,elapsedraw --parsable2")
      .split("\n");
    const of = (/** @type {string} */ kind) =>
      jobs.filter((line) => line.includes(`-${kind}|`)).map((line) => line.split("|").slice(1, 4).join(" "));
    same([...new Set(of("build"))], ["small project_465000001 COMPLETED"]);
    same([...new Set(of("test"))], ["standard project_465000001 COMPLETED"]);
  });

  gate.check("the same description once more: nothing to do, by one login", () => {
    const before = world.logins();
    const begun = Date.now();
    const out = world.deployed();
    const seconds = (Date.now() - begun) / 1000;
    same(/build|publish/.test(out), false);
    same(world.logins() - before, 1);
    console.log(`  ${seconds.toFixed(1)} s, one login`);
  });
}
