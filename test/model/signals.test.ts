import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { bastion, proxy } from "../../constructs/edge/spec";
import { vaultAgent } from "../../constructs/vault/spec";
import { gather } from "../../model/gather";
import type { Registers } from "../../model/registers";
import type { SignalEntry } from "../../model/signal-entries";
import { numberOf, runbooks, type SignalNeed, severities, type Thresholds } from "../../model/site/signal";
import {
  acknowledge,
  days,
  hours,
  operatorCertificate,
  pending,
  person,
  service,
  signedKey,
  slurm,
} from "../../model/vocabulary";
import { learned, north, saying, tenancy } from "./platform";
import { root, rootEnds } from "./roots";
import {
  host,
  platform,
  reads,
  secret,
  service as serves,
  settled,
  shows,
  sites,
  thing,
  told,
  vaultAt,
  web,
} from "./vault";

const signal = (is: object = {}): SignalNeed => ({
  need: "signal",
  signal: "platform_thing_expiry_timestamp_seconds",
  by: { role: "thing", file: { kind: "x509", path: "/etc/thing/other.crt" } },
  what: "another certificate",
  why: "somebody refuses it",
  runbook: "docs/runbooks/expiry.md#certificates",
  ...is,
});
const stating = (...needs: readonly SignalNeed[]) => ({
  runs: [saying({ ...thing, needs: [...thing.needs, ...needs] })],
});
const of = ({ registers }: { readonly registers: Registers }, name: string): readonly SignalEntry[] =>
  registers.signals.filter((each) => each.signal === `platform_${name}`);
const only = (all: readonly SignalEntry[]): SignalEntry => {
  const [first, ...more] = all;
  if (!first || more.length > 0) throw new Error(`${all.length} signals, not one`);
  return first;
};
/** Seconds, or numbers, by severity. */
const numbers = ({ thresholds }: Pick<SignalEntry, "thresholds">) =>
  Object.fromEntries(Object.entries(thresholds).map(([severity, each]) => [severity, numberOf(each)]));
/** Hosts and files. */
const readBy = ({ by }: SignalEntry) =>
  "hosts" in by ? by.hosts.map(({ host: { id }, from }) => [id, from?.kind, from?.path]) : by;
const day = 86_400;
/** What stands around a thing. */
const around = [bastion(), proxy(), vaultAgent({ at: vaultAt })];

