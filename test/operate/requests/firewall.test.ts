import { bastion, ecflow, proxy } from "../../../constructs/specs";
import { firewallRequests, requestText } from "../../../operate/requests/firewall";
import { learned, north, tenancy } from "../../model/platform";

const runs = [bastion(), proxy(), ecflow("prod", { submitsTo: ["polaris"], relayPort: 3200 })];
const granted = { "polaris.login": { state: "granted" as const, ticket: "T-7", until: "2027-01-31" } };
const { registers, problems } = learned([north({ production: tenancy({ runs, grants: granted }) })]);
const sheets = firewallRequests(registers, () => true);

test("the platform of these tests is sound", () => expect(problems).toEqual([]));

test("an operator is asked for each opening once, with both ends as they see them", () => {
  expect(sheets).toEqual([
    {
      operator: "NORTH",
      openings: [
        expect.objectContaining({
          grant: "polaris.login",
          direction: "in",
          from: ["203.0.113.10"],
          to: ["198.51.100.1", "198.51.100.2"],
          traffic: { proto: "tcp", from: 22, to: 22 },
          state: "granted",
          ticket: "T-7",
        }),
        expect.objectContaining({
          grant: "polaris.compute",
          direction: "out",
          from: ["198.51.100.64/26"],
          to: ["203.0.113.12"],
          traffic: { proto: "tcp", from: 3200, to: 3200 },
          state: "to be asked for",
        }),
      ],
    },
  ]);
});

test("a sheet is text to send", () => {
  const [text = ""] = sheets.map(requestText);
  expect(text).toContain("To the network team of NORTH: 2 openings");
  expect(text).toContain("   to         203.0.113.12\n   port       tcp 3200\n");
  expect(text).toContain("   state      granted, T-7, until 2027-01-31\n");
});

test("a site that nobody asked for is left out", () => expect(firewallRequests(registers, () => false)).toEqual([]));
