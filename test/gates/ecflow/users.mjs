// Who may do what at a server of ecFlow, over TLS and from where.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { same } from "../clouds.mjs";

/** Jobs run elsewhere: what is submitted is laid down for whoever plays a supercomputer. */
const suite = `suite prepifs
 edit ECF_JOB_CMD 'cp %ECF_JOB% /srv/home/ecf/job'
 edit ECF_FILES /srv/home/ecf/files
 edit ECF_INCLUDE /srv/home/ecf/files
 task t
  event done
endsuite
suite other
 task t
endsuite
`;

/** @param {import("./world.mjs").World} world */
export function users(world) {
  const { gate, bridge, server, first, second } = world;
  gate.check("over TLS, from a front end: who may write can, who may not cannot, a stranger cannot ping", () => {
    const file = join(gate.folder, "suite.def");
    writeFileSync(file, suite);
    const [operators, prepifs, probe] = ["operators", "prepifs", "probe"].map((name) => world.client(name));
    if (!operators || !prepifs || !probe) throw new Error("nobody");
    same(world.told(operators, `--load=${file}`), "");
    same([world.told(prepifs, "--ping"), world.told(prepifs, "--suspend=/prepifs")], ["", ""]);
    same([world.told(probe, "--ping"), world.told(probe, "--get_state=/other")], ["", ""]);
    for (const [what, words] of /** @type {const} */ ([
      ["another's suite", world.told(prepifs, "--suspend=/other")],
      ["of who reads", world.told(probe, "--suspend=/prepifs")],
      ["of who reads, the server", world.told(probe, "--halt=yes")],
      ["by a stranger", world.told(world.client("stranger", { password: "guessed" }), "--ping")],
      ["without a password", world.told(world.client("nexhub"), "--ping")],
      ["by a wrong password", world.told(world.client("operators", { password: "guessed" }), "--ping")],
      ["as the server's own account", world.told(world.client("ecflow", { password: "guessed" }), "--halt=yes")],
    ]))
      if (!/authentication failed|not allowed|no \*write\* access/.test(words)) throw new Error(`${what}: ${words}`);
    const other = world.another().root;
    for (const wrong of [world.client("operators", { tls: false }), world.client("operators", { trusts: other })])
      same(world.told(wrong, "--ping") === "", false);
    same(bridge.outside("stranger", ...operators.words("--ping")).code === 0, false);
  });
  gate.check("another password is taken without a restart, and the last one is refused", () => {
    const before = server.shown(first, "MainPID");
    const last = world.client("prepifs");
    server.passwords.set("prepifs", "anotherPassword");
    server.passwords.set("ecflow", "anotherOfTheServer");
    for (const host of [first, second].filter((each) => bridge.names.includes(each))) server.bringPasswords(host);
    bridge.inside(first, `systemctl reload ${server.unit}`);
    same([world.told(world.client("prepifs"), "--ping"), world.told(last, "--ping") === ""], ["", false]);
    same(server.shown(first, "MainPID"), before);
  });
}