describe("what a component states", () => {
  test("is of its tenancy, and read on the hosts of its role", () => {
    const found = only(of(platform(stating(signal())), "thing_expiry_timestamp_seconds"));
    expect([found.id, found.labels, found.owner, found.because]).toEqual([
      "north-production/platform_thing_expiry_timestamp_seconds",
      { site: "north", tenancy: "production", environment: "production" },
      "team",
      "north.production.runs.thing",
    ]);
    expect(readBy(found)).toEqual([
      ["north-production-thing-1", "x509", "/etc/thing/other.crt"],
      ["north-production-thing-2", "x509", "/etc/thing/other.crt"],
    ]);
    expect(numbers(found)).toEqual({ info: 30 * day, warning: 14 * day, critical: 3 * day });
    expect(found.for.seconds).toBe(15 * 60);
  });
  test("is read on hosts that do not wait to be promoted alone, if it says so", () => {
    const hosts = [host("thing-1", 50, ["thing"]), { ...host("thing-2", 51, ["thing"]), waits: true }];
    const by = { role: "thing", active: true, file: { kind: "x509", path: "/etc/thing/other.crt" } };
    const runs = [saying({ ...thing, hosts, needs: [...thing.needs, signal({ by })] })];
    expect(readBy(only(of(platform({ runs }), "thing_expiry_timestamp_seconds")))).toEqual([
      ["north-production-thing-1", "x509", "/etc/thing/other.crt"],
    ]);
  });
  test("may be a day that it knows, and ends with that day", () => {
    const found = only(
      of(platform(stating(signal({ by: { stated: "2027-06-30" } }))), "thing_expiry_timestamp_seconds"),
    );
    expect(found.by).toEqual({ ends: Date.UTC(2027, 6, 1) / 1000 });
  });

  const at = "north.production.runs.thing.needs.platform_thing_expiry_timestamp_seconds";
  test.each<[string, object, string]>([
    [
      "hosts of no role",
      { by: { role: "thingy", file: { kind: "x509", path: "/etc/thing/other.crt" } } },
      `${at} | thingy | hosts of the tenancy, by role: `,
    ],
    [
      "a series that nobody exposes",
      { by: { role: "thing" } },
      `${at} | platform_thing_expiry_timestamp_seconds | a metric of a scrape of the tenancy, one that is brought, or a recording | state the scrape that has it`,
    ],
    [
      "an unknown runbook",
      { runbook: "docs/runbooks/expiri.md#certificates" },
      `${at}.runbook | docs/runbooks/expiri.md#certificates | a page of docs/runbooks with an anchor, aviso.md, backup.md, cluster.md, ecflow.md, ecpds.md, edge.md, expiry.md, fdb.md, gitops.md, hpc.md, modules.md, monitoring.md, polytope.md, vault.md, or an URL | did you mean "expiry"?`,
    ],
    ["a runbook without an anchor", { runbook: "docs/runbooks/expiry.md" }, `${at}.runbook | `],
    [
      "a louder threshold that is passed before",
      { thresholds: { warning: { left: days(3) }, critical: { left: days(14) } } },
      `${at}.thresholds | [object Object] | thresholds of which a louder one is passed later | exchange them`,
    ],
    ["two that are passed at once", { thresholds: { info: { left: days(3) }, warning: { left: days(3) } } }, at],
    [
      "a louder age that is passed before",
      {
        by: { role: "thing", file: { kind: "age-of-file", path: "/srv/*.snap" } },
        thresholds: { warning: { age: days(3) }, critical: { age: days(1) } },
      },
      `${at}.thresholds | [object Object] | thresholds of which a louder one is passed later`,
    ],
    [
      "thresholds of two sorts",
      { by: { role: "thing" }, thresholds: { info: { left: days(3) }, warning: { age: days(9) } } },
      `${at}.thresholds`,
    ],
    ["none", { thresholds: {} }, `${at}.thresholds`],
    [
      "an age of what ends",
      { thresholds: { warning: { age: days(3) } } },
      `${at}.thresholds | [object Object] | left of what ends, age of what was done`,
    ],
    ["what is left of what was done", { by: { role: "thing", file: { kind: "age-of-file", path: "/srv/a" } } }, at],
    ["a label of all series", { labels: { site: "south" } }, `${at}.labels.site | `],
    ["an active day", { by: { stated: "2027-02-20", active: true } }, `${at}.by | `],
    ["a day that is none", { by: { stated: "2027-02-30" } }, `${at}.by.stated | `],
    [
      "a path that is none",
      { by: { role: "thing", file: { kind: "x509", path: "/etc/../x" } } },
      `${at}.by.file.path | `,
    ],
    [
      "a time without its unit",
      { signal: "platform_thing_expiry" },
      `${at.replace("_timestamp_seconds", "")}.signal | `,
    ],
  ])("is refused with %s", (_, is, line) => {
    const lines = told(stating(signal(is)));
    expect(lines.filter((each) => each.startsWith(line)).length).toBe(1);
    expect(lines).toHaveLength(1);
  });
  test("is refused twice, and where labels of one are among those of another", () => {
    expect(told(stating(signal({ labels: { of: "a" } }), signal({ labels: { of: "b" } })))).toEqual([]);
    for (const labels of [{ of: "a" }, { of: "a", more: "b" }])
      expect(told(stating(signal({ labels: { of: "a" } }), signal({ labels })))).toHaveLength(1);
    const same = signal({ signal: "platform_certificate_expiry_timestamp_seconds", labels: { certificate: "door" } });
    expect(told(stating(same))).toEqual([
      "north.production.runs.thing.needs.platform_certificate_expiry_timestamp_seconds | north/production/production/door | labels by which it is told from that of north.production.runs.thing, north/production/production/door | give it a label",
    ]);
  });
});

describe("thresholds", () => {
  test("of any lifetime ring later, the louder they are", () =>
    fc.assert(
      fc.property(fc.integer({ min: 9 * 24, max: 270 * 24 }), (n) => {
        const runs = [saying({ ...thing, needs: [reads(), shows({ lifetime: hours(n) })] })];
        const { warning = 0, critical = 0 } = numbers(
          only(of(platform({ runs }), "certificate_expiry_timestamp_seconds").filter(mine)),
        );
        // Renewed when a third is left: before that nobody is rung, and a tenth is left to somebody.
        expect(warning).toBeLessThan((n * 3600) / 3);
        expect(warning).toBeGreaterThan(critical);
        expect(critical).toBeGreaterThan(n * 3600 * 0.08);
      }),
      { numRuns: 20 },
    ));
  test("of all signals of all kinds are in order", () => {
    for (const { id, thresholds } of everything().registers.signals)
      expect([id, inOrder(thresholds)]).toEqual([id, true]);
  });
  const inOrder = (all: Thresholds): boolean => {
    const said = severities.flatMap((severity) => all[severity] ?? []);
    const values = said.map((each) => ("age" in each ? numberOf(each) : -numberOf(each)));
    return said.length > 0 && values.every((value, i) => i === 0 || value > (values[i - 1] ?? value));
  };
});

