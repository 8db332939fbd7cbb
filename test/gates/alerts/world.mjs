// The sites as they are, and beside that something of every kind that ends: what nobody has stated yet, and what waits to be learned.
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile } from "../../../cli/prepare.mjs";

const load = createRequire(join(compile(), "main.js"));
/** @type {typeof import("../../../model/gather.js")} */
const { gather } = load("./model/gather.js");
/** @type {typeof import("../../../cli/project/project.js")} */
const { readOwnSites } = load("./cli/project/project.js");
/** @type {typeof import("../../../constructs/files.js")} */
const { filesOf } = load("./constructs/files.js");
/** @type {typeof import("../../../constructs/specs.js")} */
const { ecflow } = load("./constructs/specs.js");
/** @type {typeof import("../../../model/vocabulary.js")} */
const { hours, operatorCertificate, person, service } = load("./model/vocabulary.js");

const until = "2027-06-30";

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
    return { ...site, supercomputer: { ...site.supercomputer, facts } };
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
        grants: { "lumi.login": { state: "granted", ticket: "T-{{1}}", until } },
        runs: [
          ...production.runs.map((/** @type {{ kind: string }} */ each) =>
            each.kind === "ecflow" ? ecflow("prod", { submitsTo: ["lumi"], users: /** @type {any} */ (users) }) : each,
          ),
          { kind: "things", name: "things", problems: [], describe: () => ({ needs: things }) },
        ],
      },
    },
  };
}

/** What a component states by itself: numbers, by names that are not ours and differ in their unit alone, and a day. */
const things = [
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

/** Signals of that platform, and rules as they are rendered for it, by the names of their files. */
export function planted() {
  const { registers, problems } = gather(readOwnSites().sites.map(saying), { home: { version: 4, trust } });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const at = registers.places.flatMap((place) => place.hosts.map((host) => ({ place, host })));
  const found = at.find(({ host }) => host.roles.includes("monitoring"));
  if (!found) throw new Error("no host has the role monitoring");
  const rules = new Map(
    filesOf(found.host, found.place, registers)
      .filter(({ path }) => path.startsWith("/etc/prometheus/rules/"))
      .map(({ path, text }) => [path.slice("/etc/prometheus/rules/".length), text]),
  );
  return { signals: registers.signals.filter(({ by }) => !("pods" in by)), rules };
}
