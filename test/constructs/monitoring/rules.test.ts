import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { collector } from "../../../constructs/collector/spec";
import { filesOf } from "../../../constructs/files";
import { monitoring } from "../../../constructs/monitoring/spec";
import type { HostFile } from "../../../model/host-file";
import type { SignalNeed } from "../../../model/site/signal";
import { hours, mbitPerSecond } from "../../../model/vocabulary";
import { saying } from "../../model/platform";
import { platform, reads, secret, thing, vaultAt } from "../../model/vault";

const signal = (is: object = {}): SignalNeed => ({
  need: "signal",
  signal: "platform_thing_expiry_timestamp_seconds",
  by: { role: "thing", file: { kind: "x509", path: "/etc/thing/other.crt" } },
  labels: { of: 'a "b" \\' },
  thresholds: { warning: { left: hours(3) } },
  what: "a thing of {{ braces }}",
  why: "it ends",
  runbook: "docs/runbooks/expiry.md#certificates",
  ...is,
});
const gathers = collector({ survives: hours(1), at: mbitPerSecond(1), deliversTo: vaultAt });
/** Files of a host, once this is stated. */
const files = (host: string, ...needs: readonly SignalNeed[]): ReadonlyMap<string, string> =>
  new Map(filesAt(host, ...needs).map(({ path, text }) => [path, text]));
function filesAt(host: string, ...needs: readonly SignalNeed[]): readonly HostFile[] {
  const secrets = [secret({ keys: ["password", "another"] })];
  const another = reads({ key: "another", file: "/etc/thing/another" });
  const metrics = [...new Set(needs.map((each) => each.signal))].map((metric) => ({ metric, what: "a test" }));
  const exposed = metrics.length === 0 ? {} : { scrapes: [{ scrape: "thing", service: "door", metrics }] };
  const runs = [saying({ ...thing, secrets, ...exposed, needs: [...thing.needs, another, ...needs] }), gathers];
  const { registers, problems } = platform({ runs, there: [monitoring({ readBy: [] }), gathers] });
  expect(problems).toEqual([]);
  const found = registers.places.flatMap((place) => place.hosts.map((host) => ({ place, host })));
  const at = found.find((each) => each.host.id === host);
  return at ? filesOf(at.host, at.place, registers) : [];
}
const home = "south-production-monitoring";
const rulesFolder = "/etc/prometheus/rules/";
const rulesIn = (text = "groups: []") =>
  (parse(text) as { groups: { name: string; rules: object[] }[] }).groups.flatMap(({ rules }) => rules);
const rules = (name: string, ...needs: readonly SignalNeed[]) =>
  rulesIn(files(home, ...needs).get(`/etc/prometheus/rules/${name}.yml`));

test("what hosts expose rings with the labels of its series, and says whom, why and what to do", () =>
  expect(rules("platform_thing_expiry_timestamp_seconds", signal())).toEqual([
    {
      alert: "PlatformThingExpiry",
      expr: 'platform_thing_expiry_timestamp_seconds{environment="production",of="a \\"b\\" \\\\",site="north",tenancy="production"} - time() < 10800',
      for: "15m",
      labels: { severity: "warning", owner: "team" },
      annotations: {
        summary: '{{ $labels.host }}: a thing of {{ "{{" }} braces }}: {{ $value | humanizeDuration }} left',
        description: "it ends",
        runbook: "docs/runbooks/expiry.md#certificates",
      },
    },
  ]));

test("what is stated is a series that never changes, and rings by its path", () => {
  const needs = [signal({ by: { stated: "2027-06-30" } })];
  expect(rules("platform-stated", ...needs)).toEqual([
    {
      record: "platform_thing_expiry_timestamp_seconds",
      expr: `vector(${Date.UTC(2027, 6, 1) / 1000})`,
      labels: { site: "north", tenancy: "production", environment: "production", of: 'a "b" \\' },
    },
  ]);
  expect(rules("platform_thing_expiry_timestamp_seconds", ...needs)).toMatchObject([
    { annotations: { summary: expect.stringMatching(/^north\.production\.runs\.thing: /) } },
  ]);
});

