import { bastion, ecflow, proxy } from "../../../constructs/specs";
import { assumed, gib } from "../../../model/vocabulary";
import { quotaRequests, quotaText } from "../../../operate/requests/quota";
import { learned, north, tenancy } from "../../model/platform";

const runs = [bastion(), proxy(), ecflow("prod")];
const { registers, problems } = learned([
  north({
    production: tenancy({
      runs,
      quota: assumed({ vcpus: 64, ram: gib(256), gigabytes: gib(2048), floatingIps: 4 }, "NORTH: openstack quota show"),
    }),
  }),
]);
const sheets = quotaRequests(registers, () => true);

test("the platform of these tests is sound", () => expect(problems).toEqual([]));

test("an operator is asked for what a project takes, beside the quota that is described", () => {
  expect(sheets).toEqual([
    {
      operator: "NORTH",
      projects: [
        expect.objectContaining({ tenancy: "north-production", project: "north-production", isConfirmed: false }),
      ],
    },
  ]);
  const amounts = sheets[0]?.projects[0]?.amounts ?? [];
  expect(amounts.find(({ of }) => of === "ram")).toEqual({
    of: "ram",
    needed: registers.capacity.get("north-production")?.ram,
    quota: 256,
  });
  expect(amounts.find(({ of }) => of === "loadBalancers")).toEqual({ of: "loadBalancers", needed: 0 });
});

test("a sheet is text to send, without what nobody needs", () => {
  const [text = ""] = sheets.map(quotaText);
  expect(text).toContain(
    "To the cloud team of NORTH: quotas of 1 project\n\n1. north-production, which nobody has confirmed yet\n",
  );
  expect(text).toMatch(/^ {3}servers +3 +10$/m);
  expect(text).not.toContain("load balancers");
});

test("a site that nobody asked for is left out", () => expect(quotaRequests(registers, () => false)).toEqual([]));
