import fc from "fast-check";
import { causesOf } from "../../review/causes";
import { compare } from "../../review/compare";
import { withHostFiles } from "../../review/host-files";
import { judge } from "../../review/judge";
import { longest, packetMarkdown } from "../../review/markdown";
import { packetOf } from "../../review/packet";
import { readStack } from "../../review/stack";
import { readStackName } from "../../review/stack-name";
import { packetText } from "../../review/text";
import { committed, facts, type Json, packet, type Stacks, treeOf } from "./trees";

const plain = { red: String, yellow: String, dim: String, bold: String };

/** An edit of one resource of one stack: where, and what becomes of it. */
const edits = fc.array(
  fc.record({
    stack: fc.nat(),
    block: fc.nat(),
    edit: fc.constantFrom("delete", "add", "change", "copy"),
    value: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string())),
  }),
  { maxLength: 8 },
);

const blocksOf = (stacks: Stacks): readonly (readonly [stack: string, type: string, name: string])[] =>
  Object.entries(stacks).flatMap(([stack, { resource }]) =>
    Object.entries(resource as Record<string, object>).flatMap(([type, named]) =>
      Object.keys(named).map((name) => [stack, type, name] as const),
    ),
  );

test("a packet names every resource that differs, and no other", () => {
  const before = committed();
  const base = treeOf(before);
  const all = blocksOf(before);
  fc.assert(
    fc.property(edits, (done) => {
      const after: Stacks = JSON.parse(JSON.stringify(before));
      for (const { block, edit, value } of done) {
        const [stack, type, name] = all[block % all.length] ?? ["", "", ""];
        const blocks: Json = after[stack].resource[type];
        if (edit === "delete") delete blocks[name];
        else if (edit === "copy") blocks[`${name}-2`] = { ...blocks[name] };
        else if (blocks[name]) blocks[name][edit === "add" ? "added" : "name"] = value;
      }
      const differing = [
        ...new Set([...all, ...blocksOf(after)].map(([stack, type, name]) => `${stack} ${type}.${name}`)),
      ]
        .filter((key) => {
          const [stack = "", address = ""] = key.split(" ");
          const [type = "", name = ""] = [
            address.slice(0, address.indexOf(".")),
            address.slice(address.indexOf(".") + 1),
          ];
          return (
            JSON.stringify(before[stack].resource[type]?.[name]) !== JSON.stringify(after[stack].resource[type]?.[name])
          );
        })
        .sort();
      const head = treeOf(after);
      const changes = compare(base, head, facts);
      const direct = changes.filter(({ through, differences }) => through === undefined || differences.length > 0);
      expect(direct.map(({ stack, address }) => `${stack} ${address}`).sort()).toEqual(differing);
      const { entries } = packetOf({ base: { ref: "a", tree: base }, head: { ref: "b", tree: head }, changes });
      const named = entries
        .flatMap(({ addresses, stacks }) => addresses.map(() => stacks.length))
        .flatMap((n) => Array(n).fill(0));
      expect(named).toHaveLength(changes.length);
    }),
    { numRuns: 60 },
  );
});

const tenanciesIn = (stacks: Stacks) => Object.keys(stacks).filter((name) => name.endsWith("-tenancy"));
const grow = (stacks: Stacks, names = tenanciesIn(stacks)) => {
  for (const name of names)
    stacks[name].resource.openstack_compute_instance_v2.host_bastion_server.flavor_name = "huge";
};

test("equal changes of several stacks are said once, and one that deviates by itself", () => {
  const { entries, matrix } = packet((stacks) => {
    grow(stacks);
    stacks["lumi-production-tenancy"].resource.openstack_compute_instance_v2.host_bastion_server.flavor_name = "tiny";
  });
  expect(entries.map(({ level, stacks, construct }) => [level, construct, stacks])).toEqual([
    [
      "outage",
      "host/bastion",
      ["home-production-tenancy", "leonardo-production-tenancy", "marenostrum5-production-tenancy"],
    ],
    ["outage", "host/bastion", ["lumi-production-tenancy"]],
    ["review", "host/bastion", ["lumi-test-tenancy"]],
  ]);
  expect(matrix).toEqual([
    {
      site: "home",
      cells: {
        "production tenancy": { outage: 1 },
        "production vault": {},
        "production control-plane": {},
        "production modules": {},
      },
    },
    {
      site: "leonardo",
      cells: { "production tenancy": "= home", "production services": {}, "production modules": {} },
    },
    {
      site: "lumi",
      cells: {
        "production tenancy": { outage: 1 },
        "production services": {},
        "production modules": {},
        "test tenancy": { review: 1 },
      },
    },
    {
      site: "marenostrum5",
      cells: { "production tenancy": "= home", "production services": {}, "production modules": {} },
    },
  ]);
});

