import { parse } from "yaml";
import { filesOf } from "../../../constructs/files";
import { type MonitoringOptions, monitoring } from "../../../constructs/monitoring/spec";
import { gather } from "../../../model/gather";
import { network } from "../../../model/vocabulary";
import { flowsOf, said, saying } from "../../model/platform";
import { platform, secret, sites, thing, told } from "../../model/vault";

const teams = { team: { email: "team@example.org", onCall: "phone@example.org" } };
const mail = { to: "mail", smarthost: "mail.example.org", from: "platform@example.org" };
const heartbeat = { url: "https://heartbeat.example.org/it" };
const home = "south-production-monitoring";
const outside = (is: MonitoringOptions, around = {}) =>
  sites({ there: [monitoring({ readBy: [], ...is })], ...around }).map((site, i) =>
    i === 1 ? { ...(site as object), outside: { mail: network("192.0.2.96/32") } } : site,
  );
function files(is: MonitoringOptions): ReadonlyMap<string, string> {
  const { registers, problems } = gather(outside(is));
  expect(problems).toEqual([]);
  const place = registers.places.find(({ hosts }) => hosts.some(({ id }) => id === home));
  const host = place?.hosts.find(({ id }) => id === home);
  return new Map(place && host ? filesOf(host, place, registers).map(({ path, text }) => [path, text]) : []);
}
const config = (is: MonitoringOptions) => parse(files(is).get("/etc/prometheus/alertmanager.yml") ?? "");

test("what is critical reaches the team and whoever is on call, all else the team", () => {
  const { route, receivers } = config({ teams, mail });
  const reached = (name: string) =>
    receivers.find((each: { name: string }) => each.name === name).email_configs.map(({ to }: { to: string }) => to);
  expect(route.group_by).toEqual(["alertname", "site", "tenancy"]);
  expect(
    route.routes.map(({ matchers, receiver }: { matchers: string[]; receiver: string }) => [
      ...matchers,
      reached(receiver),
    ]),
  ).toEqual([
    ['owner="team"', 'severity="critical"', ["team@example.org", "phone@example.org"]],
    ['owner="team"', 'severity="warning"', ["team@example.org"]],
    ['owner="team"', 'severity="info"', ["team@example.org"]],
  ]);
  expect(reached(route.receiver)).toEqual(["team@example.org"]);
});

test("by whom mail goes out is asked with a password of Vault, which stands in no file of ours", () => {
  const { global } = config({ teams, mail: { ...mail, user: "platform" } });
  expect(global).toEqual({
    smtp_smarthost: "mail.example.org:587",
    smtp_from: "platform@example.org",
    smtp_require_tls: true,
    smtp_auth_username: "platform",
    smtp_auth_password_file: "/etc/prometheus/mail-password",
  });
  expect(config({ teams, mail }).global).not.toHaveProperty("smtp_auth_username");
  const { secrets, needs = [] } = said(monitoring({ teams, mail: { ...mail, user: "platform" } })).description;
  expect(secrets).toContainEqual(expect.objectContaining({ secret: "monitoring/mail", keys: ["password"] }));
  expect(needs).toContainEqual(
    expect.objectContaining({ need: "secret", key: "password", file: "/etc/prometheus/mail-password" }),
  );
});

test("whoever outside misses it hears of it through the proxy, with a token where it asks for one", () => {
  const hook = ({ receivers }: { receivers: { name: string; webhook_configs: unknown }[] }) =>
    receivers.find(({ name }) => name === "Watchdog")?.webhook_configs;
  expect(hook(config({ heartbeat }))).toEqual([
    { url: heartbeat.url, send_resolved: false, http_config: { proxy_url: "http://10.36.0.11:3128" } },
  ]);
  expect(hook(config({ heartbeat: { ...heartbeat, token: true } }))).toMatchObject([
    { http_config: { authorization: { credentials_file: "/etc/prometheus/heartbeat-token" } } },
  ]);
  expect(files({ heartbeat }).get("/etc/prometheus/rules/platform-watchdog.yml")).toContain("vector(1)");
  expect(files({}).has("/etc/prometheus/rules/platform-watchdog.yml")).toBe(false);
});

test("both are flows", () =>
  expect(flowsOf(said(monitoring({ teams, mail, heartbeat })).description)).toEqual([
    "monitoring -> mail tcp-587",
    "monitoring -> internet tcp-443 through forward-proxy",
    "operators -> dashboards",
  ]));

test("it listens to its own host, and at the address at which it is scraped", () =>
  expect(files({}).get("/etc/systemd/system/prometheus-alertmanager.service.d/platform.conf")).toMatch(
    / --web\.listen-address=127\.0\.0\.1:9093 --web\.listen-address=10\.36\.4\.21:9093 --cluster\.listen-address=$/m,
  ));

test("teams without anybody who brings them mail are refused, and addresses that are none", () => {
  expect(said(monitoring({ teams })).problems).toEqual(["mail undefined"]);
  expect(said(monitoring({ teams: { team: { email: "Team <team@example.org>" } }, mail })).problems).toEqual([
    'teams.team.email "Team <team@example.org>"',
  ]);
});

describe("whoever answers for something is reached:", () => {
  const problems = (around: object) =>
    gather(outside({ teams, mail }, around)).problems.map(
      ({ path, value, allowed, fix }) => `${path} | ${value} | ${allowed} | ${fix}`,
    );
  const allowed = "a team of which monitoring() says how it is reached: team";
  test("owners of tenancies", () =>
    expect(problems({ owner: "taem" })).toEqual([`north.production.owner | taem | ${allowed} | did you mean "team"?`]));
  test("writers of secrets", () =>
    expect(problems({ runs: [saying({ ...thing, secrets: [secret({ writer: "writers" })] })] })).toEqual([
      `north.production.runs.thing.secrets.thing/feed.writer | writers | ${allowed} | state it among its teams`,
    ]));
  test("but nobody has to be where monitoring rings nobody", () => {
    expect(told({ owner: "taem", there: [monitoring({ readBy: [] })] })).toEqual([]);
    expect(platform().problems).toEqual([]);
  });
});
