// What sites write and measure, at home and at the platform that keeps it for good.
import { same } from "../clouds.mjs";

/** @param {import("../gate.mjs").Gate} gate @param {import("./world.mjs").World} world */
export async function arrival(gate, world) {
  const { sites } = world;
  await gate.checked(
    "home, what keeps all for good, and two sites start with the files that are rendered",
    async () => {
      world.startSink();
      world.startHome();
      for (const site of sites) {
        world.say(site, ["chd:init +:/suite/task", "svr:ECF_PASS=GhT6tyhU started"]);
        world.startExporters(site);
        world.startCollector(site);
        world.startAgent(site);
      }
      await world.until(() => world.series("up").length > 0, 40);
    },
  );
  for (const at of sites)
    await gate.checked(
      `a line and a sample of ${at.site} arrive at home and there, with site, tenancy, environment and host`,
      async () => {
        const labels = { site: at.site, tenancy: "production", environment: "production", host: at.server.host.id };
        for (const where of /** @type {const} */ (["home", "sink"])) {
          await world.until(() => world.lines(`{site="${at.site}"} "chd:init"`, where).length > 0, 40);
          const [line] = world.lines(`{site="${at.site}"} "chd:init"`, where);
          same(pick(line, Object.keys(labels)), labels);
          const query = `node_memory_MemTotal_bytes{site="${at.site}",host="${at.server.host.id}"}`;
          await world.until(() => world.series(query, where).length > 0, 40);
          same(pick(world.series(query, where)[0]?.metric, Object.keys(labels)), labels);
        }
      },
    );
  await gate.checked("a journal too, what was written before a boot, with its unit and how bad it is", async () => {
    for (const { site, server } of sites) {
      const query = `{site="${site}",unit="thing.service"} "before the boot"`;
      await world.until(() => world.lines(query).length === 1, 40);
      same(pick(world.lines(query)[0], ["host", "program", "severity_text"]), {
        host: server.host.id,
        program: "thing",
        severity_text: "WARN",
      });
    }
  });
  await gate.checked("what pods bring is told by the host of its collector, with where that is", async () => {
    const [at] = sites;
    if (!at) throw new Error("no site");
    const { site, collector } = at;
    same(world.bring(collector, "k8s.job.failed_pods", { namespace: "modules", workload: "modules" }), 200);
    const query = `k8s_job_failed_pods{site="${site}",workload="modules"}`;
    await world.until(() => world.series(query).length === 1, 40);
    const labels = { site, tenancy: "production", host: collector.host.id, namespace: "modules" };
    same(pick(world.series(query)[0]?.metric, Object.keys(labels)), labels);
  });
  await gate.checked("what is secret in a line is not in it any more", async () => {
    for (const { site } of sites) {
      await world.until(() => world.lines(`{site="${site}"} "Authorization"`).length === 1, 20);
      same(world.lines(`{site="${site}"} "Authorization"`)[0]?._msg, "Authorization: Bearer ***");
      same(world.lines(`{site="${site}"} "svr:ECF_PASS"`)[0]?._msg, "svr:ECF_PASS=*** started");
    }
  });
}

/** @param {Record<string, string> | undefined} of @param {readonly string[]} keys */
const pick = (of, keys) => Object.fromEntries(keys.map((key) => [key, of?.[key]]));
