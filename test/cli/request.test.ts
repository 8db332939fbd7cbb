import { Checkout } from "./command";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

test("databridge request writes what each operator is asked for, of sites that were asked for", () => {
  const { code, out, err } = checkout.databridge("request", "quota", "north");
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/^To the cloud team of Operator of the cloud: quotas of 1 project\n\n1\. north-production\n/);
  const [sheet] = JSON.parse(checkout.databridge("request", "quota", "--json").out);
  expect(sheet.projects.map(({ project }: { project: string }) => project)).toEqual([
    "north-production",
    "south-production",
  ]);
});

test("and says so where nobody has to be asked", () => {
  expect(checkout.databridge("request", "accounts").out).toBe("nobody needs an account at a supercomputer\n");
  expect(checkout.databridge("request", "firewall").out).toBe("nobody else has to open anything\n");
  expect(checkout.databridge("request", "moon").code).toBe(2);
});
