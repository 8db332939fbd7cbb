import { cluster } from "../../constructs/cluster/spec";
import { sharedServices } from "../../constructs/services/spec";
import { gather } from "../../model/gather";
import { type Act, stepsOfAct } from "../../operate/acts";
import { run } from "../../operate/run";
import { sites, vaultAt } from "../model/vault";

const runs = [cluster({ servers: 1 }), sharedServices({ vault: vaultAt })];
const { registers, problems } = gather(sites({ runs }));

/** What happens where all may happen at the same time: each step with what had ended when it began. */
async function began(act: Act, wanted: readonly string[], configured = true, failing = "") {
  const ended: string[] = [];
  const told: (readonly [string, readonly string[]])[] = [];
  await run({
    steps: stepsOfAct(registers, { act, isWanted: (site) => wanted.includes(site), configures: () => configured }),
    perform: async ({ id }) => {
      await new Promise((resolve) => setImmediate(resolve));
      if (id === failing) throw new Error("it broke");
      return "";
    },
    onProgress: ({ id }, progress) => {
      if (progress === "running") told.push([id, [...ended].sort()]);
      else ended.push(id);
    },
    parallel: 9,
  });
  return told;
}

const [tenancy, services] = ["apply north-production-tenancy", "apply north-production-services"] as const;
const [home, vault] = ["apply south-production-tenancy", "apply south-production-vault"] as const;

test("this platform is what the tests below count on", () => {
  expect(problems).toEqual([]);
});

test("what is destroyed goes in reverse: nothing before what stands on it", async () => {
  expect(await began("destroy", ["north", "south"])).toEqual([
    [services, []],
    [vault, [services]],
    [tenancy, [services, vault]],
    [home, [services, vault]],
  ]);
  expect(await began("destroy", ["north"])).toEqual([
    [services, []],
    [tenancy, [services]],
  ]);
});

test("where one is not destroyed, what it stands on stays", async () => {
  expect((await began("destroy", ["north", "south"], true, vault)).map(([id]) => id)).toEqual([services, vault]);
});

test("what lies between two stacks orders them, though it is for people, or left out, or of another site", async () => {
  for (const act of ["plan", "apply plans"] as const)
    expect(await began(act, ["north", "south"])).toEqual([
      [home, []],
      [tenancy, []],
      [vault, [tenancy, home].sort()],
      [services, [tenancy, home, vault].sort()],
    ]);
  expect(await began("apply", ["north"], false)).toEqual([
    [tenancy, []],
    ["learn north", [tenancy]],
    [services, [tenancy, "learn north"]],
  ]);
  const all = new Map(await began("apply", ["north", "south"]));
  expect(all.get(vault)).toEqual(expect.arrayContaining(["configure south"]));
  expect(all.get(services)).toEqual(expect.arrayContaining([vault, "configure north"]));
});