const mine = ({ labels }: SignalEntry): boolean => labels.site === "north";

/** A platform in which something of every kind ends. */
function everything() {
  const facts = north({}).supercomputer?.facts as object;
  const account = { ...service("svc", "project"), expires: "2027-03-31" };
  const is = {
    supercomputer: slurm("polaris", {
      ...facts,
      auth: signedKey(days(9)),
      accounts: { production: account },
      people: { jane: { ...person("jane", "project"), expires: "2027-01-31" } },
    } as never),
    acknowledged: [
      acknowledge("image-assumed", ["cloud.images.debian12"], {
        reason: "a test",
        owner: "another",
        until: "2027-05-31",
      }),
    ],
  };
  const ecflow = {
    server: "prod",
    on: { role: "thing" },
    service: "door",
    home: "/srv/home/ecf",
    users: { jane: { is: "person" as const, until: "2027-02-28", why: "a guest" } },
  };
  const runs = [
    saying({
      ...thing,
      ecflow: [ecflow],
      needs: [
        ...thing.needs,
        {
          need: "flow",
          from: { role: "thing" },
          to: { supercomputer: "polaris", nodes: "login" },
          traffic: { proto: "tcp", from: 22, to: 22 },
          why: "submits",
        },
      ],
    }),
  ];
  const grants = { "polaris.login": { state: "granted" as const, ticket: "T-1", until: "2027-06-30" } };
  const production = tenancy({ grants, runs: [...around, ...runs] });
  const all = [north({ production }, is), sites()[1]];
  const locks = {
    south: { version: 4, trust: { sshHostCa: "ssh-ed25519 AAAA", sshOutwardCa: "ssh-ed25519 AAAB", tlsRoot: root } },
  };
  return gather(all, locks);
}

