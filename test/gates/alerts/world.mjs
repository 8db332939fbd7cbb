// The sites as they are, and beside that something of every kind that ends: what nobody has stated yet, and what waits to be learned.
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile } from "../../../cli/prepare.mjs";

const load = createRequire(join(compile(), "main.js"));
/** @type {typeof import("../../../model/gather.js")} */
const { gather } = load("./model/gather.js");
/** @type {typeof import("../../../model/signals.js")} */
const { isAsked } = load("./model/signals.js");
/** @type {typeof import("../../../cli/project/project.js")} */
const { readOwnSites } = load("./cli/project/project.js");
/** @type {typeof import("../../../constructs/files.js")} */
const { filesOf } = load("./constructs/files.js");
/** @type {typeof import("../../../constructs/specs.js")} */
const { ecflow, monitoring } = load("./constructs/specs.js");
/** @type {typeof import("../../../model/vocabulary.js")} */
const { hours, operatorCertificate, person, service } = load("./model/vocabulary.js");

const until = "2027-06-30";

const day = 86_400_000;
const dayOf = (/** @type {number} */ time) => new Date(time).toISOString().slice(0, 10);
const now = Date.now();
/** Days on which leonardo is down: some weeks around now. */
const maintenance = [
  { from: dayOf(now - 400 * day), to: dayOf(now - 40 * day), why: "power" },
  { from: dayOf(now - 20 * day), to: dayOf(now + 40 * day), why: "another interconnect" },
];
/** Lumi was down until the day before yesterday, and will be from the day after tomorrow on. */
const maintenanceOfOthers = [
  { from: dayOf(now - 400 * day), to: dayOf(now - 2 * day), why: "power" },
  { from: dayOf(now + 2 * day), to: dayOf(now + 400 * day), why: "power" },
];

/** Whom what rings reaches. @type {Record<string, { email: string, onCall?: string }>} */
export const teams = {
  "production-services": { email: "services@example.org", onCall: "on-call@example.org" },
  "climate-twin": { email: "twin@example.org" },
};
export const heartbeat = "https://heartbeat.example.org/a";
const ringing = {
  teams,
  mail: { to: "mail", smarthost: "mail.example.org", from: "platform@example.org", user: "platform" },
  heartbeat: { url: heartbeat, token: true },
};

/** What a site says beside what its file says. @param {any} site */
function saying(site) {
  if (site.name === "leonardo") {
    const auth = operatorCertificate({
      ca: "https://ca.example.org",
      fingerprint: "00",
      lifetime: hours(12),
      renewal: "person",
    });
    const facts = { ...site.supercomputer.facts, auth, agreement: "agreed", hostKeys: [`SHA256:${"A".repeat(43)}`] };
    const { production } = site.tenancies;
    return {
      ...site,
      supercomputer: { ...site.supercomputer, facts },
      tenancies: { ...site.tenancies, production: { ...production, calendar: { maintenance } } },
    };
  }
  if (site.name === "home") {
    const { production } = site.tenancies;
    const runs = production.runs.map((/** @type {{ kind: string }} */ each) =>
      each.kind === "monitoring" ? monitoring(ringing) : each,
    );
    return { ...site, tenancies: { ...site.tenancies, production: { ...production, runs } } };
  }
  if (site.name === "marenostrum5") {
    const { production } = site.tenancies;
    return { ...site, tenancies: { ...site.tenancies, production: { ...production, owner: "climate-twin" } } };
  }
  if (site.name !== "lumi") return site;
  const accounts = { production: { ...service("svc", "project"), expires: until, work: "/scratch/project" } };
  const people = { jane: { ...person("jane", "project"), expires: until } };
  const { production } = site.tenancies;
  const users = { jane: { is: "person", until, why: "a guest of {{ the house }}" } };
  return {
    ...site,
    supercomputer: { ...site.supercomputer, facts: { ...site.supercomputer.facts, accounts, people } },
    tenancies: {
      production: {
        ...production,
        calendar: { maintenance: maintenanceOfOthers },
        grants: { "lumi.login": { state: "granted", ticket: "T-{{1}}", until } },
        runs: [
          ...production.runs.map((/** @type {{ kind: string }} */ each) =>
            each.kind === "ecflow" ? ecflow("prod", { submitsTo: ["lumi"], users: /** @type {any} */ (users) }) : each,
          ),
          { kind: "things", name: "things", problems: [], describe: () => ({ ...exposed, needs: things }) },
        ],
      },
    },
  };
}

