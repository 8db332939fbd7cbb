import { bastion, ecflow, proxy } from "../../../constructs/specs";
import { accountRequests, accountText } from "../../../operate/requests/accounts";
import { learned, north, tenancy } from "../../model/platform";

const runs = [bastion(), proxy(), ecflow("prod", { submitsTo: ["polaris"], relayPort: 3200 })];
const { registers, problems } = learned([north({ production: tenancy({ runs }) })]);
const sheets = accountRequests(registers, () => true);

test("the platform of these tests is sound", () => expect(problems).toEqual([]));

test("an operator is asked for each account, with how and from where one logs in by it", () => {
  expect(sheets).toEqual([
    {
      operator: "NORTH",
      accounts: Object.entries(registers.sites[0]?.supercomputer?.accounts ?? {}).map(
        ([environment, { user, projects }]) =>
          expect.objectContaining({
            supercomputer: "polaris",
            environment,
            user,
            projects,
            from: environment === "production" ? ["203.0.113.10"] : [],
            awaited: [],
            isConfirmed: true,
          }),
      ),
    },
  ]);
  expect(sheets[0]?.accounts.length).toBeGreaterThan(0);
});

test("a sheet is text to send", () => {
  const [text = ""] = sheets.map(accountText);
  expect(text).toMatch(
    /^To the user support of NORTH: \d accounts?\n\n1\. \S+ at polaris, a service, for production\n/,
  );
  expect(text).toContain("   from       203.0.113.10\n   until      to be told\n   state      confirmed");
});

test("a site that nobody asked for is left out", () => expect(accountRequests(registers, () => false)).toEqual([]));
