import fc from "fast-check";
import { cluster } from "../../constructs/cluster/spec";
import { bastion, proxy } from "../../constructs/edge/spec";
import { sharedServices } from "../../constructs/services/spec";
import { vaultAgent } from "../../constructs/vault/spec";
import { tcp } from "../../model/site/need";
import type { Description } from "../../model/site/specs";
import { days } from "../../model/vocabulary";
import { saying, tenancy } from "./platform";
import { host, platform, problemsOf, reads, secret, told, vaultAt, web } from "./vault";

const hosts = [host("thing", 50)];
const at = "north.production.runs.thing";
const test = (owner = "team") =>
  tenancy({
    owner,
    environment: "test",
    network: { cidr: "10.52.0.0/20" },
    runs: [bastion(), proxy(), vaultAgent({ at: vaultAt }), saying({ hosts, secrets: [secret()], needs: [reads()] })],
  });

describe("a secret", () => {
  it("stands in the store of its site and environment, below its tenancy", () => {
    const { registers, problems } = platform({ more: { test: test() } });
    expect(problems).toEqual([]);
    expect(registers.secrets.map(({ id, mount, path }) => [id, mount, path])).toEqual([
      ["north-production/thing/feed", "kv-north-production", "production/thing/feed"],
      ["north-test/thing/feed", "kv-north-test", "test/thing/feed"],
    ]);
  });
  it("is written by the owner of its tenancy, lives a year, and is just written anew, unless somebody says otherwise", () => {
    const other = secret({
      secret: "thing/other",
      writer: "rotator",
      greatestAge: days(30),
      rotation: { overlap: days(1), steps: ["make another"], test: "it works" },
    });
    const needs = [reads(), reads({ secret: "thing/other", file: "/etc/thing/other" })];
    const { registers } = platform({ runs: [saying({ hosts, secrets: [secret(), other], needs })] });
    expect(registers.secrets.map(({ writer, greatestAge, rotation }) => ({ writer, greatestAge, rotation }))).toEqual([
      {
        writer: "team",
        greatestAge: days(365),
        rotation: { steps: ["write another value"], test: "its readers work with it" },
      },
      {
        writer: "rotator",
        greatestAge: days(30),
        rotation: { overlap: days(1), steps: ["make another"], test: "it works" },
      },
    ]);
  });
  it("has the readers that name it, with their hosts, of other tenancies too", () => {
    const needs = [reads({ at: { site: "north", tenancy: "production" } })];
    const { registers, problems } = platform({ there: [saying({ hosts, needs })] });
    expect(problems).toEqual([]);
    expect(
      registers.secrets[0]?.readers.map(({ place, role, hosts: all, owner }) => [
        place.id,
        role,
        all.map(({ id }) => id),
        owner,
      ]),
    ).toEqual([
      ["north-production", "thing", ["north-production-thing-1", "north-production-thing-2"], "root"],
      ["south-production", "thing", ["south-production-thing"], "root"],
    ]);
  });
});

