import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./command";

const stack = "north-production-tenancy";
let checkout: Checkout;
beforeAll(() => {
  checkout = new Checkout();
  expect(checkout.databridge("learn", "north", "trust.sshUserCa=ssh-ed25519 AAAA").code).toBe(0);
  expect(checkout.databridge("synth").code).toBe(0);
});
afterAll(() => checkout.remove());

const change = (actions: readonly string[], before: object, after: object | null) => ({
  address: "openstack_blockstorage_volume_v3.host_ecflow_data",
  mode: "managed",
  type: "openstack_blockstorage_volume_v3",
  change: { actions, before, after },
});
const lost = change(["delete"], { size: 10 }, null);
const named = change(["update"], { name: "a" }, { name: "b" });

/** Deploys a site. @returns what was shown, and whether something was applied */
function deployed(how: object, typed: string | undefined, ...args: readonly string[]) {
  const applied = join(checkout.folder, "applied");
  rmSync(applied, { force: true });
  const all = ["deploy", "north", "--engine", checkout.engine(how), "--no-configure", ...args];
  const { out, err } = typed === undefined ? checkout.databridge(...all) : checkout.databridgeAtTerminal(typed, ...all);
  return { out: out + err, isApplied: existsSync(applied) };
}

const refusal = { isApplied: false, out: expect.stringMatching(/cannot be undone: .*\s+--irreversible allows it/) };

test("--yes alone does not allow what cannot be undone, at a terminal or without one", () => {
  expect(deployed(lost, "", "--yes")).toEqual(refusal);
  expect(deployed(lost, undefined, "--yes")).toEqual(refusal);
  for (const typed of ["", undefined])
    expect(deployed(lost, typed, "--yes", "--irreversible")).toMatchObject({ isApplied: true });
});

test("at a terminal somebody is asked: for the name of the stack where something is lost, else for yes", () => {
  const asks = (word: string) => expect.stringContaining(`Type ${word} to apply: `);
  expect(deployed(lost, "yes\n")).toEqual({ isApplied: false, out: asks(stack) });
  expect(deployed(lost, `${stack}\n`)).toEqual({ isApplied: true, out: asks(stack) });
  expect(deployed(lost, "no\n", "--irreversible")).toEqual({ isApplied: false, out: asks(stack) });
  expect(deployed(named, "no\n")).toEqual({ isApplied: false, out: asks("yes") });
  expect(deployed(named, "yes\n")).toEqual({ isApplied: true, out: asks("yes") });
});

test("without a terminal nobody is asked", () => {
  expect(deployed(named, undefined)).toEqual({
    isApplied: false,
    out: expect.stringContaining("nobody is there to approve it: --yes"),
  });
});
