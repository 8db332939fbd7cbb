import { vault, vaultAgent } from "../../../constructs/vault/spec";
import { flowsOf, hostsOf, said, servicesOf } from "../../model/platform";

test("three hosts on different hypervisors, raft on volumes that are kept", () => {
  const { description, problems } = said(vault());
  expect(problems).toEqual([]);
  expect(hostsOf(description)).toEqual(
    [1, 2, 3].map((n) => `vault-${n} vault services/${10 + n} medium raft:50 GiB:keep`),
  );
  expect(description.hosts?.[0]?.apart).toEqual({ group: "vault", policy: "anti-affinity" });
});

test("other sites reach it through the proxy, its raft only itself", () => {
  const { description } = said(vault());
  expect(servicesOf(description)).toEqual(["vault on vault tcp-8200 tls+token", "vault-raft on vault tcp-8201 mtls"]);
  expect(description.services?.map(({ entrance }) => entrance)).toEqual([{ relay: "proxy" }, undefined]);
  expect(flowsOf(description)).toEqual([
    "vault -> vault",
    "vault -> vault-raft",
    "bastion -> vault",
    "operators -> vault",
  ]);
});

test("people reach it without a bastion, whose certificates it signs; jobs where a site names their network", () =>
  expect(flowsOf(said(vault({ from: ["desks"], runners: ["builds"] })).description).slice(3)).toEqual([
    "desks -> vault",
    "builds -> vault",
  ]));

test("fetches keys from each issuer of tokens, by name, and from nobody where there is none", () => {
  const issuer = (url: string) => ({ issuer: url, audience: "a", user: "sub", groups: "groups" });
  const identity = {
    people: issuer("https://login.example.org/realms/a"),
    pipelines: { ...issuer("https://git.example.org:8443"), projects: ["a/b"], project: "p", protected: "r" },
  };
  const { description } = said(vault(), { identity });
  expect(
    (description.needs ?? []).flatMap((need) =>
      need.need === "flow" && need.names ? [[need.names, need.traffic?.from, need.through]] : [],
    ),
  ).toEqual([
    [["login.example.org"], 443, "forward-proxy"],
    [["git.example.org"], 8443, "forward-proxy"],
  ]);
});

test.each([1, 4])("%p servers are refused", (servers) =>
  expect(said(vault({ servers } as never)).problems).toEqual([`servers ${servers}`]));

describe("every host of a tenancy reaches Vault", () => {
  test("of another tenancy through the forward proxy, whatever environment it is", () => {
    const { description } = said(vaultAgent());
    expect(flowsOf(description)).toEqual(["every host -> vault through forward-proxy"]);
    expect(description.needs?.[0]).toMatchObject({ acrossEnvironments: true });
  });
  test("of its own directly", () => {
    expect(flowsOf(said(vaultAgent({ at: { site: "north", tenancy: "production" } })).description)).toEqual([
      "every host -> vault",
    ]);
  });
});