describe("refused, with what would be allowed:", () => {
  const saysOnly = (secrets: Parameters<typeof secret>[0][], needs: Parameters<typeof reads>[0][]) =>
    told({ runs: [saying({ hosts, secrets: secrets.map(secret), needs: needs.map(reads) })] });

  it("a secret that nobody reads", () =>
    expect(saysOnly([{}], [])).toEqual([
      `${at}.secrets.thing/feed | thing/feed | a secret that somebody reads | state who needs it, or leave it out`,
    ]));
  it("one of which a reader reads a part, since Vault lets it read all", () => {
    const needs = [{}, { file: "/etc/thing/user", key: "user" }];
    const keys = ["password", "user"];
    expect(saysOnly([{ keys }], needs)).toEqual([]);
    expect(saysOnly([{ keys }], [{}])).toEqual([
      `${at}.needs.thing/feed | password | thing reads every key of it, user too, since Vault lets it | state user as a secret of its own, or read it`,
    ]);
  });
  it("one that nobody states", () =>
    expect(saysOnly([], [{}])).toEqual([
      `${at}.needs.thing/feed | thing/feed | a secret that somebody states in north.production | state it, with its writer`,
    ]));
  it("one that is stated by a name like it", () =>
    expect(saysOnly([{}], [{}, { secret: "thing/fed", file: "/etc/thing/fed" }])).toEqual([
      `${at}.needs.thing/fed | thing/fed | a secret that somebody states in north.production: thing/feed | did you mean "thing/feed"?`,
    ]));
  it("a key that it has not got", () =>
    expect(saysOnly([{ keys: ["password", "user"] }], [{}, { key: "usr", file: "/etc/thing/user" }])).toEqual([
      `${at}.needs.thing/feed | usr | a key of thing/feed: password, user | did you mean "user"?`,
    ]));
  it("one that is stated twice", () =>
    expect(saysOnly([{}, {}], [{}])).toEqual([
      `${at}.secrets.thing/feed | thing/feed | a path of its own; ${at} has this one | name it otherwise`,
      `${at}.secrets.thing/feed | thing/feed | a secret that somebody reads | state who needs it, or leave it out`,
    ]));
  it("a reader that is no role", () =>
    expect(saysOnly([{}], [{}, { by: { role: "thingy" } }])).toEqual([
      `${at}.needs.thing/feed | thingy | a role of hosts of the tenancy | name the role that reads it`,
    ]));
  it("a tenancy that is none", () =>
    expect(saysOnly([{}], [{}, { at: { site: "north", tenancy: "prod" } }])[0]).toMatch(
      /needs\.thing\/feed \| \[object Object\] \| a tenancy: north\.production, south\.production \| name one of them$/,
    ));
  it("one of another environment, unless it is meant", () => {
    const needs = (acrossEnvironments: boolean) => [
      reads({ at: { site: "north", tenancy: "test" }, ...(acrossEnvironments ? { acrossEnvironments } : {}) }),
    ];
    const across = (meant: boolean) => told({ runs: [saying({ hosts, needs: needs(meant) })], more: { test: test() } });
    expect(across(true)).toEqual([]);
    expect(across(false)).toEqual([
      `${at}.needs.thing/feed | north-production reads of north-test | reader and secret in one environment | say acrossEnvironments: true in the need, if it is meant`,
    ]);
  });
  it.each([
    ["secrets", { secrets: [secret({ secret: "Thing" })] }],
    ["secrets", { secrets: [secret({ secret: "thing/../other" })] }],
    ["secrets", { secrets: [secret({ secret: "thing/*" })] }],
    ["secrets", { secrets: [secret({ keys: [] })] }],
    ["secrets", { secrets: [secret({ greatestAge: days(0) })] }],
    ["needs", { secrets: [secret()], needs: [reads({ file: "etc/thing" })] }],
    ["needs", { secrets: [secret()], needs: [reads({ file: "/etc/../thing" })] }],
    ["needs", { secrets: [secret()], needs: [reads({ file: '/etc/"thing"' })] }],
  ])("in %s, what Vault or an agent would not take: %j", (list, says) =>
    expect(problemsOf({ runs: [saying({ hosts, ...says })] })[0]?.path).toContain(list));
});

describe("a key by which hosts log in to a supercomputer", () => {
  const submits = (role: string) => ({
    need: "flow" as const,
    from: { role },
    to: { supercomputer: "polaris", nodes: "login" as const },
    traffic: tcp(22),
    why: "jobs",
  });
  it("is a secret of the tenancy of each role that does, with the overlap that its operator needs", () => {
    const needs = [submits("thing"), submits("other")];
    const { registers, problems } = platform({ runs: [saying({ hosts: [...hosts, host("other", 51)], needs })] });
    expect(problems).toEqual([]);
    expect(
      registers.secrets.map(({ id, keys, rotation, readers }) => ({
        id,
        keys,
        overlap: rotation.overlap?.seconds !== undefined,
        readers: readers.map(({ role, file }) => `${role} ${file}`),
      })),
    ).toEqual([
      {
        id: "north-production/hpc/polaris",
        keys: ["private-key"],
        overlap: true,
        readers: ["thing /etc/platform/hpc/polaris", "other /etc/platform/hpc/polaris"],
      },
    ]);
  });
  it("is stated by nobody else", () =>
    expect(
      told({
        runs: [
          saying({
            hosts,
            secrets: [secret({ secret: "hpc/polaris", keys: ["private-key"] })],
            needs: [submits("thing")],
          }),
        ],
      })[0],
    ).toMatch(/^north\.production\.runs\.thing\.secrets\.hpc\/polaris \| hpc\/polaris \| a path of its own/));
});