test("a stack is told by its name, and one that is not ours taken for production", () => {
  expect(readStackName("lumi-production-tenancy")).toEqual({
    site: "lumi",
    tenancy: "production",
    kind: "tenancy",
    isProduction: true,
  });
  expect(readStackName("north-2-test-b-tenancy")).toEqual({
    site: "north-2",
    tenancy: "test-b",
    kind: "tenancy",
    isProduction: false,
  });
  expect(readStackName("network")).toEqual({ site: "network", tenancy: "", kind: "stack", isProduction: true });
});

test("each cause is the stage that brings a change about; what no stage gives is unexplained", () => {
  const stage = (count: number) => {
    const stacks = committed();
    const names = ["home-production-tenancy", "leonardo-production-tenancy", "lumi-production-tenancy"];
    grow(stacks, names.slice(0, count));
    return treeOf(stacks);
  };
  const [base, code, here] = [stage(0), stage(1), stage(2)];
  const head = stage(3);
  const stages = [
    { cause: "code", tree: code },
    { cause: "site file", at: ["sites/leonardo.ts:9"], tree: here },
  ] as const;
  const changes = compare(base, head, facts);
  expect(changes.map((change) => [change.stack, causesOf(change, change.address, base, stages, head)])).toEqual([
    ["home-production-tenancy", { causes: ["code"], at: [] }],
    ["leonardo-production-tenancy", { causes: ["site file"], at: ["sites/leonardo.ts:9"] }],
    ["lumi-production-tenancy", { causes: ["unexplained"], at: [] }],
  ]);
  const { verdict } = packetOf({ base: { ref: "a", tree: base }, head: { ref: "b", tree: head }, changes, stages });
  expect(verdict.unexplained).toBe(1);
});

test("what a plan does to something that is the same all along is of an earlier change, and not unexplained", () => {
  const base = treeOf(committed());
  const grown = committed();
  grow(grown, ["lumi-production-tenancy"]);
  const changes = compare(base, treeOf(grown), facts);
  const stages = [{ cause: "code", tree: base }] as const;
  expect(changes.length).toBeGreaterThan(0);
  for (const change of changes)
    expect(causesOf(change, change.address, base, stages, base)).toEqual({ causes: ["earlier"], at: [] });
});

test("what is brought about by another has the cause of where it began, however far", () => {
  const base = treeOf(committed());
  const after = committed();
  after["lumi-production-tenancy"].resource.openstack_networking_subnet_v2.network_balancers_subnet.cidr =
    "10.20.12.0/23";
  const head = treeOf(after);
  const changes = compare(base, head, facts);
  expect(changes.filter(({ through }) => through !== undefined).length).toBeGreaterThan(5);
  const stages = [{ cause: "site file", tree: head }] as const;
  const { entries } = packetOf({ base: { ref: "a", tree: base }, head: { ref: "b", tree: head }, changes, stages });
  expect(new Set(entries.flatMap(({ causes }) => causes))).toEqual(new Set(["site file"]));
});

test("a comment is never longer than a forge takes, says what it leaves out, and lets nobody write markup", () => {
  const big = packet((stacks) => {
    for (const name of tenanciesIn(stacks))
      for (let i = 0; i < 300; i += 1)
        stacks[name].resource.openstack_networking_secgroup_rule_v2[`new-${i}`] = {
          "//": `x/group-${i}/new`,
          remote_ip_prefix: `193.0.${i % 256}.0/${24 + (i >> 8)}`,
          direction: "ingress",
        };
  });
  const comment = packetMarkdown(big);
  expect(comment.length).toBeLessThanOrEqual(longest);
  expect(comment).toMatch(/\*\d+ blocks more: databridge review --all\*/);
  const hostile = packet((stacks) => {
    stacks["lumi-test-tenancy"].resource.openstack_compute_instance_v2.host_bastion_server.flavor_name =
      "[x](http://y) @all <b>";
  });
  expect(packetMarkdown(hostile)).toContain("\\[x\\](http&#58;//y) \\@all \\<b\\>");
});

