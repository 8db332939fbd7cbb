import type { PlaceEntry } from "../../model/entries";
import type { Given, Software, Target } from "../../model/site/software";
import { sourcesOf } from "../../model/sources";
import { own } from "../../model/words/record";

/** A table of what is described. */
export interface SoftwareTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Software by cycle; and what each target does differently, side by side. */
export function softwareTables(places: readonly PlaceEntry[]): readonly SoftwareTable[] {
  const cycles = [...new Set(places.flatMap(({ modules }) => modules.flatMap(({ said }) => Object.keys(said.cycles))))];
  const versions = (name: string): readonly string[] =>
    cycles.map((cycle) => {
      const found = places.flatMap(({ id, modules }) =>
        modules.flatMap(({ said }) => {
          const version = own(said.cycles[cycle] ?? {}, name);
          return version === undefined ? [] : [{ id, version }];
        }),
      );
      const all = [...new Set(found.map(({ version }) => version))];
      if (all.length < 2) return all[0] ?? "–";
      return all
        .map(
          (each) =>
            `${each} (${found
              .filter(({ version }) => version === each)
              .map(({ id }) => id)
              .join(", ")})`,
        )
        .join(", ");
    });
  const names = [
    ...new Set(
      places.flatMap(({ modules }) => modules.flatMap(({ said }) => Object.values(said.cycles).flatMap(Object.keys))),
    ),
  ];
  const targets = places.flatMap(targetsAt);
  const given = [...new Set(targets.flatMap(({ is }) => Object.keys(is.given)))].sort();
  const row = (what: string, of: (target: Placed) => string): readonly string[] => [what, ...targets.map(of)];
  return [
    { title: "Packages", head: ["package", ...cycles], rows: names.map((name) => [name, ...versions(name)]) },
    {
      title: "Targets",
      head: ["", ...targets.map(({ site, name }) => `${site} ${name}`)],
      rows: [
        row("built for", ({ architecture }) => architecture),
        row("toolchain", ({ is }) => is.toolchain),
        row("modules", ({ is }) => is.modules.join(" ") || "–"),
        row("needed again", ({ is }) => is.requires?.join(" ") ?? "–"),
        row("prefix", ({ prefix }) => prefix),
        row("umask, group", ({ umask, group = "of the account" }) => `${umask}, ${group}`),
        row("Python of the tools", ({ python }) => [python.program, ...python.modules].join(", ")),
        row("sources", ({ sources }) => (sources === "login" ? "a login node fetches" : "somebody brings")),
        row("built on", ({ is, name }) => jobText(is.build, name)),
        row("tested on", ({ is, name }) => jobText(is.test, name)),
        row("without", ({ is }) => is.without.join(" ") || "–"),
        row(
          "options",
          ({ is }) =>
            Object.entries(is.options)
              .map(([name, words]) => `${name} ${words.join(" ")}`)
              .join("; ") || "–",
        ),
        ...given.map((name) => row(name, ({ is }) => givenText(own(is.given, name)))),
      ],
    },
    {
      title: "Waiting for somebody to look at a source",
      head: ["source", "learned as"],
      rows: sourcesOf(places).flatMap(({ url, key, sha256 }) => (sha256 === undefined ? [[url, key]] : [])),
    },
  ];
}

interface Placed extends Omit<Software, "targets"> {
  readonly site: string;
  readonly name: string;
  readonly is: Target;
  readonly architecture: string;
}

const targetsAt = ({ modules, site: { supercomputer } }: PlaceEntry): readonly Placed[] =>
  modules.flatMap(({ said }) =>
    said.on.flatMap((name): readonly Placed[] => {
      const { software } = supercomputer ?? {};
      const is = own(software?.targets ?? {}, name);
      if (!supercomputer || !software || !is) return [];
      const { architecture = "?" } = own(supercomputer.partitions, name) ?? {};
      const { targets: _, ...more } = software;
      return [{ ...more, site: supercomputer.name, name, is, architecture }];
    }),
  );

const jobText = (
  { partition, qos, walltime }: { readonly partition?: string; readonly qos?: string; readonly walltime: unknown },
  name: string,
): string => [partition ?? name, ...(qos === undefined ? [] : [qos]), `${walltime}`].join(", ");

function givenText(given: Given | undefined): string {
  if (!given) return "–";
  if (given.by === "system") return "system";
  if (given.by === "nobody") return "nobody";
  return given.by === "module"
    ? given.module
    : `EasyBuild ${[given.version, given.toolchain].filter(Boolean).join(" ")}`;
}

/** The page. */
export const softwareMarkdown = (tables: readonly SoftwareTable[]): string =>
  [
    "# Software on supercomputers",
    "",
    "Written by `databridge modules show --markdown`. What is assumed: `databridge assumptions`.",
    ...tables.flatMap(({ title, head, rows }) =>
      rows.length === 0
        ? []
        : [
            "",
            `## ${title}`,
            "",
            `| ${head.join(" | ")} |`,
            `|${head.map(() => " --- ").join("|")}|`,
            ...rows.map((row) => `| ${row.join(" | ")} |`),
          ],
    ),
    "",
  ].join("\n");