describe("every expiry is a signal:", () => {
  const all = everything();
  test("the platform of these tests is sound", () => expect(all.problems).toEqual([]));
  test.each<[string, string, unknown, Record<string, number>]>([
    [
      "north-production/platform_certificate_expiry_timestamp_seconds/door",
      "a certificate that an agent keeps, as a share of its 30 days",
      [
        ["north-production-thing-1", "x509", "/etc/thing/tls.crt"],
        ["north-production-thing-2", "x509", "/etc/thing/tls.crt"],
      ],
      { warning: 9 * day, critical: 3 * day },
    ],
    [
      "south-production/platform_certificate_expiry_timestamp_seconds/vault",
      "one that nothing renews",
      [1, 2, 3].map((n) => [`south-production-vault-${n}`, "x509", "/etc/openbao/tls/tls.crt"]),
      { info: 30 * day, warning: 14 * day, critical: 3 * day },
    ],
    [
      "north-production/platform_issuer_expiry_timestamp_seconds",
      "its issuer, before the last quarter of three years",
      [
        ["north-production-thing-1", "x509-issuers", "/etc/thing/tls.crt"],
        ["north-production-thing-2", "x509-issuers", "/etc/thing/tls.crt"],
      ],
      { info: 383 * day, warning: 328 * day, critical: 273 * day },
    ],
    [
      "north-production/platform_root_expiry_timestamp_seconds/vault",
      "the root above",
      [
        ["north-production-thing-1", "x509", "/etc/thing/ca.crt"],
        ["north-production-thing-2", "x509", "/etc/thing/ca.crt"],
      ],
      { info: 730 * day, warning: 365 * day, critical: 182 * day },
    ],
    [
      "south-production/platform_root_expiry_timestamp_seconds/tlsRoot",
      "the root that was made by hand",
      { ends: rootEnds },
      { info: 90 * day, warning: 30 * day, critical: 7 * day },
    ],
    [
      "north-production/platform_ssh_certificate_expiry_timestamp_seconds/polaris",
      "a login that Vault signs for nine days",
      [
        ["north-production-thing-1", "ssh-certificate", "/etc/platform/hpc/polaris-cert.pub"],
        ["north-production-thing-2", "ssh-certificate", "/etc/platform/hpc/polaris-cert.pub"],
      ],
      { warning: 64 * 3600, critical: 36 * 3600 },
    ],
    [
      "north-production/platform_secret_written_timestamp_seconds/thing/feed",
      "a secret, two weeks before it is to be another one",
      [
        ["north-production-thing-1", "secret", "kv-north-production/production/thing/feed"],
        ["north-production-thing-2", "secret", "kv-north-production/production/thing/feed"],
      ],
      { warning: 351 * day, critical: 365 * day },
    ],
    [
      "south-production/platform_snapshot_timestamp_seconds/vault",
      "a snapshot that is made every six hours",
      [1, 2, 3].map((n) => [`south-production-vault-${n}`, "age-of-file", "/srv/raft/snapshots/*.snap"]),
      { warning: 13 * 3600, critical: 25 * 3600 },
    ],
    [
      "north/platform_account_expiry_timestamp_seconds/supercomputer.accounts.production",
      "an account",
      { ends: Date.UTC(2027, 3, 1) / 1000 },
      { info: 30 * day, warning: 14 * day, critical: 3 * day },
    ],
    [
      "north/platform_account_expiry_timestamp_seconds/supercomputer.people.jane",
      "an account of a person",
      { ends: Date.UTC(2027, 1, 1) / 1000 },
      { info: 30 * day, warning: 14 * day, critical: 3 * day },
    ],
    [
      "north-production/platform_grant_expiry_timestamp_seconds/production.grants.polaris.login",
      "what an operator opened",
      { ends: Date.UTC(2027, 6, 1) / 1000 },
      { info: 30 * day, warning: 14 * day, critical: 3 * day },
    ],
    [
      "north-production/platform_user_expiry_timestamp_seconds/production.runs.thing.users.jane",
      "a user of an ecFlow server",
      { ends: Date.UTC(2027, 2, 1) / 1000 },
      { info: 14 * day, warning: day },
    ],
    [
      "north/platform_acknowledgement_expiry_timestamp_seconds/image-assumed/cloud.images.debian12",
      "an acknowledgement",
      { ends: Date.UTC(2027, 5, 1) / 1000 },
      { info: 30 * day, warning: 14 * day },
    ],
  ])("%s, %s", (id, _, by, thresholds) => {
    const found = only(all.registers.signals.filter((each) => each.id === id));
    expect([readBy(found), numbers(found)]).toEqual([by, thresholds]);
  });

  test("a host key, of every host with an agent, once its CA is learned", () => {
    const found = only(
      of(all, "ssh_certificate_expiry_timestamp_seconds").filter(
        ({ id }) => id.startsWith("north") && id.endsWith("/host"),
      ),
    );
    expect(readBy(found)).toContainEqual([
      "north-production-bastion",
      "ssh-certificate",
      "/etc/ssh/ssh_host_ed25519_key-cert.pub",
    ]);
    expect(numbers(found)).toEqual({ warning: 9 * day, critical: 5 * day });
    expect(of(settled(), "ssh_certificate_expiry_timestamp_seconds")).toEqual([]);
  });
  test("what a host logs in to Vault by, when a quarter of its time is left", () => {
    const found = only(of(all, "vault_login_timestamp_seconds").filter(mine));
    expect(readBy(found)).toContainEqual(["north-production-proxy", "age-of-file", "/var/lib/vault-agent/secret-id"]);
    expect(numbers(found)).toEqual({ warning: 27 * day, critical: 33 * day });
  });
  test("each tells what to do, in a runbook that is there", () => {
    const folder = join(__dirname, "../../docs/runbooks");
    expect(readdirSync(folder).sort()).toEqual(runbooks.map((name) => `${name}.md`));
    const pages = new Set(all.registers.signals.map(({ runbook }) => runbook));
    expect(pages.size).toBeGreaterThan(12);
    for (const page of pages) {
      const [name = "", anchor] = page.replace("docs/runbooks/", "").split("#");
      const headings = [...readFileSync(join(folder, name), "utf8").matchAll(/^#+ (.+)$/gm)].map(([, text = ""]) =>
        text
          .toLowerCase()
          .replace(/[^a-z0-9 -]/g, "")
          .replaceAll(" ", "-"),
      );
      expect([page, headings.includes(anchor ?? "")]).toEqual([page, true]);
    }
  });
  test("whom each rings: who owns the tenancy, writes the secret, decided", () => {
    const owner = (id: string) => all.registers.signals.find((each) => each.id.startsWith(id))?.owner;
    expect(owner("north/platform_acknowledgement")).toBe("another");
    expect(owner("north/platform_account")).toBe("team");
    const written = platform({ runs: [saying({ ...thing, secrets: [secret({ writer: "writers" })] })] });
    expect(only(of(written, "secret_written_timestamp_seconds").filter(mine)).owner).toBe("writers");
  });
});

describe("a certificate of an operator", () => {
  const auth = operatorCertificate({
    ca: "https://ca.example.org",
    fingerprint: "00",
    lifetime: hours(12),
    renewal: "person",
  });
  const flow = {
    need: "flow" as const,
    from: { role: "thing" },
    to: { supercomputer: "polaris", nodes: "login" as const, as: "svc" },
    traffic: { proto: "tcp" as const, from: 22, to: 22 },
    why: "submits",
  };
  const found = (agreement?: unknown) => {
    const facts = north({}).supercomputer?.facts as object;
    const supercomputer = slurm("polaris", { ...facts, auth, ...(agreement ? { agreement } : {}) } as never);
    const runs = [...around, saying({ ...thing, needs: [...thing.needs, flow] })];
    return of(
      gather([north({ production: tenancy({ runs }) }, { supercomputer }), sites()[1]]),
      "ssh_certificate_expiry_timestamp_seconds",
    );
  };
  test("rings two of twelve hours before it ends", () => {
    expect(numbers(only(found("agreed")))).toEqual({ warning: 216 * 60, critical: 2 * 3600 });
    expect(readBy(only(found("agreed")))).toContainEqual([
      "north-production-thing-1",
      "ssh-certificate",
      "/etc/platform/hpc/polaris-cert.pub",
    ]);
  });
  test("rings nobody while the login is only asked for", () => expect(found(pending("the operator"))).toEqual([]));
});

describe("what pods have", () => {
  const pods = platform({
    runs: [
      saying({
        ...web,
        clusters: [
          {
            product: "existing",
            outside: "front-ends",
            version: "v1.34.4",
            pods: "10.42.0.0/16" as never,
            services: "10.43.0.0/16" as never,
          },
        ],
        secrets: [secret()],
        services: [serves({ on: { workload: "web" } })],
        needs: [reads({ by: { workload: "web" } }), shows({ by: { workload: "web" } })],
      }),
    ],
  });
  test("is a signal that nothing asks for yet", () => {
    expect(
      of(pods, "certificate_expiry_timestamp_seconds")
        .filter(mine)
        .map(({ by }) => by),
    ).toEqual([{ pods: "web" }]);
    expect(
      of(pods, "secret_written_timestamp_seconds")
        .filter(mine)
        .map(({ by }) => by),
    ).toEqual([{ pods: "web" }]);
  });
});

describe("every host", () => {
  test("tells that it looked, and what it could not read; one that tells nothing rings too", () => {
    const { signals, places } = platform().registers;
    for (const name of ["platform_expiry_run_timestamp_seconds", "platform_expiry_readable"])
      expect(
        signals
          .filter((each) => each.signal === name)
          .flatMap(({ by }) => ("hosts" in by ? by.hosts.map(({ host: { id } }) => id) : [])),
      ).toEqual(places.flatMap(({ hosts }) => hosts.map(({ id }) => id)));
    expect(signals.filter(({ silent }) => silent).map((each) => each.signal)).toEqual([
      "platform_expiry_run_timestamp_seconds",
      "platform_expiry_run_timestamp_seconds",
    ]);
  });
});

test("each certificate and each secret has exactly one signal, whatever runs", () => {
  const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 5 });
  fc.assert(
    fc.property(names, names, fc.boolean(), (shown, secrets, agents) => {
      const runs = [
        saying({
          hosts: [host("thing-1", 50, ["thing"]), host("thing-2", 51, ["thing"])],
          services: shown.map((service) => serves({ service })),
          secrets: secrets.map((name) => secret({ secret: name })),
          needs: [
            ...shown.map((service) =>
              shows({
                service,
                files: {
                  certificate: `/etc/${service}.crt`,
                  key: `/etc/${service}.key`,
                  issuers: `/etc/${service}.ca`,
                },
              }),
            ),
            ...secrets.map((name) => reads({ secret: name, file: `/etc/secret-${name}` })),
          ],
        }),
      ];
      const agent = agents ? [vaultAgent({ at: vaultAt })] : [];
      const { registers, problems } = learned(sites({ runs, agent }));
      expect(problems).toEqual([]);
      const counted = (signal: string, label: string, place: string, name: string) =>
        registers.signals.filter((each) => each.id === `${place}/${signal}/${name}` && each.labels[label] === name)
          .length;
      for (const { place, service } of registers.certificates)
        expect(counted("platform_certificate_expiry_timestamp_seconds", "certificate", place.id, service)).toBe(1);
      for (const { place, id } of registers.secrets)
        expect(
          counted("platform_secret_written_timestamp_seconds", "secret", place.id, id.slice(place.id.length + 1)),
        ).toBe(1);
      expect(new Set(registers.signals.map(({ id }) => id)).size).toBe(registers.signals.length);
    }),
    { numRuns: 25 },
  );
});