test("nobody forges a line, hides one, or obeys a terminal's words", () => {
  const evil = "fine\n\n# all is well\u001b[1A\u001b[2K\u202e";
  const hostile = packet((stacks) => {
    const { resource } = stacks["lumi-test-tenancy"];
    const server = resource.openstack_compute_instance_v2.host_bastion_server;
    server.flavor_name = evil;
    server.metadata.because = evil;
    server["//"] = `lumi-test-tenancy/host/${evil}/server`;
    resource.openstack_networking_router_v2[evil] = { name: evil };
  });
  for (const text of [packetText(hostile, plain, true), packetMarkdown(hostile)]) {
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{C}/u);
    expect(text).not.toMatch(/^# /m);
  }
});

test("one long line does not hide what fails", () => {
  const long = packet((stacks) => {
    for (let i = 0; i < 400; i += 1)
      stacks["lumi-test-tenancy"].resource.openstack_compute_instance_v2.host_bastion_server[`argument-${i}`] =
        "x".repeat(500);
  });
  const unwise = { rule: "r", target: "lumi.x", unwise: ["it is open"], isNew: true };
  const comment = packetMarkdown({ ...long, policy: [unwise] });
  expect(comment).toContain("lumi.x: it is open (r) · nobody answers for it");
  expect(comment.length).toBeLessThanOrEqual(longest);
});

test("what becomes of what is kept is told, of what moves and changes too", () => {
  const volume = "openstack_blockstorage_volume_v3";
  const { fates } = packet((stacks) => {
    const { resource } = stacks["lumi-production-tenancy"];
    const { "host_fdb-store-1_volume-data": one, "host_fdb-store-2_volume-data": two, ...others } = resource[volume];
    resource[volume] = {
      ...others,
      moved: { ...one, name: "other" },
      "host_fdb-store-2_volume-data": { ...two, availability_zone: "b" },
    };
    delete resource[volume]["host_fdb-store-3_volume-data"];
    stacks["lumi-production-tenancy"].moved = [
      { from: `${volume}.host_fdb-store-1_volume-data`, to: `${volume}.moved` },
    ];
  });
  expect(fates.map(({ address, fate }) => [address, fate])).toEqual([
    [`${volume}.host_fdb-store-2_volume-data`, "destroyed and made anew"],
    [`${volume}.host_fdb-store-3_volume-data`, "destroyed"],
    [`${volume}.moved`, `stays, was ${volume}.host_fdb-store-1_volume-data`],
  ]);
});

test("a secret key is not repeated", () => {
  const secret = packet((stacks) => {
    stacks["lumi-test-tenancy"].resource.openstack_compute_instance_v2.host_bastion_server.personality =
      "-----BEGIN PRIVATE KEY-----";
  });
  for (const text of [packetText(secret, plain, true), packetMarkdown(secret)]) expect(text).not.toContain("BEGIN");
});

test("nothing changes: that is all there is to say", () => {
  const nothing = packet(() => undefined);
  expect(packetText(nothing, plain)).toMatch(/^VERDICT {2}nothing changes/);
  expect(nothing.entries).toEqual([]);
  expect(nothing.base.digest).toBe(nothing.head.digest);
});

test("anything at all can be read as a stack", () => {
  fc.assert(
    fc.property(
      fc.object({
        maxDepth: 5,
        key: fc.constantFrom(
          "resource",
          "data",
          "terraform",
          "backend",
          "//",
          "moved",
          "a",
          "provider",
          "removed",
          "lifecycle",
        ),
      }),
      (json) => {
        const stack = readStack(json);
        const trees = [new Map([["a", stack]]), new Map()] as const;
        expect(compare(trees[0], trees[0], facts)).toEqual([]);
        for (const change of compare(trees[1], trees[0], facts)) expect(change.action).toMatch(/create|adopt/);
      },
    ),
  );
});