describe("a workload", () => {
  const on = (needs: readonly ReturnType<typeof reads>[], more: Description = {}): Description => ({
    ...web,
    secrets: [secret({ keys: ["password", "user"] })],
    needs,
    ...more,
  });
  const both = ["password", "user"].map((key) => reads({ by: { workload: "web" }, key, file: `/run/web/${key}` }));
  const nodes = cluster({ servers: 1, workers: 1 });
  const mine = (around: Parameters<typeof told>[0]) => told(around).filter((line) => line.startsWith(at));
  it("reads as hosts do", () => {
    const { registers, problems } = platform({ runs: [nodes, sharedServices({ vault: vaultAt }), saying(on(both))] });
    expect(problems).toEqual([]);
    const read = registers.secrets.find(({ id }) => id === "north-production/thing/feed");
    expect(read?.pods.map(({ workload, namespace, key, file }) => [workload, namespace, key, file])).toEqual([
      ["web", "one", "password", "/run/web/password"],
      ["web", "one", "user", "/run/web/user"],
    ]);
  });
  it("has it as a variable where it says so, as hosts have not", () => {
    const [first, ...others] = both;
    const said = saying(on([{ ...first, variable: "PASSWORD" } as never, ...others]));
    const { registers, problems } = platform({ runs: [nodes, sharedServices({ vault: vaultAt }), said] });
    expect(problems).toEqual([]);
    const read = registers.secrets.find(({ id }) => id === "north-production/thing/feed");
    expect(read?.pods.map(({ variable }) => variable)).toEqual(["PASSWORD", undefined]);
    expect(
      mine({ runs: [saying({ hosts, secrets: [secret()], needs: [reads({ variable: "PASSWORD" })] })] }),
    ).toContain(`${at}.needs.thing/feed | PASSWORD | a variable of pods alone: hosts read the file | leave it out`);
    expect(
      mine({ runs: [saying({ hosts, secrets: [secret()], needs: [reads({ variable: "PASS WORD" })] })] })[0],
    ).toContain("the name of a variable, AUTH_SECRET");
  });
  it("is one that somebody states, at a tenancy that says where Vault is, and reads all that Vault would give it", () => {
    expect(
      mine({
        runs: [nodes, sharedServices({ vault: vaultAt }), saying(on([...both, reads({ by: { workload: "wbe" } })]))],
      }),
    ).toEqual([
      `${at}.needs.thing/feed | wbe | a workload of the tenancy that is none of a chart | name the one that reads it`,
    ]);
    expect(mine({ agent: [], runs: [nodes, sharedServices({ vault: vaultAt }), saying(on(both))] })).toContain(
      `${at}.needs.thing/feed | web | a tenancy that says where Vault is | add vaultAgent()`,
    );
    expect(mine({ runs: [nodes, sharedServices({ vault: vaultAt }), saying(on(both.slice(0, 1)))] })).toEqual([
      `${at}.needs.thing/feed | password | web reads every key of it, user too, since Vault lets it | state user as a secret of its own, or read it`,
    ]);
  });
});

describe("no input throws:", () => {
  const junk = fc.oneof(fc.anything(), fc.constantFrom("thing", "thing/feed", "password", "/etc/thing", "secret"));
  const record = fc.dictionary(
    fc.constantFrom(
      "need",
      "by",
      "secret",
      "key",
      "keys",
      "file",
      "at",
      "writer",
      "greatestAge",
      "rotation",
      "why",
      "x",
    ),
    junk,
  );
  it("secrets and readers of any form", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(record, junk)), fc.array(fc.oneof(record, junk)), (secrets, needs) => {
        const says = { hosts, secrets, needs } as never;
        for (const problem of problemsOf({ runs: [saying(says)] })) expect(problem.path).not.toBe("");
      }),
      { numRuns: 60 },
    );
  });
  it("sound ones with any name, and each is refused or has its reader", () => {
    const word = fc.constantFrom("a", "a/b", "A", "a b", "a/", "ä", "constructor", "__proto__");
    fc.assert(
      fc.property(word, word, word, (name, wanted, key) => {
        const says = {
          hosts,
          secrets: [secret({ secret: name, keys: [key] })],
          needs: [reads({ secret: wanted, key })],
        };
        const { registers, problems } = platform({ runs: [saying(says)] });
        const isRead = registers.secrets.some(({ readers }) => readers.length > 0);
        expect(isRead).toBe(problems.length === 0);
      }),
      { numRuns: 60 },
    );
  });
});
