// Tasks that run on the host of their server, as its account.
import { same } from "../clouds.mjs";
import { beginBeside } from "./suite.mjs";

const go = "/srv/home/ecf/go";
const work = {
  stays: `ecflow_client --label=node "$(hostname) $(id -un)"\nwhile [ ! -e ${go} ]; do sleep 0.2; done\nrm "$(mktemp)"\necflow_client --event=done`,
  killed: "ecflow_client --event=done\nsleep 600 &\nwait",
};

/** @param {import("./world.mjs").World} world */
export async function beside(world) {
  const { gate, bridge, server, first } = world;
  const path = (/** @type {string} */ task) => `/beside/localhost/${task}`;
  /** @param {string} task @param {string} state @param {number} [seconds] */
  const until = (task, state, seconds = 30) => world.until(() => world.state(path(task)) === state, seconds);
  await gate.checked(
    "a task of the server's own host reports to it, goes on while it is begun anew, and reports then",
    async () => {
      beginBeside(world, "beside", work);
      // It submits once a minute.
      await until("stays", "active", 90);
      same(world.asked("--query", "label", `${path("stays")}:node`), `${first} ecflow`);
      bridge.inside(first, `systemctl restart ${server.unit}; touch ${go}`);
      await until("stays", "complete", 60);
      same(world.asked("--query", "event", `${path("stays")}:done`), "set");
    },
  );
  await gate.checked("another one is killed, and aborted", async () => {
    await until("killed", "active", 60);
    world.asked(`--kill=${path("killed")}`);
    await until("killed", "aborted");
  });
  await gate.checked(
    "one that goes on without its server ends by what the runbook says, and is failed by hand",
    async () => {
      const left = () => bridge.sandbox(["exec", first, "pgrep", "-u", "ecflow", "-f", "stays[.]job"]).code === 0;
      bridge.inside(first, `rm ${go}`);
      world.asked(`--run=${path("stays")}`);
      await until("stays", "active", 60);
      bridge.inside(first, `systemctl stop ${server.unit}`);
      same(left(), true);
      bridge.inside(first, `systemctl kill --signal=KILL --kill-whom=all ${server.unit}; sleep 1`);
      same(left(), false);
      bridge.inside(first, `systemctl start ${server.unit}`);
      same(world.state(path("stays")), "active");
      world.asked(`--force=aborted ${path("stays")}`);
      await until("stays", "aborted");
    },
  );
}
