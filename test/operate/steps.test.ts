import { bastion, proxy } from "../../constructs/edge/spec";
import { vault, vaultAgent } from "../../constructs/vault/spec";
import { gather } from "../../model/gather";
import { pending } from "../../model/vocabulary";
import { stepsOf, wavesOf } from "../../operate/steps";
import { learned, north, south, tenancy } from "../model/platform";

const home = { site: "south", tenancy: "production" };
const sites = () => [
  north(
    { production: tenancy({ runs: [bastion(), proxy(), vaultAgent(home)] }) },
    { outside: { operators: pending("ask the operators") } },
  ),
  south({
    production: tenancy({
      network: { cidr: "10.36.0.0/20" },
      runs: [bastion({ from: [] }), proxy(), vault(), vaultAgent(home)],
    }),
  }),
];
const shown = (of: ReturnType<typeof gather>) => {
  const steps = stepsOf(of.registers);
  const waves = wavesOf(steps);
  return steps
    .map(
      ({ id, needs, what }) =>
        `${waves.get(id)} ${id} (${what})${needs.length > 0 ? ` after ${needs.join(", ")}` : ""}`,
    )
    .sort();
};

test("apply, learn, apply: what waits for an address is applied again, and tickets hold nothing up", () => {
  expect(shown(gather(sites()))).toEqual([
    "1 ask ask the operators (1 rule that waits for operators)",
    "1 make ssh-user-ca (a CA that signs SSH logins, its public key in the lock of home)",
    "2 apply north-production-tenancy (all that waits for nothing) after make ssh-user-ca",
    "2 apply south-production-tenancy (all that waits for nothing) after make ssh-user-ca",
    "3 learn north (addresses that the cloud gave, written to the lock) after apply north-production-tenancy",
    "3 learn south (addresses that the cloud gave, written to the lock) after apply south-production-tenancy",
    "4 apply north-production-tenancy again (1 rule that waits) after apply north-production-tenancy, learn south",
    "4 apply south-production-tenancy again (1 rule that waits) after apply south-production-tenancy, learn north",
  ]);
});

test("what has been learned is not waited for", () => {
  expect(shown(learned(sites())).filter((step) => step.includes("again"))).toEqual([]);
});

test("no step comes before what it needs", () => {
  const steps = stepsOf(gather(sites()).registers);
  const done: string[] = [];
  for (const { id, needs } of steps) {
    expect(done).toEqual(expect.arrayContaining([...needs]));
    done.push(id);
  }
});
