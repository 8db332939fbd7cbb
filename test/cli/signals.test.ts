import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./command";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
  const file = join(checkout.folder, "sites", "north.ts");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace('ecflow("prod", { standby: true })', `ecflow("prod", { standby: true, ${guest} })`));
});
afterEach(() => checkout.remove());
const guest = 'users: { jane: { is: "person", until: "2027-06-30", why: "a guest" } }';

test("databridge signals tells what rings whom, at which thresholds, of sites that were asked for", () => {
  const { code, out, err } = checkout.databridge("signals", "north");
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/^ signal +at +of +by +info +warning +critical +rings$/m);
  expect(out).toMatch(
    /platform_certificate_expiry +north-production +ecflow-prod +2 hosts +9 d left +3 d left +my-team/,
  );
  expect(out).toMatch(
    /platform_user_expiry +north-production +production\.runs\.ecflow-prod\.users\.jane +until 2027-06-30 +14 d left +1 d left/,
  );
  expect(out).not.toContain("south-production");
  expect(checkout.databridge("signals", "nort")).toMatchObject({
    code: 2,
    err: expect.stringContaining('did you mean "north"?'),
  });
});

test("as JSON, in seconds", () => {
  const { code, out } = checkout.databridge("signals", "--json");
  const found = (JSON.parse(out) as { id: string }[]).filter(({ id }) => id.includes("certificate"));
  expect([code, found]).toEqual([
    0,
    expect.arrayContaining([
      expect.objectContaining({
        id: "north-production/platform_certificate_expiry_timestamp_seconds/ecflow-prod",
        by: { hosts: ["north-production-ecflow-prod", "north-production-ecflow-prod-standby"] },
        thresholds: { warning: { left: 777_600 }, critical: { left: 259_200 } },
        for: 900,
        owner: "my-team",
      }),
    ]),
  ]);
});
