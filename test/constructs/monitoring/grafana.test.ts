import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { filesOf } from "../../../constructs/files";
import { monitoring } from "../../../constructs/monitoring/spec";
import { saying } from "../../model/platform";
import { platform, thing } from "../../model/vault";

const { registers, problems } = platform({ runs: [saying(thing)], there: [monitoring({ readBy: [] })] });
const found = registers.places.flatMap((place) => place.hosts.map((host) => ({ place, host })));
const filesAt = (id: string) =>
  found.filter(({ host }) => host.id === id).flatMap(({ host, place }) => filesOf(host, place, registers));
const home = "south-production-monitoring";
const grafana = filesAt(home).filter(({ path }) => path.startsWith("/etc/grafana/"));
const textOf = (path: string): string => grafana.find((file) => file.path === path)?.text ?? "";

/** Sections of a file of settings. */
const settings = new Map(
  textOf("/etc/grafana/grafana.ini")
    .split(/^\[/m)
    .slice(1)
    .map((section) => {
      const [name = "", ...lines] = section.split("\n");
      const said = lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split(" = "));
      return [name.replace("]", ""), Object.fromEntries(said)] as const;
    }),
);

test("nobody gets in without a password, and it goes nowhere by itself", () => {
  expect(problems).toEqual([]);
  expect(settings.get("server")).toMatchObject({
    protocol: "https",
    http_port: "3000",
    domain: "dashboards.production.south.example.org",
  });
  expect(settings.get("auth.anonymous")).toEqual({ enabled: "false" });
  expect(settings.get("users")).toEqual({ allow_sign_up: "false" });
  expect(settings.get("security")).toMatchObject({ admin_password: "$__file{/etc/platform/grafana/admin}" });
  expect(settings.get("analytics")).toMatchObject({ reporting_enabled: "false", check_for_updates: "false" });
});

test("what it reads of secrets is brought there, to its account alone", () => {
  const brought = filesAt(home).find(({ path }) => path === "/etc/vault-agent/host.json")?.text ?? "{}";
  const { secrets, certificates } = JSON.parse(brought);
  expect(secrets).toContainEqual(expect.objectContaining({ file: "/etc/platform/grafana/admin", owner: "grafana" }));
  const { cert_file, cert_key } = settings.get("server") ?? {};
  expect(certificates).toContainEqual(expect.objectContaining({ owner: "grafana" }));
  expect(brought).toContain(JSON.stringify(cert_file));
  expect(brought).toContain(JSON.stringify(cert_key));
});

test("it asks what runs beside it, and nobody changes what is described", () => {
  const { datasources } = parse(textOf("/etc/grafana/provisioning/datasources/platform.yaml"));
  const address = found.find(({ host }) => host.id === home)?.host.address;
  expect(datasources).toMatchObject([
    { type: "prometheus", url: `http://${address}:9090`, isDefault: true, editable: false },
    { type: "alertmanager", url: `http://${address}:9093`, editable: false },
    { type: "victoriametrics-logs-datasource", url: `http://${address}:9428`, editable: false },
  ]);
  const { providers } = parse(textOf("/etc/grafana/provisioning/dashboards/platform.yaml"));
  expect(providers).toMatchObject([{ allowUiUpdates: false, options: { path: "/etc/grafana/dashboards" } }]);
});

test("dashboards lie where it looks, each by its name, at home alone", () => {
  const dashboards = grafana.filter(({ path }) => path.startsWith("/etc/grafana/dashboards/"));
  expect(dashboards.length).toBeGreaterThan(1);
  for (const { path, text, restarts } of dashboards) {
    expect([path, restarts]).toEqual([
      `/etc/grafana/dashboards/${JSON.parse(text).uid.replace("databridge-", "")}.json`,
      undefined,
    ]);
  }
  expect(filesAt("north-production-thing-1").filter(({ path }) => path.includes("grafana"))).toEqual([]);
});

test("Ansible has its unit take what a restart is said of, and wait for what it needs", () => {
  const tasks = parse(
    readFileSync(join(__dirname, "../../../ansible/roles/monitoring/tasks/grafana.yml"), "utf8"),
  ) as readonly {
    readonly platform_unit?: { readonly name: string; readonly files: string[]; readonly needs: string[] };
  }[];
  const [unit] = tasks.flatMap(({ platform_unit }) => platform_unit ?? []);
  const restarting = grafana.filter(({ restarts }) => restarts === unit?.name).map(({ path }) => path);
  expect(restarting).toHaveLength(3);
  expect([...(unit?.files ?? [])].sort()).toEqual(restarting.sort());
  const { cert_file, cert_key } = settings.get("server") ?? {};
  expect(unit?.needs).toEqual([cert_file, cert_key, "/etc/platform/grafana/admin"]);
});
