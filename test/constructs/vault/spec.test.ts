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
    pipelines: {
      ...issuer("https://git.example.org:8443"),
      projects: ["a/b"],
      project: "p",
      protected: "r",
      environment: "e",
      environmentProtected: "g",
    },
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

describe("copies at another site", () => {
  const copies = { at: { site: "south", tenancy: "test" }, endpoint: "object.example.org" };
  const { description } = said(vault({ copies }));
  test("are of what is on its volumes, and leave through the forward proxy", () => {
    expect(description.hosts?.map(({ volumes }) => volumes?.[0]?.backup)).toEqual(Array(3).fill(copies.at));
    expect(flowsOf(description).at(-1)).toBe("vault -> internet tcp-443 through forward-proxy");
    expect(description.needs?.filter(({ need }) => need === "flow").at(-1)).toMatchObject({
      names: ["object.example.org"],
    });
  });
  test("need a key, each half of it a file of the account that Vault runs as", () => {
    const read = (needs: typeof description.needs = []) =>
      needs.flatMap((need) => (need.need === "secret" ? [`${need.file} ${need.owner} ${need.key}`] : []));
    expect(description.secrets?.map(({ secret, keys }) => [secret, ...keys])).toEqual([
      ["vault/copies", "access-key", "secret-key"],
    ]);
    expect(read(description.needs)).toEqual([
      "/etc/openbao/copies/access-key openbao access-key",
      "/etc/openbao/copies/secret-key openbao secret-key",
    ]);
    expect(read(said(vault({ copies, product: "vault" })).description.needs)[0]).toBe(
      "/etc/vault.d/copies/access-key vault access-key",
    );
  });
  test("are none unless the site says so", () => expect(said(vault()).description.secrets).toEqual([]));
  test("go to a host by its name alone", () =>
    expect(said(vault({ copies: { ...copies, endpoint: "https://object.example.org" } })).problems).toEqual([
      'copies.endpoint "https://object.example.org"',
    ]));
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
