// Tasks that run on the host of their server, as its account.
import { same } from "../clouds.mjs";
import { beginBeside } from "./suite.mjs";

const go = "/srv/home/ecf/go";
const work = {
  stays: `ecflow_client --label=node "$(hostname) $(id -un)"\nwhile [ ! -e ${go} ]; do sleep 0.2; done\necflow_client --event=done`,
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
}
