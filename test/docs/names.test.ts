import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { production, readLocks, readSites } from "../../engine/world";
import { gather } from "../../model/gather";
import { stacksOf } from "../../model/stacks";
import { codeIn } from "./commands";
import { pages, root } from "./markdown";

const { registers } = gather(readSites(join(root, "sites")).sites, readLocks(production(root)));
const runbooks = [...pages("docs/runbooks")];
const files = (folder: string): readonly string[] => readdirSync(join(root, folder), { recursive: true }).map(String);
const text = (path: string): string => readFileSync(join(root, path), "utf8");
const hostFiles = files("synthesized/hosts");

/** Units that hosts get from us, that a file of ours interrupts, or that a role starts. */
const units = new Set([
  ...hostFiles.flatMap(
    (path) => /\/etc\/systemd\/system\/([^/]+\.(?:service|timer|path|mount))$/.exec(path)?.[1] ?? [],
  ),
  ...hostFiles
    .filter((path) => path.endsWith("restarts.json"))
    .flatMap((path) => text(join("synthesized/hosts", path)).match(/[\w@.-]+\.(?:service|timer|mount)/g) ?? []),
  ...files("ansible/roles")
    .filter((path) => path.endsWith(".yml"))
    .flatMap((path) => text(join("ansible/roles", path)).match(/(?<=name: )[\w-]+\.(?:service|timer)/g) ?? []),
  // Where jobs report by files, which they do at no site yet.
  ...(text("constructs/hpc/units.ts").includes("hpc-collect-") ? ["hpc-collect-ecflow.service"] : []),
]);

const verbs = "start|stop|restart|reload|status|cat|show|enable|disable|is-active|reset-failed";

/** Names of units that code speaks of; `<name>` and `*` stand for any. */
const unitsIn = (line: string): readonly string[] => [
  ...[...line.matchAll(new RegExp(`\\bsystemctl (?:${verbs})\\b([^#|;&)]*)`, "g"))].flatMap(([, said = ""]) =>
    said
      .replaceAll(/ -[A-Za-z] ?\w*| -{2}\w+/g, "")
      .replaceAll("'", "")
      .trim()
      .split(/\s+/)
      .filter((word) => /^[a-z<][\w@.<>*-]*$/.test(word)),
  ),
  ...[...line.matchAll(/\bjournalctl\b([^#|;&)]*)/g)].flatMap(([, said = ""]) =>
    [...said.matchAll(/ -u ([\w@.<>*-]+)/g)].map(([, unit = ""]) => unit),
  ),
];

function isUnit(name: string): boolean {
  const full = /\.(service|timer|path|mount)$/.test(name) ? name : `${name}.service`;
  const pattern = full.replaceAll(".", "\\.").replaceAll(/<[^<>]+>|\*/g, "[\\w-]+");
  return [...units].some((unit) => new RegExp(`^${pattern}$`).test(unit));
}

/** All that has a name in a tenancy: hosts, stacks, roles, buckets, what its router and policies in Vault are called. */
const named = new Set(
  registers.places.flatMap((place) => [
    ...place.hosts.map(({ id }) => id),
    ...stacksOf(place).map(({ name }) => name),
    ...[
      ...place.hosts.flatMap(({ roles }) => roles),
      ...place.buckets.map(({ name }) => name),
      "router",
      "cluster",
    ].map((each) => `${place.id}-${each}`),
  ]),
);
const ofTenancy = new RegExp(
  `(?<![\\w-])(?:kv-)?(?:${registers.places.map(({ id }) => id).join("|")})-[a-z0-9-]*[a-z0-9](?![\\w<-])`,
  "g",
);
const namesIn = (page: string): readonly string[] => page.match(ofTenancy) ?? [];

/** Programs of ours that hosts have. */
const programs = new Set([
  ...files("ansible/roles").flatMap((path) => /\/files\/(platform-[\w-]+)$/.exec(path)?.[1] ?? []),
  ...files("exporters").flatMap((path) => /(?:^|\/)(platform-[\w-]+)$/.exec(path)?.[1] ?? []),
]);
const programsIn = (line: string): readonly string[] =>
  line.match(/(?<![\w/.-])platform-[a-z][a-z-]*(?![\w.-]|\.(?:timer|service))/g) ?? [];

const wrong = (of: (line: string) => readonly string[], isKnown: (name: string) => boolean) =>
  runbooks.flatMap(([page, text]) =>
    codeIn(text)
      .map((line) => line.replace(/ # .*$/, ""))
      .flatMap(of)
      .filter((name) => !isKnown(name))
      .map((name) => `${page}: ${name}`),
  );

test("every unit of a runbook is on a host", () => {
  expect(runbooks.flatMap(([, text]) => codeIn(text).flatMap(unitsIn)).length).toBeGreaterThan(60);
  expect(wrong(unitsIn, isUnit)).toEqual([]);
});

test("every host, stack and bucket of a runbook is described", () => {
  const found = runbooks.flatMap(([page, text]) => namesIn(text).map((name) => ({ page, name })));
  expect(found.length).toBeGreaterThan(40);
  expect(found.filter(({ name }) => !named.has(name))).toEqual([]);
});

test("every program of ours in a runbook is one that hosts get", () => {
  expect(runbooks.flatMap(([, text]) => codeIn(text).flatMap(programsIn)).length).toBeGreaterThan(10);
  expect(wrong(programsIn, (name) => programs.has(name) || isUnit(name))).toEqual([]);
});

test("names that are none are found", () => {
  expect(["ecflow-<name>-copeis", "openbao-snapshots", "vault-take.timers", "ecflow-*-kept"].filter(isUnit)).toEqual(
    [],
  );
  expect(unitsIn("sudo systemctl stop a-b.timer c  # now")).toEqual(["a-b.timer", "c"]);
  expect(unitsIn("journalctl -u vault-take -u vault-agent -n 20")).toEqual(["vault-take", "vault-agent"]);
  expect(namesIn("`operator@lumi-production-eclfow-prod`, lumi-production").filter((name) => !named.has(name))).toEqual(
    ["lumi-production-eclfow-prod"],
  );
  expect(programsIn("sudo platform-hcp check lumi").filter((name) => programs.has(name))).toEqual([]);
});
