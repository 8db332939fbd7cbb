import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { EcflowOptions } from "../../../constructs/ecflow/spec";
import { filesOf } from "../../../constructs/files";
import { backups, bastion, ecflow, proxy } from "../../../constructs/specs";
import { days } from "../../../model/vocabulary";
import { learned, north, south, tenancy } from "../../model/platform";

const described = (
  standby: boolean | "promoted",
  copies?: EcflowOptions["copies"],
  milestones: EcflowOptions["milestones"] = {},
) => {
  const options = { standby, starts: "halted", milestones, ...(copies ? { copies } : {}) } as const;
  const runs = [bastion(), proxy(), ecflow("prod", options)];
  const taken = tenancy({ network: { cidr: "10.36.0.0/20" }, runs: [bastion(), proxy(), backups()] });
  const { registers } = learned([north({ production: tenancy({ runs }) }), south({ production: taken })]);
  return (name: string) => {
    const place = registers.places[0];
    const host = place?.hosts.find((each) => each.name === name);
    return (place && host ? filesOf(host, place, registers) : []).filter(
      ({ role }) => role === "ecflow" || role === "copies",
    );
  };
};
const addressOf = (name: string) => (name === first ? "10.20.4.60" : "10.20.4.61");
const [first, second] = ["ecflow-prod", "ecflow-prod-standby"];
const unitsOf = (files: ReturnType<ReturnType<typeof described>>) =>
  files.flatMap(({ path }) => /^\/etc\/systemd\/system\/(.*)$/.exec(path)?.[1] ?? []).sort();
const runs = [
  "ecflow-prod-exporter.service",
  "ecflow-prod-keep.service",
  "ecflow-prod-keep.timer",
  "ecflow-prod.service",
];
const follows = ["ecflow-prod-follow.service", "ecflow-prod-follow.timer"];

test("one runs, the other asks it; whoever is promoted runs, and nothing of the first keeps its unit there", () => {
  for (const [standby, active, waiting] of [
    [true, first, second],
    ["promoted", second, first],
  ] as const) {
    const files = described(standby);
    expect([unitsOf(files(active)), unitsOf(files(waiting))]).toEqual([runs, follows]);
    const told = files(waiting).flatMap(({ reloads, restarts }) => reloads ?? restarts ?? []);
    expect(told).toEqual(["ecflow-prod-follow.timer"]);
    const about = JSON.parse(files(waiting).find(({ path }) => path.endsWith("server.json"))?.text ?? "");
    expect([about.follows, about.peers]).toEqual([addressOf(active), [addressOf(active)]]);
    const other = JSON.parse(files(active).find(({ path }) => path.endsWith("server.json"))?.text ?? "");
    expect([other.follows, other.peers]).toEqual([undefined, [addressOf(waiting)]]);
  }
});

describe("copies at another site", () => {
  const copies = { at: { site: "south", tenancy: "production" }, endpoint: "object.example.org", kept: days(14) };
  const copying = ["ecflow-prod-copies.service", "ecflow-prod-copies.timer"];
  test("are brought by whoever is the server, to one folder, and by nobody who stands by", () => {
    for (const [standby, active, waiting] of [
      [true, first, second],
      ["promoted", second, first],
    ] as const) {
      const files = described(standby, copies);
      expect(unitsOf(files(active))).toEqual([...copying, ...runs]);
      expect(files(waiting).some(({ path }) => path.includes("copies"))).toBe(false);
      const unit = files(active)
        .find(({ path }) => path.endsWith(copying[0] ?? ""))
        ?.text.split("\n");
      expect(unit).toEqual(
        expect.arrayContaining([
          "User=ecflow-copies",
          "SupplementaryGroups=ecflow",
          "RequiresMountsFor=/srv/home",
          "Environment=HTTPS_PROXY=http://10.20.0.11:3128",
          "ExecStart=/usr/local/sbin/platform-copies /etc/platform/ecflow-prod-copies /srv/home/state/kept .check.gz newest copies:south-production-backups/north-production/ecflow/prod 2 14",
        ]),
      );
    }
  });
  test("are brought each hour, and a timer that is gone is stopped", () => {
    const timer = described(true, copies)(first).find(({ path }) => path.endsWith("copies.timer"));
    expect([timer?.text.split("\n")[2], timer?.reloads]).toEqual(["OnCalendar=*:05", "ecflow-prod-copies.timer"]);
  });
  test("are what the program keeps: files that end so, in that folder", () => {
    const text = readFileSync(join(__dirname, "../../../ansible/roles/ecflow/files/platform-ecflow"), "utf8");
    expect(/^KEPT = "(.*)"$/m.exec(text)?.[1]).toBe(".check.gz");
    const about = JSON.parse(described(false)(first).find(({ path }) => path.endsWith("server.json"))?.text ?? "");
    expect(about.state).toBe("/srv/home/state");
  });
});

