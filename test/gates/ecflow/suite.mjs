// A suite with the same tasks on each supercomputer, or beside its server, and its jobs there.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { same } from "../clouds.mjs";

/** @typedef {import("./world.mjs").World} World */
/** @typedef {import("../hpc/supercomputer.mjs").Supercomputer} Supercomputer */

/** What tasks do, by name; they may wait for `~/go`. @typedef {Readonly<Record<string, string>>} Work */

/** Of ecFlow's language. @param {string} name @param {Readonly<Record<string, Readonly<Record<string, string>>>>} variables by supercomputer @param {Work} work */
const definition = (name, variables, work) => {
  const families = Object.entries(variables).flatMap(([at, edits]) => [
    ` family ${at}`,
    ...Object.entries(edits).map(([key, value]) => `  edit ${key} '${value}'`),
    ...Object.keys(work).flatMap((task) => [
      `  task ${task}`,
      "   event done",
      "   meter step 0 10",
      '   label node ""',
    ]),
    " endfamily",
  ]);
  // As most suites say where output lies: whoever runs elsewhere says otherwise.
  return [
    `suite ${name}`,
    " edit ECF_TRIES 1",
    " edit ECF_OUT '/scratch/of-another'",
    ...families,
    "endsuite",
    "",
  ].join("\n");
};

/** A script as a suite has it. @param {string} does @param {Readonly<Record<string, string>>} directives */
const script = (does, directives) =>
  [
    "%include <head.h>",
    ...Object.entries(directives).map(([key, value]) => `# troika ${key}=${value}`),
    does,
    "%include <tail.h>",
    "",
  ].join("\n");

/**
 * Lays down a suite, has it loaded, and begun.
 * @param {World} world @param {string} name @param {Work} work
 * @param {Readonly<Record<string, Readonly<Record<string, string>>>>} directives by where its tasks run
 */
function lay(world, name, work, directives) {
  const { gate, bridge, first } = world;
  /** @type {Record<string, Record<string, string>>} what suites say, by where tasks run */
  const known = JSON.parse(bridge.inside(first, "cat /etc/platform/hpc/suites.json"));
  const variables = Object.fromEntries(
    Object.keys(directives).map((at) => [at, { ...known[at], ECF_FILES: `/srv/home/ecf/files/${name}/${at}` }]),
  );
  for (const [at, { ECF_FILES: folder }] of Object.entries(variables))
    for (const [task, does] of Object.entries(work)) {
      const write = `mkdir -p ${folder}; cat > ${folder}/${task}.ecf; chown -R ecflow /srv/home/ecf/files`;
      const { code, out } = bridge.sandbox(["exec", first, "sh", "-c", write], script(does, directives[at] ?? {}));
      same([code, out], [0, ""]);
    }
  const file = join(gate.folder, `${name}.def`);
  writeFileSync(file, definition(name, variables, work));
  const operators = world.client("operators");
  for (const words of [[`--load=${file}`], [`--begin=${name}`]]) same(world.told(operators, ...words), "");
}

/** The same tasks on each supercomputer. @param {World} world @param {string} name @param {Work} work @returns {Jobs[]} those at each */
export function begin(world, name, work) {
  const { bridge, supercomputers } = world;
  const asks = ["--cpu-nodes", "1", "--walltime", "10min", "--json"];
  /** @type {{ name: string, directives: Record<string, string> }[]} */
  const asked = JSON.parse(bridge.databridge("job", ...supercomputers.map(({ name: at }) => at), ...asks).stdout);
  lay(world, name, work, Object.fromEntries(asked.map(({ name: at, directives }) => [at, directives])));
  return supercomputers.map((each) => new Jobs(world, each, name));
}

/** Tasks of the server's own host. @param {World} world @param {string} name @param {Work} work */
export const beginBeside = (world, name, work) => lay(world, name, work, { localhost: {} });

export class Jobs {
  /** @param {World} world @param {Supercomputer} supercomputer @param {string} suite */
  constructor(world, supercomputer, suite) {
    this.world = world;
    this.supercomputer = supercomputer;
    this.suite = suite;
  }

  /** @param {string} task */
  path(task) {
    return `/${this.suite}/${this.supercomputer.name}/${task}`;
  }

  /** @param {string} task */
  state(task) {
    return this.world.state(this.path(task));
  }

  /** @param {string} task @param {string} state @param {number} [seconds] */
  until(task, state, seconds = 30) {
    return this.world.until(() => this.state(task) === state, seconds);
  }

  /** What Slurm says of the last job of a task, by its name. @param {string} task @returns {string} */
  slurm(task) {
    const of = `-u ${this.supercomputer.user} --name=${task}`;
    const words = `s=$(squeue -ho %T ${of}); echo "\${s:-$(sacct -nXP -S now-1days ${of} -o state | tail -n 1)}"`;
    return this.supercomputer.inside("management", words);
  }

  /** @param {string} task @param {RegExp} state @param {number} [seconds] */
  untilSlurm(task, state, seconds = 30) {
    return this.world.until(() => state.test(this.slurm(task)), seconds);
  }

  /** Has tasks wait that look for it. */
  hold() {
    this.supercomputer.inside("management", `rm -f ~${this.supercomputer.user}/go`);
  }

  /** Lets them go on. */
  release() {
    this.supercomputer.inside("management", `touch ~${this.supercomputer.user}/go`);
  }
}