/** What tells it, and what home makes of it. */
const exposed = {
  scrapes: [
    {
      scrape: "things",
      service: "relay-metrics",
      metrics: ["tiles_queue_length_seconds", "tiles_queue_length", "tiles_milestone_timestamp_seconds"].map(
        (metric) => ({ metric, what: "a test", labels: [] }),
      ),
    },
  ],
  recordings: [
    {
      recording: "tiles_dropped",
      expr: "sum without (reason) (tiles_dropped_total)",
      what: "a test",
      example: {
        given: { 'tiles_dropped_total{host="a",reason="x"}': 3, 'tiles_dropped_total{host="a",reason="y"}': 4 },
        gives: { 'tiles_dropped{host="a"}': 7 },
      },
    },
  ],
};

/** What a component states by itself: numbers, by names that are not ours and differ in their unit alone, times of day, and a day. */
const things = [
  {
    need: "signal",
    signal: "tiles_dropped",
    by: { role: "proxy" },
    each: ["queue", "zone"],
    thresholds: { info: { above: 0 }, critical: { above: 10.5 } },
    what: "tiles that were dropped",
    why: "a test",
    runbook: "https://example.org/runbook",
  },
  ...["a", "b"].map((of, i) => ({
    need: "signal",
    signal: "tiles_milestone_timestamp_seconds",
    by: { role: "proxy" },
    labels: { of },
    each: ["step"],
    thresholds: i === 0 ? { warning: { by: "00:00" }, critical: { by: "23:59" } } : { warning: { by: "06:30" } },
    what: "a step of the day",
    why: "a test",
    runbook: "https://example.org/runbook",
  })),
  {
    need: "signal",
    signal: "tiles_queue_length_seconds",
    by: { role: "proxy" },
    thresholds: { warning: { below: 2 } },
    what: "a queue",
    why: "a test",
    runbook: "https://example.org/runbook",
  },
  {
    need: "signal",
    signal: "tiles_queue_length",
    by: { role: "proxy" },
    thresholds: { info: { below: 0.5 }, warning: { below: 0.25 }, critical: { below: 0.1 } },
    what: 'a "thing" \\ with {{ braces }}',
    why: "a test",
    runbook: "https://example.org/runbook",
  },
  {
    need: "signal",
    signal: "platform_licence_expiry_timestamp_seconds",
    by: { stated: until },
    labels: { of: 'a "thing" \\ with {{ braces }}' },
    what: "a licence",
    why: "a test",
    runbook: "docs/runbooks/expiry.md#accounts",
  },
];

const trust = { sshHostCa: "ssh-ed25519 AAAA", sshOutwardCa: "ssh-ed25519 AAAB" };

/** Signals of that platform, rules as they are rendered for it, by the names of their files, and what Alertmanager is told. */
export function planted() {
  const { registers, problems } = gather(readOwnSites().sites.map(saying), { home: { version: 4, trust } });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const at = registers.places.flatMap((place) => place.hosts.map((host) => ({ place, host })));
  const found = at.find(({ host }) => host.roles.includes("monitoring"));
  if (!found) throw new Error("no host has the role monitoring");
  const files = filesOf(found.host, found.place, registers);
  const rules = new Map(
    files
      .filter(({ path }) => path.startsWith("/etc/prometheus/rules/"))
      .map(({ path, text }) => [path.slice("/etc/prometheus/rules/".length), text]),
  );
  const signals = registers.signals.filter((signal) => isAsked(signal, registers.places));
  const alertmanager = files.find(({ path }) => path === "/etc/prometheus/alertmanager.yml")?.text ?? "";
  return { signals, recordings: registers.telemetry.recordings, rules, alertmanager };
}