describe("files of hosts", () => {
  const name = "lumi-production-tenancy";
  const stack = committed()[name];
  const manifest = JSON.stringify({
    "/etc/a": { role: "time", restarts: "a.service" },
    "/etc/b": { role: "base", reloads: "b.service" },
  });
  const files = (is: Readonly<Record<string, string>>, host = "lumi-production-proxy") =>
    withHostFiles(
      treeOf({ [name]: stack }),
      new Map([
        ...Object.entries(is).map(([path, text]) => [`${host}${path}`, text] as const),
        [`${host}/restarts.json`, manifest],
      ]),
    );
  const told = (before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) =>
    compare(files(before), files(after), facts).map((change) => {
      const { level, reasons } = judge(change, true);
      return [change.address, level, ...reasons].join(" | ");
    });

  test("count like resources: what restarts is an outage, what is read anew to be looked at", () => {
    const before = { "/etc/a": "1", "/etc/b": "1", "/etc/c": "1", "/etc/d": "1" };
    expect(told(before, { "/etc/a": "2", "/etc/b": "2", "/etc/c": "2", "/etc/e": "1" })).toEqual([
      "file.lumi-production-proxy:/etc/a | outage | a.service restarts: /etc/a changes",
      "file.lumi-production-proxy:/etc/b | review | /etc/b changes, b.service reloads",
      "file.lumi-production-proxy:/etc/c | review | /etc/c changes",
      "file.lumi-production-proxy:/etc/d | review | /etc/d goes from the host",
      "file.lumi-production-proxy:/etc/e | safe",
    ]);
    expect(told(before, before)).toEqual([]);
  });
  test("are told with their host; a manifest that is no JSON tells nothing", () => {
    const [base, head] = [files({ "/etc/b": "1" }), files({ "/etc/b": "2" })];
    const changes = compare(base, head, facts);
    const { entries } = packetOf({ base: { ref: "a", tree: base }, head: { ref: "b", tree: head }, changes });
    expect(entries.map(({ construct, because }) => [construct, because])).toEqual([
      ["host/proxy", ["lumi.production.runs.proxy"]],
    ]);
    expect(withHostFiles(base, new Map([["lumi-production-proxy/restarts.json", "no"]])).get(name)).toEqual(
      base.get(name),
    );
  });
});

test("numbers that are not those of a quota are not told as if they were", () => {
  const { quota, notes } = packet((stacks) => {
    delete stacks["lumi-test-tenancy"].resource.openstack_compute_instance_v2.host_bastion_server;
  });
  expect(quota.map(({ what }) => what)).toContain("instances");
  expect(notes).toEqual([expect.stringMatching(/^quota counts resources of these stacks alone: /)]);
});

describe("values that are long", () => {
  const server = (value: unknown) => (stacks: Stacks) => {
    stacks["lumi-test-tenancy"].resource.openstack_compute_instance_v2.host_bastion_server.argument = value;
  };
  const reason = (was: unknown, is: unknown) => {
    const [before, after] = [committed(), committed()];
    server(was)(before);
    server(is)(after);
    const [base, head] = [treeOf(before), treeOf(after)];
    const changes = compare(base, head, facts);
    const { entries } = packetOf({ base: { ref: "a", tree: base }, head: { ref: "b", tree: head }, changes });
    return entries[0]?.reasons.join();
  };
  const policy = (capability: string) =>
    `# who lumi-test-bastion is\npath "auth/approle/role/host" {\n  capabilities = ["${capability}"]\n}\n# the end`;
  test("are shown from where they differ, text and what is written as JSON", () => {
    expect(reason(policy("read"), policy("update"))).toMatch(
      /: …\{ {3}capabilities = \["read"\] \} # the end → …\{ {3}capabilities = \["update"\] \} # the end$/,
    );
    const spec = (port: number) => [{ block: "192.0.2.0/24", except: "x".repeat(60), port }];
    expect(reason(spec(80), spec(443))).toMatch(/: 80 → 443$/);
    expect(reason(JSON.stringify(spec(80)), JSON.stringify(spec(443)))).toMatch(
      /: …x{15}","port":80\}\] → …x{15}","port":443\}\]$/,
    );
  });
  test("are shown from their beginning if that differs, and short ones whole", () => {
    expect(reason("a".repeat(99), "b".repeat(99))).toMatch(/: a{59}… → b{59}…$/);
    expect(reason("the same one", "the same two")).toMatch(/: the same one → the same two$/);
  });
});
