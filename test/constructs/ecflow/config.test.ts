import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { filesOf } from "../../../constructs/files";
import { bastion, ecflow, proxy } from "../../../constructs/specs";
import { learned, north, south, tenancy } from "../../model/platform";

const described = (standby: boolean | "promoted") => {
  const runs = [bastion(), proxy(), ecflow("prod", { standby, starts: "halted" })];
  const { registers } = learned([north({ production: tenancy({ runs }) }), south({})]);
  return (name: string) => {
    const place = registers.places[0];
    const host = place?.hosts.find((each) => each.name === name);
    return (place && host ? filesOf(host, place, registers) : []).filter(({ role }) => role === "ecflow");
  };
};
const addressOf = (name: string) => (name === first ? "10.20.4.60" : "10.20.4.61");
const [first, second] = ["ecflow-prod", "ecflow-prod-standby"];
const unitsOf = (files: ReturnType<ReturnType<typeof described>>) =>
  files.flatMap(({ path }) => /^\/etc\/systemd\/system\/(.*)$/.exec(path)?.[1] ?? []).sort();
const runs = ["ecflow-prod-keep.service", "ecflow-prod-keep.timer", "ecflow-prod.service"];
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

test("the role restarts it for just the files of which reviewers are told so", () => {
  const role = parse(readFileSync(join(__dirname, "../../../ansible/roles/ecflow/tasks/main.yml"), "utf8"));
  const runs = (role as readonly Record<string, Record<string, readonly string[]>>[])
    .map((task) => task.platform_unit)
    .find((unit) => String(unit?.name) === "{{ ecflow_name }}.service");
  const named = (list: readonly string[] = []) =>
    list
      .map((path) =>
        path
          .replace("{{ ecflow_unit }}", "/etc/systemd/system/ecflow-prod.service")
          .replace("{{ ecflow_folder }}", "/etc/platform/ecflow-prod"),
      )
      .sort();
  const told = (how: "reloads" | "restarts") =>
    described(false)(first)
      .filter((file) => file[how] === "ecflow-prod.service")
      .map(({ path }) => path)
      .sort();
  expect(named(runs?.files)).toEqual(told("restarts"));
  expect(named(runs?.reloads)).toEqual(told("reloads"));
});
