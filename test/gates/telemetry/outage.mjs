// Home is cut off while sites go on. One of them loses its collector and an agent meanwhile, by force; the other has too small a disk.
import { setTimeout as sleep } from "node:timers/promises";
import { same } from "../clouds.mjs";

/**
 * @param {import("../gate.mjs").Gate} gate @param {import("./world.mjs").World} world
 * @param {number} seconds for which home is away
 */
export async function outage(gate, world, seconds) {
  const [lumi, leonardo] = world.sites;
  if (!lumi || !leonardo) return;
  const { address } = world.home.host;
  const each = { lumi: 200, leonardo: 1500 };
  const said = { lumi: 0, leonardo: 0 };
  const begun = Date.now() / 1000;
  await gate.checked(`home is cut off for ${seconds} s, and sites go on`, async () => {
    world.address("del", address);
    for (let second = 0; second < seconds; second++) {
      for (const at of [lumi, leonardo]) {
        const site = /** @type {"lumi" | "leonardo"} */ (at.site);
        const lines = Array.from({ length: each[site] }, () => `load ${site} ${said[site]++} ${"x".repeat(100)}`);
        world.say(at, lines);
      }
      if (second === Math.floor(seconds / 3)) {
        await world.stop("lumi-collector", "SIGKILL");
        world.startCollector(lumi);
      }
      if (second === Math.floor((seconds * 2) / 3)) {
        await world.stop("lumi-agent", "SIGKILL");
        world.startAgent(lumi);
      }
      await sleep(1000);
    }
  });
  gate.check("the collector with the small queue has no more room, and counts what it refuses", () => {
    const refused = "otelcol_exporter_enqueue_failed_log_records_total";
    const metrics = world.inside("curl", "-sSm", "10", `http://${leonardo.collector.host.address}:8888/metrics`);
    const [, count = "0"] = new RegExp(`^${refused}\\S* (\\d+)`, "m").exec(metrics) ?? [];
    same(Number(count) > 0, true);
  });
  world.address("add", address);
  const back = Date.now();
  /** @param {string} site lines of the load that home has, each once */
  function count(site) {
    const [found] = world.lines(`{site="${site}"} "load ${site}" | stats count_uniq(_msg) as lines`);
    return Number(found?.lines ?? 0);
  }
  for (const site of /** @type {const} */ (["lumi", "leonardo"]))
    await gate.checked(
      `once it is back, every line of ${site} arrives${site === "lumi" ? ", though its collector and its agent were killed" : ": what found no room stayed in its file"}`,
      async () => {
        await world.until(() => count(site) === said[site], 120);
        const [all] = world.lines(`{site="${site}"} "load ${site}" | stats count() as lines`);
        const more = Number(all?.lines) - said[site];
        console.log(
          `  ${site}: ${said[site]} lines said, ${count(site)} arrived, ${more} of them twice, ${Math.round((Date.now() - back) / 1000)} s after it was back`,
        );
      },
    );
  await gate.checked("samples of the time between are there, as often as they were taken", async () => {
    const all = `count_over_time(node_memory_MemTotal_bytes{host="${lumi.server.host.id}"}[${Math.ceil(Date.now() / 1000 - begun)}s])`;
    const wanted = (Date.now() / 1000 - begun) / 2;
    // While its collector was killed, nobody took any.
    await world.until(() => Number(world.series(all)[0]?.value[1] ?? 0) >= wanted - 8, 60);
    console.log(`  ${world.series(all)[0]?.value[1]} samples, one every two seconds would be ${Math.round(wanted)}`);
  });
}
