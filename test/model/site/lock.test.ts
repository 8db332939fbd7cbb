import { emptyLock, lockText, readLock, readPublicKey, Unreadable } from "../../../model/site/lock";
import { root } from "../roots";

const told = (written: unknown) => readLock(written, "north").problems.map(({ path, value }) => [path, value]);

describe("a lock", () => {
  test("that is missing is empty", () =>
    expect(readLock(undefined, "north")).toEqual({ value: emptyLock, problems: [] }));

  test("reads what it writes", () => {
    const lock = {
      version: 1,
      stacks: { b: { state: "s3://b/k", stateful: { "t.b": "volume", "t.a": "bucket" } } },
      learned: { production: { router: "192.0.2.1", public: { proxy: "192.0.2.2" } } },
      trust: { sshUserCa: "ssh-ed25519 AAAA" },
    };
    const { value, problems } = readLock(lock, "north");
    expect(problems).toEqual([]);
    expect(JSON.parse(lockText(value))).toEqual(lock);
    expect(lockText(value).split("\n").slice(12, 16)).toEqual([
      '      "stateful": {',
      '        "t.a": "bucket",',
      '        "t.b": "volume"',
      "      }",
    ]);
  });

  test("says which version this program reads", () =>
    expect(readLock({ version: 8 }, "north").problems).toEqual([
      {
        path: "north.lock.version",
        value: 8,
        allowed: "1 to 7, the versions that this program reads",
        fix: "use the program that wrote it, or write the version",
      },
    ]));

  test("is of a later version once it holds what an older program would leave out", () => {
    const trust = { sshUserCa: "ssh-ed25519 AAAA", revoked: { lost: "sk-ssh-ed25519@openssh.com AAAB" } };
    expect(readLock({ version: 1, trust }, "north")).toMatchObject({ value: { version: 2, trust }, problems: [] });
    expect(readLock({ version: 2, trust: { sshUserCa: "ssh-ed25519 AAAA" } }, "north").value.version).toBe(1);
    const learned = { production: { public: {}, clusterCa: root } };
    expect(readLock({ version: 1, learned }, "north")).toMatchObject({ value: { version: 3, learned }, problems: [] });
    const sources = { "eckit-1.32.4": "a".repeat(64) };
    expect(readLock({ version: 1, sources }, "north")).toMatchObject({ value: { version: 5, sources }, problems: [] });
    const holds = {
      "north-production-tenancy": { reason: "why", until: "2027-01-31", by: "Ada", since: "2027-01-01" },
    };
    expect(readLock({ version: 1, holds }, "north")).toMatchObject({ value: { version: 6, holds }, problems: [] });
    expect(readLock({ version: 6, holds: {} }, "north").value.version).toBe(1);
    const stack = { state: "s3://b/k", stateful: {}, layouts: { fdb: "a".repeat(64) } };
    const stacks = { "north-production-tenancy": stack };
    expect(readLock({ version: 1, stacks }, "north")).toMatchObject({ value: { version: 7, stacks }, problems: [] });
    expect(readLock({ version: 1, stacks: { x: { ...stack, layouts: { fdb: "b" } } } }, "north").problems).toHaveLength(
      1,
    );
    for (const ca of ["sshHostCa", "sshHostCaToo", "sshOutwardCa", "sshOutwardCaToo"])
      expect(readLock({ version: 1, learned, trust: { [ca]: "ssh-ed25519 AAAA" } }, "north")).toMatchObject({
        value: { version: 4 },
        problems: [],
      });
  });

  test.each<[string, unknown, string, unknown]>([
    [
      "a key beside a certificate",
      { version: 2, trust: { tlsRoot: `${root}\nPRIVATE` } },
      "north.lock.trust.tlsRoot",
      "string, not shown",
    ],
    [
      "a key beside the CA of a cluster",
      { version: 3, learned: { p: { clusterCa: "-----BEGIN PRIVATE KEY-----" } } },
      "north.lock.learned.p.clusterCa",
      "string, not shown",
    ],
    [
      "a private key of a cluster",
      { version: 3, learned: { p: { clusterKey: "-----BEGIN PRIVATE KEY-----" } } },
      "north.lock.learned.p.clusterKey",
      "string, not shown",
    ],
    ["an unknown key", { version: 1, stakcs: { a: "secret" } }, "north.lock.stakcs", "{…}"],
    ["a stack without state", { version: 1, stacks: { a: {} } }, "north.lock.stacks.a.state", undefined],
    [
      "a private address",
      { version: 1, learned: { p: { router: "10.0.0.1" } } },
      "north.lock.learned.p.router",
      "10.0.0.1",
    ],
    [
      "a shared address",
      { version: 1, learned: { p: { public: { h: "100.64.0.1" } } } },
      "north.lock.learned.p.public.h",
      "100.64.0.1",
    ],
    [
      "a private key",
      { version: 1, trust: { sshUserCa: "PRIVATE" } },
      "north.lock.trust.sshUserCa",
      "string, not shown",
    ],
    [
      "what looks like a certificate and is none",
      { version: 2, trust: { tlsRoot: root.replace("MIIB", "MIIC") } },
      "north.lock.trust.tlsRoot",
      "string, not shown",
    ],
    ["no object", [], "north.lock", "object, not shown"],
    ["no JSON", new Unreadable("merge conflict at line 3", "mend it"), "north.lock", "merge conflict at line 3"],
  ])("with %s is refused, without repeating what may be secret", (_, written, path, value) =>
    expect(told(written)).toEqual([[path, value]]));

  test("that is not sound stands for an empty one, so that the rest can be checked", () =>
    expect(readLock({ version: 1, learned: 7, trust: { sshUserCa: "ssh-ed25519 AAAA" } }, "north").value).toEqual({
      ...emptyLock,
      trust: { sshUserCa: "ssh-ed25519 AAAA" },
    }));
});

test("a public key is read with and without its comment, and alone", () => {
  for (const text of ["ssh-ed25519 AAAA", "ssh-ed25519 AAAA me@desk", "ssh-ed25519 AAAA of the platform\n"])
    expect(readPublicKey(text)).toBe("ssh-ed25519 AAAA");
  for (const text of ["AAAA", "ssh-dss AAAA", "ssh-ed25519 AAAA\nssh-ed25519 BBBB", ""])
    expect(readPublicKey(text)).toBeUndefined();
});