test("a number rings below, an age above its threshold", () => {
  const [below, age] = [{ below: 0.5 }, { age: hours(2) }].map(
    (critical) =>
      rules("platform_thing_expiry_timestamp_seconds", signal({ by: { role: "thing" }, thresholds: { critical } }))[0],
  );
  expect(below).toMatchObject({ expr: expect.stringMatching(/^platform_thing_.*\} < 0\.5$/) });
  expect(age).toMatchObject({ expr: expect.stringMatching(/^time\(\) - platform_thing_.*\} > 7200$/) });
});

test("a number rings above, and of several series each is told", () =>
  expect(
    rules(
      "tiles_dropped",
      signal({ signal: "tiles_dropped", by: { role: "thing" }, each: ["queue"], thresholds: { info: { above: 0 } } }),
    ),
  ).toMatchObject([
    {
      alert: "TilesDropped",
      expr: expect.stringMatching(/^tiles_dropped\{.*\} > 0$/),
      annotations: { summary: expect.stringMatching(/, \{\{ \$labels\.queue \}\}: \{\{ \$value \}\}$/) },
    },
  ]));

test("what is to be done each day rings from its time on", () =>
  expect(
    rules(
      "platform_thing_expiry_timestamp_seconds",
      signal({ by: { role: "thing" }, thresholds: { critical: { by: "06:30" } } }),
    ),
  ).toMatchObject([
    { expr: expect.stringMatching(/^platform_thing_.*\} < time\(\) - 23400 - \(time\(\) - 23400\) % 86400$/) },
  ]));

test("hosts and sites ring by names of their own, and only where somebody gathers", () => {
  const names = (text = "") => [...new Set(rulesIn(text).map((rule) => ("alert" in rule ? rule.alert : "")))].sort();
  const up = "/etc/prometheus/rules/up.yml";
  expect(names(files(home).get(up))).toEqual(["HostDown", "ScrapeDown", "SiteSilent"]);
  const { registers } = platform({ there: [monitoring({ readBy: [] })] });
  const place = registers.places.find(({ hosts }) => hosts.some(({ id }) => id === home));
  const host = place?.hosts.find(({ id }) => id === home);
  const paths = place && host ? filesOf(host, place, registers).map(({ path }) => path) : [];
  expect(paths.filter((path) => path.startsWith("/etc/prometheus/rules/"))).toEqual([
    "/etc/prometheus/rules/platform-recorded.yml",
  ]);
});

describe("a file that is made again and again", () => {
  const by = { role: "thing", file: { kind: "age-of-file" as const, path: "/srv/kept/*.snap" } };
  const name = "platform_thing_timestamp_seconds";
  const thresholds = { warning: { age: hours(2) }, critical: { age: hours(480) } };
  const made = signal({ signal: name, by, thresholds });
  const hosts = 'host=~"north-production-thing-1|north-production-thing-2"';
  test("rings by what was last known of it, and where there is none after as long, or two days", () =>
    expect(rules(name, made)).toMatchObject([
      {
        alert: "PlatformThing",
        expr: expect.stringMatching(/^time\(\) - last_over_time\(platform_thing_.*\[240m\]\) > 7200$/),
        for: "15m",
      },
      {
        alert: "PlatformThingMissing",
        expr: `max_over_time(platform_expiry_readable{file="/srv/kept/*.snap",signal="${name}",${hosts}}[1h]) < 1`,
        for: "120m",
        labels: { severity: "warning", owner: "team" },
        annotations: { runbook: "docs/runbooks/expiry.md#certificates" },
      },
      { alert: "PlatformThing", expr: expect.stringContaining(`,${hosts}}[3000m]) > 1728000`), for: "15m" },
      { alert: "PlatformThingMissing", for: "2880m", labels: { severity: "critical", owner: "team" } },
    ]));
  test("is left out by what rings for files of all kinds", () => {
    const [readable] = rules("platform_expiry_readable", made) as { expr: string }[];
    expect(readable?.expr).toMatch(/,signal!~"(\w+\|)*platform_thing_timestamp_seconds(\|\w+)*"\} < 1$/);
    expect(readable?.expr).not.toContain("certificate");
  });
});

test("a host that tells nothing is missed by its name", () => {
  const silent = rules("platform_expiry_run_timestamp_seconds").filter(
    (rule) => "alert" in rule && rule.alert === "PlatformExpiryRunSilent",
  ) as { expr: string }[];
  expect(silent.map(({ expr }) => expr.split(" or ").length)).toEqual([5, 7]);
  expect(silent[0]?.expr).toContain(
    'absent(platform_expiry_run_timestamp_seconds{environment="production",host="north-production-thing-2",site="north",tenancy="production"})',
  );
});

