// From what happens at a site to whoever is rung for it: a server that is halted, a milestone that is late, a file system that is full, a
// certificate that nobody renewed, a site that is cut off. Waits of minutes are seconds; exporters of ecFlow and of one host are played.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { altered } from "../alerts/alertmanager.mjs";
import { same } from "../clouds.mjs";
import { alertmanager } from "../promtool.mjs";

const played = fileURLToPath(new URL("played.py", import.meta.url));
const sink = "10.99.0.1:9000";

/** @param {import("../gate.mjs").Gate} gate @param {import("./world.mjs").World} world */
export async function ringing(gate, world) {
  const [lumi] = world.sites;
  if (!lumi) return;
  const file = (/** @type {string} */ name) => join(world.folder, name);
  const told = file("told");
  /** @returns {{ receiver: string, alerts: Record<string, string>[] }[]} */
  const notifications = () =>
    existsSync(told)
      ? readFileSync(told, "utf8")
          .split("\n")
          .flatMap((line) => (line === "" ? [] : [JSON.parse(line)]))
      : [];
  const proxy = lumi.collector.place.hosts.find(({ roles }) => roles.includes("proxy"));
  if (!proxy) throw new Error("no proxy");

  /** What the server of ecFlow shows. @param {{ halted?: number, milestone?: number }} is */
  const server = ({ halted = 0, milestone = Date.now() / 1000 }) => {
    const milestones = ["inputs-arrived", "forecast-complete", "products-archived"].map(
      (name) =>
        `ecflow_milestone_timestamp_seconds{server="prod",milestone="${name}"} ${name === "forecast-complete" ? milestone : Date.now() / 1000}`,
    );
    writeFileSync(
      file("ecflow"),
      `ecflow_up{server="prod"} 1\necflow_server_state{server="prod",state="HALTED"} ${halted}\necflow_server_state{server="prod",state="RUNNING"} ${1 - halted}\n${milestones.join("\n")}\n`,
    );
  };
  /** What a host shows of its file system. @param {number} left of a hundred */
  const host = (left) => {
    const of = '{device="/dev/vdb",fstype="xfs",mountpoint="/srv/cache"}';
    writeFileSync(file("host"), `node_filesystem_avail_bytes${of} ${left}\nnode_filesystem_size_bytes${of} 100\n`);
  };

  await gate.checked("Alertmanager is there, and nothing rings that has no reason", async () => {
    server({});
    host(50);
    world.address("add", proxy.address);
    world.start("ecflow", "python3", played, `${lumi.server.host.address}:9810`, file("ecflow"));
    world.start("host", "python3", played, `${proxy.address}:9100`, file("host"));
    world.start("told", "python3", played, "--sink", sink, told);
    const rendered = readFileSync(join(world.rootOf(world.home.host.id), "etc/prometheus/alertmanager.yml"), "utf8");
    const folder = file("alertmanager");
    mkdirSync(folder);
    const config = altered(rendered, quick);
    writeFileSync(join(folder, "alertmanager.yml"), config);
    const [program = "", ...before] = alertmanager();
    const words = [`--config.file=${folder}/alertmanager.yml`, `--storage.path=${folder}`, "--cluster.listen-address="];
    world.start("alertmanager", program, ...before, ...words, `--web.listen-address=${world.home.host.address}:9093`);
    await world.until(() => notifications().length > 0, 60);
    await sleep(5000);
    same(about("EcflowServerState").length + about("EcflowMilestone").length + about("SiteSilent").length, 0);
  });

  /** Notifications that have an alert of lumi in them. @param {string} name @param {Record<string, string>} [more] @param {number} [from] */
  function about(name, more = {}, from = 0) {
    return notifications()
      .slice(from)
      .filter(({ alerts }) =>
        alerts.some(
          (labels) =>
            labels.alertname === name &&
            labels.site === "lumi" &&
            labels.tenancy === "production" &&
            Object.entries(more).every(([key, value]) => labels[key] === value),
        ),
      );
  }

  /** @param {string} name @param {Record<string, string>} more @param {readonly string[]} receivers */
  async function rings(name, more, receivers) {
    await world.until(() => about(name, more).length > 0, 90);
    await sleep(5000);
    same(
      about(name, more).map(({ receiver }) => receiver),
      receivers,
    );
  }

  const owner = lumi.collector.place.tenancy.owner;
  const onCall = `${owner}-on-call`;
  await gate.checked("a server that is halted rings whoever is on call, once", async () => {
    server({ halted: 1 });
    await rings("EcflowServerState", { state: "HALTED" }, [onCall]);
  });
  await gate.checked("so does a milestone of today that was not reached, by its name", async () => {
    server({ milestone: Date.now() / 1000 - 3 * 86400 });
    await rings("EcflowMilestone", { milestone: "forecast-complete", severity: "critical" }, [onCall]);
    same(about("EcflowMilestone", { milestone: "inputs-arrived" }).length, 0);
  });
  await gate.checked(
    "a file system rings its owner as it fills, and whoever is on call once it is nearly full",
    async () => {
      host(10);
      await rings("PlatformFilesystemFreeRatio", { mountpoint: "/srv/cache", severity: "warning" }, [owner]);
      host(2);
      await rings("PlatformFilesystemFreeRatio", { mountpoint: "/srv/cache", severity: "critical" }, [onCall]);
    },
  );
  await gate.checked("a certificate that is shown, and ends tomorrow, rings", async () => {
    const names = world.namesAt(lumi.collector);
    world.authority.issue(
      dirname(join(world.rootOf(lumi.collector.host.id), "etc/platform/tls/collector/tls.crt")),
      names,
      1,
    );
    await rings("ShownCertificateExpiry", { service: "logs", severity: "critical" }, [onCall]);
  });
  await gate.checked("a site that is cut off rings once, and nothing else of it does", async () => {
    await world.stop("lumi-collector");
    await world.until(() => about("SiteSilent").length > 0, 90);
    // What was on its way then has come.
    await sleep(5000);
    const from = notifications().length;
    await sleep(20_000);
    same(
      about("SiteSilent").map(({ receiver }) => receiver),
      [onCall],
    );
    const others = notifications()
      .slice(from)
      .flatMap(({ alerts }) =>
        alerts
          .filter(({ site, tenancy }) => site === "lumi" && tenancy === "production")
          .map(({ alertname }) => alertname),
      );
    same(others, []);
  });
}

/** Receivers are paths of the sink, and minutes are seconds. @param {{ global?: object, route: any, receivers: { name: string }[] }} config */
function quick(config) {
  delete config.global;
  const all = (/** @type {any} */ route) => {
    if (route.group_wait) Object.assign(route, { group_wait: "1s", group_interval: "2s" });
    for (const each of route.routes ?? []) all(each);
  };
  all(config.route);
  for (const receiver of config.receivers) {
    for (const key of Object.keys(receiver)) if (key !== "name") delete (/** @type {any} */ (receiver)[key]);
    Object.assign(receiver, { webhook_configs: [{ url: `http://${sink}/${receiver.name.replaceAll(" ", "-")}` }] });
  }
}
