import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import type { Registers } from "../../model/registers";
import { contactOf, supportOf } from "./contacts";
import { instancesOf, type KindName, kindNames, kinds } from "./kinds";
import { rows } from "./markdown";

/** Files of a host: those that capabilities render. */
export type FilesOf = (host: HostEntry, place: PlaceEntry) => readonly HostFile[];

/** A text of people with what is written between its marks, and names of marks that nobody knows. */
export interface WrittenRunbook {
  readonly text: string;
  readonly unknown: readonly string[];
}

/**
 * Writes what a runbook leaves to the description: the lines between `<!-- written by databridge docs: <name> -->` and `<!-- end -->`.
 * `<kind>` lists where such a thing stands, with its hosts and units; `contacts` tells whom to ask.
 */
export function runbookPage(text: string, registers: Registers, filesOf: FilesOf): WrittenRunbook {
  const unknown: string[] = [];
  const written = text.replaceAll(mark, (all, begin: string, name: string, end: string) => {
    const lines =
      name === "contacts" ? contacts(registers) : isKind(name) ? where(name, registers, filesOf) : undefined;
    if (lines) return [begin, ...lines, end].join("\n");
    unknown.push(name);
    return all;
  });
  return { text: written, unknown };
}

const mark = /(<!-- written by databridge docs: ([^\n]*) -->)\n(?:[\s\S]*?\n)??(<!-- end -->)/g;

const isKind = (name: string): name is KindName => kindNames.some((each) => each === name);

const where = (name: KindName, registers: Registers, filesOf: FilesOf): readonly string[] =>
  rows(
    ["tenancy", "what stands there", "units", "answers"],
    instancesOf(name, registers).map(({ place, hosts, others }) => [
      place.id,
      [...hosts.map((host) => `\`${host.id}\``), ...others].join(", "),
      unitsOf(name, place, hosts, filesOf)
        .map((unit) => `\`${unit}\``)
        .join(", "),
      place.tenancy.owner,
    ]),
  );

/** Units of a kind on hosts: ours, and those of packages that a file of ours interrupts or tells of changes. */
function unitsOf(name: KindName, place: PlaceEntry, hosts: readonly HostEntry[], filesOf: FilesOf): readonly string[] {
  const roles: readonly string[] = kinds[name].files;
  const files = hosts.flatMap((host) => filesOf(host, place)).filter(({ role }) => roles.includes(role));
  const units = files.flatMap(({ path, reloads, restarts }) => [
    ...(path.startsWith("/etc/systemd/system/") && !path.includes(".d/")
      ? [path.slice(path.lastIndexOf("/") + 1)]
      : []),
    ...[reloads, restarts].flatMap((unit) => unit ?? []),
  ]);
  // A timer has the name of what it begins.
  return [
    ...new Set(units.flatMap((unit) => (unit.endsWith(".service") ? unit.slice(0, -".service".length) : []))),
  ].sort();
}

/** Teams and operators. */
const contacts = (registers: Registers): readonly string[] => [
  ...[...new Set(registers.places.map(({ tenancy }) => tenancy.owner))].map(
    (team) => `- ${contactOf(registers, team)}`,
  ),
  ...registers.sites.map((site) => `- ${site.name}: ${supportOf(registers, site)}`),
];