test("what is said of it, the program that begins and ends it is told", () => {
  const about = JSON.parse(described(false)(first).find(({ path }) => path.endsWith("server.json"))?.text ?? "");
  expect(about).toMatchObject({
    unit: "ecflow-prod.service",
    starts: "HALTED",
    lists: "/etc/platform/ecflow-prod/lists",
    names: ["ecflow-prod.production.north.example.org", "10.20.4.60"],
    passwords: { ecflow: "/etc/platform/ecflow-prod/passwords/ecflow" },
  });
  expect(about.follows).toBeUndefined();
});

describe("its exporter", () => {
  const milestones = { "forecast-complete": { node: "/dte/main/forecast", by: "06:30", what: "the forecast" } };
  const file = (name: string) => described(false, undefined, milestones)(first).find(({ path }) => path.endsWith(name));

  test("asks it as a client of its account, by the probe, and listens at the address of the host", () => {
    const { text, restarts } = file("/exporter.json") ?? {};
    expect([JSON.parse(text ?? ""), restarts]).toEqual([
      {
        listen: "10.20.4.60:9810",
        state: "/var/lib/ecflow-prod-exporter/milestones.json",
        servers: [
          {
            server: "prod",
            host: "localhost",
            port: 3141,
            user: "probe",
            passwords: "/run/ecflow-prod/passwords",
            roots: "/run/ecflow-prod/.ecflowrc/ssl/server.crt",
            check: "/srv/home/ecf/ecf.check",
            milestones: [{ milestone: "forecast-complete", node: "/dte/main/forecast" }],
          },
        ],
      },
      "ecflow-prod-exporter.service",
    ]);
  });
  test("may write to its folder alone, and ends with those that it has begun", () => {
    const unit = file("ecflow-prod-exporter.service");
    expect(unit?.restarts).toBe("ecflow-prod-exporter.service");
    const lines = unit?.text.split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "User=ecflow",
        "ExecStart=/usr/local/bin/platform-ecflow-exporter /etc/platform/ecflow-prod/exporter.json",
        "KillMode=mixed",
        "StateDirectory=ecflow-prod-exporter",
        "ProtectSystem=strict",
      ]),
    );
    expect(lines?.filter((line) => line.startsWith("ReadWritePaths") || line.includes("%"))).toEqual([]);
  });
});

test.each([
  "ecflow-prod.service",
  "ecflow-prod-exporter.service",
])("the role restarts %s for just the files of which reviewers are told so, and what it brings itself", (unit) => {
  const role = parse(readFileSync(join(__dirname, "../../../ansible/roles/ecflow/tasks/main.yml"), "utf8"));
  const written = (path: string) =>
    path
      .replace("{{ ecflow_unit }}", "/etc/systemd/system/ecflow-prod.service")
      .replace("{{ ecflow_folder }}", "/etc/platform/ecflow-prod")
      .replace("{{ ecflow_name }}", "ecflow-prod");
  const runs = (role as readonly Record<string, Record<string, string & readonly string[]>>[])
    .map((task) => task.platform_unit)
    .find((each) => each?.name && written(each.name) === unit);
  const named = (list: readonly string[] = []) =>
    list
      .map(written)
      .filter((path) => !path.startsWith("/usr/local/"))
      .sort();
  const told = (how: "reloads" | "restarts") =>
    described(false)(first)
      .filter((file) => file[how] === unit)
      .map(({ path }) => path)
      .sort();
  expect(named(runs?.files)).toEqual(told("restarts"));
  expect(named(runs?.reloads)).toEqual(told("reloads"));
});
