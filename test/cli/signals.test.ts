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

test("what follows from every host is called as its alerts are, and rings where somebody gathers", () => {
  expect(checkout.databridge("signals").out).toMatch(
    /^ \d+ that nothing asks for: of tenancies without a collector, or of /m,
  );
  const file = join(checkout.folder, "sites", "north.ts");
  const gathers =
    'monitoring({ readBy: [], volume: gib(50), flavor: "medium" }), collector({ survives: hours(1), at: mbitPerSecond(1), deliversTo: { site: "north", tenancy: "production" } })';
  const text = readFileSync(file, "utf8")
    .replace("import { bastion,", "import { bastion, collector, monitoring,")
    .replace("import { allocated,", "import { allocated, hours, mbitPerSecond,")
    .replace("ecflow(", `${gathers}, ecflow(`);
  writeFileSync(file, text);
  const { out, err } = checkout.databridge("signals", "north");
  expect(err).toBe("");
  expect(out).toMatch(/^ HostDown +north-production +host +6 hosts +below 1 +my-team$/m);
  expect(out).toMatch(/^ SiteSilent +north-production +collector +1 host +silent +my-team$/m);
  expect(out).toMatch(
    /^ platform_notifications_failed +north-production +each integration +1 host +above 0 +my-team$/m,
  );
  expect(out).toMatch(/^ \d+ signals that ring by rules of home; docs\/runbooks tells what to do$/m);
  expect(out).not.toContain("without a collector");
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
