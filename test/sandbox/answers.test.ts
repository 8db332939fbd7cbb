import { bastion, proxy } from "../../constructs/edge/spec";
import { gather } from "../../model/gather";
import { allocated, pending } from "../../model/vocabulary";
import { answered } from "../../sandbox/answers";
import { north, tenancy } from "../model/platform";

const production = tenancy({ runs: [bastion(), proxy()], public: { bastion: allocated, proxy: pending("ticket 7") } });
const [supercomputer] = [north({}).supercomputer];
const site = {
  ...north({ production }),
  supercomputer: supercomputer && {
    ...supercomputer,
    facts: { ...supercomputer.facts, login: pending("where"), agreement: pending("ask"), hostKeys: pending("by what") },
  },
  outside: { operators: pending("whom"), "front-ends": pending("whom else") },
};

test("whom nobody has named yet has an address in the sandbox, each of its own, and no rule waits for people", () => {
  const { sites, answers } = answered([site]);
  expect(answers).toEqual([
    { path: "north.outside.operators", address: "192.0.2.1" },
    { path: "north.outside.front-ends", address: "192.0.2.2" },
    { path: "north.supercomputer.login", address: "192.0.2.3" },
  ]);
  const { registers, problems } = gather(sites);
  expect(problems).toEqual([]);
  const [read] = registers.sites;
  expect(read?.supercomputer?.login).toEqual({ networks: ["192.0.2.3/32"], shared: false });
  expect(read?.supercomputer?.agreement).toBe("given in the sandbox");
  expect(read?.supercomputer?.hostKeys).toEqual([expect.stringMatching(/^SHA256:A+$/)]);
  expect(read?.outside.operators).toEqual({ networks: ["192.0.2.1/32"], shared: false });
});

test("what is asked for and is ours stays asked for, and what is known stays what it is", () => {
  const { sites } = answered([site, { ...site, outside: {} }, "no site"]);
  expect(sites[2]).toBe("no site");
  expect(gather([sites[0]]).registers.places[0]?.hosts.find(({ name }) => name === "proxy")?.public?.how).toEqual({
    pending: "ticket 7",
  });
});

test("a supercomputer that is played has the host key that it shows, also where another is published", () => {
  const name = supercomputer?.name ?? "";
  const shown = `SHA256:${"B".repeat(43)}`;
  const keysIn = (keys: unknown, of: string) => {
    const stated = {
      ...site,
      supercomputer: { ...site.supercomputer, facts: { ...site.supercomputer?.facts, hostKeys: keys } },
    };
    return gather(answered([stated], { [of]: shown }).sites).registers.sites[0]?.supercomputer?.hostKeys;
  };
  const published = `SHA256:${"C".repeat(43)}`;
  expect(keysIn([published], name)).toEqual([shown]);
  expect(keysIn(pending("by what"), name)).toEqual([shown]);
  expect(keysIn([published], "another")).toEqual([published]);
});
