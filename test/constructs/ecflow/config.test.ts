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
    expect(about.follows).toBe(`${active}.production.north.example.org`);
  }
});

test("what is said of it, the program that begins and ends it is told", () => {
  const about = JSON.parse(described(false)(first).find(({ path }) => path.endsWith("server.json"))?.text ?? "");
  expect(about).toMatchObject({
    unit: "ecflow-prod.service",
    starts: "HALTED",
    lists: "/etc/platform/ecflow-prod/lists",
    names: ["ecflow-prod.production.north.example.org"],
    passwords: { ecflow: "/etc/platform/ecflow-prod/passwords/ecflow" },
  });
  expect(about.follows).toBeUndefined();
});

test("another list is taken while it runs, another file of its own by a restart", () => {
  const files = described(false)(first);
  const of = (name: string) => files.find(({ path }) => path.endsWith(`/${name}`));
  expect([of("lists")?.reloads, of("server_environment.cfg")?.restarts]).toEqual([
    "ecflow-prod.service",
    "ecflow-prod.service",
  ]);
});
