import { createInterface } from "node:readline/promises";
import { bastion, proxy } from "../../constructs/edge/spec";
import { gather } from "../../model/gather";
import { north, tenancy } from "../model/platform";

jest.mock("node:readline/promises");

const { registers } = gather([
  north({ production: tenancy({ calendar: { forecast: "02:00-09:00" }, runs: [bastion(), proxy()] }) }),
]);
const stack = "north-production-tenancy";
const [open, closed] = [new Date("2027-02-01T01:55Z"), new Date("2027-02-01T02:05Z")];
const resized = {
  address: "openstack_compute_instance_v2.host_proxy_server",
  mode: "managed",
  type: "openstack_compute_instance_v2",
  change: { actions: ["update"], before: { flavor_id: "a" }, after: { flavor_id: "b" } },
};
const plan = {
  file: "plan",
  json: { format_version: "1.2", resource_changes: [resized] },
  counts: { create: 0, update: 1, replace: 0, delete: 0, other: 0 },
  isEmpty: false,
  input: "",
  version: "",
};

/** The command as one world has it. */
function commandIn(world: "production" | "sandbox") {
  let loaded: typeof import("../../cli/commands/approval") | undefined;
  process.env.DATABRIDGE_WORLD = world;
  jest.isolateModules(() => {
    loaded = require("../../cli/commands/approval");
  });
  if (!loaded) throw new Error("was not loaded");
  return loaded.approval;
}

const { isTTY } = process.stdin;
beforeEach(() => {
  // What waits is real.
  jest.useFakeTimers({ now: open, doNotFake: ["nextTick", "queueMicrotask", "setImmediate", "setTimeout"] });
  process.stdin.isTTY = true;
  jest.spyOn(console, "log").mockReturnValue(undefined);
});
afterEach(() => {
  jest.useRealTimers();
  process.stdin.isTTY = isTTY;
  delete process.env.DATABRIDGE_WORLD;
});

/** Asks whether a plan may be applied. @param until when who is asked answers */
function answered(world: "production" | "sandbox", until: Date): Promise<boolean> {
  const question = async () => {
    jest.setSystemTime(until);
    return "yes";
  };
  jest.mocked(createInterface).mockReturnValue({ question, on: jest.fn(), once: jest.fn(), close: jest.fn() } as never);
  return commandIn(world)({
    head: { registers, files: () => new Map() },
    pause: (work) => work(),
    onOverride: jest.fn(),
    stop: jest.fn(),
  })(stack, plan);
}

test("hours that closed while somebody thought about it are closed", async () => {
  expect(await answered("production", open)).toBe(true);
  await expect(answered("production", closed)).rejects.toThrow("must not be interrupted now: the forecast runs");
});

test("what is closed already is refused before somebody is asked", async () => {
  jest.setSystemTime(closed);
  await expect(answered("production", open)).rejects.toThrow("must not be interrupted now: the forecast runs");
});

test("in the sandbox no hours are closed: no forecast depends on it", async () => {
  jest.setSystemTime(closed);
  expect(await answered("sandbox", closed)).toBe(true);
});