test("rules are at home alone, and the same each time", () => {
  const names = (host: string) => [...files(host).keys()].filter((path) => path.startsWith("/etc/prometheus"));
  expect(names("north-production-thing-1")).toEqual([]);
  expect(names(home).length).toBeGreaterThan(5);
  expect([...files(home)]).toEqual([...files(home)]);
});

test("each name of series is a file, whatever it is called, and Ansible brings every one", () => {
  const names = ["tiles_queue_length", "tiles_queue_length_seconds", "platform_stated"];
  const thresholds = { warning: { below: 1 } };
  const all = filesAt(home, ...names.map((name) => signal({ signal: name, by: { role: "thing" }, thresholds })));
  const paths = all.map(({ path }) => path).filter((path) => path.startsWith("/etc/prometheus/"));
  expect(paths).toEqual(expect.arrayContaining(names.map((name) => `/etc/prometheus/rules/${name}.yml`)));
  expect(new Set(paths).size).toBe(paths.length);
  const folder = join(__dirname, "../../../ansible/roles/monitoring/tasks");
  const tasks = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  const brought = (path: string) => tasks.filter((text) => text.includes(path)).length;
  for (const path of paths) expect([path, brought(path) + (path.startsWith(rulesFolder) ? 1 : 0)]).toEqual([path, 1]);
  expect(brought(`select('match', '${rulesFolder}')`)).toBe(1);
  const site = readFileSync(join(__dirname, "../../../ansible/site.yml"), "utf8");
  expect(site).toContain(`databridge_files | select('match', '${rulesFolder}')`);
});

test("every host has an exporter, at its own address alone, and looks at what it keeps", () => {
  const all = files("north-production-thing-1");
  expect(all.get("/etc/systemd/system/prometheus-node-exporter.service.d/platform.conf")).toMatch(
    /^ExecStart=\nExecStart=\/usr\/bin\/prometheus-node-exporter --web\.listen-address=10\.20\.4\.50:9100 /m,
  );
  const { labels, readings } = JSON.parse(all.get("/etc/platform/expiry.json") ?? "{}");
  const here = { site: "north", tenancy: "production", environment: "production", host: "north-production-thing-1" };
  expect(labels).toEqual(here);
  expect(readings).toContainEqual({
    signal: "platform_secret_written_timestamp_seconds",
    labels: { ...here, secret: "thing/feed", key: "password" },
    kind: "key-of-secret",
    path: "/etc/thing/password",
    version: "/var/lib/vault-agent/fetched/kv-north-production_-production_-thing_-feed.written",
  });
  expect(readings).toHaveLength(6);
});

test("each key of a secret is told by the file that it has on the host, and rings by its name", () => {
  const { readings } = JSON.parse(files("north-production-thing-1").get("/etc/platform/expiry.json") ?? "{}");
  const keys = (readings as { labels: { key?: string }; path: string }[]).flatMap(({ labels: { key }, path }) =>
    key === undefined ? [] : [[key, path]],
  );
  expect(keys).toEqual([
    ["password", "/etc/thing/password"],
    ["another", "/etc/thing/another"],
  ]);
  const about = JSON.parse(files("north-production-thing-1").get("/etc/vault-agent/host.json") ?? "{}");
  expect(about.secrets.map(({ file }: { readonly file: string }) => file)).toEqual(keys.map(([, path]) => path));
  expect(rules("platform_secret_written_timestamp_seconds")).toContainEqual(
    expect.objectContaining({
      annotations: expect.objectContaining({
        summary:
          "{{ $labels.host }}: the secret kv-north-production/production/thing/feed, {{ $labels.key }}: {{ $value | humanizeDuration }} ago",
      }),
    }),
  );
});

test("the agent writes when a secret was written to where the host looks", () => {
  const all = files("north-production-thing-1");
  const { readings } = JSON.parse(all.get("/etc/platform/expiry.json") ?? "{}");
  const { version } = readings.find(({ kind }: { readonly kind: string }) => kind === "key-of-secret");
  expect(all.get("/etc/vault-agent/agent.hcl")).toContain(`destination = "${version}"`);
});
