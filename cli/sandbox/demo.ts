import { connectionsOf } from "../../constructs/hpc/connections";
import { directivesOf } from "../../constructs/hpc/directives";
import { files } from "../../constructs/hpc/places";
import { outputIn } from "../../constructs/hpc/suites";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import { minutes } from "../../model/words/quantity";

/** A suite to play with: on each supercomputer one task, and one that waits for it. */
export interface Demo {
  readonly definition: string;
  /** By path. */
  readonly scripts: Readonly<Record<string, string>>;
}

/** @param home ECF_HOME of the server */
export function demoOf(home: string, host: HostEntry, place: PlaceEntry, registers: Registers): Demo {
  const connections = connectionsOf(host, place, registers);
  const folder = (name: string) => `${home}/demo-files/${name}`;
  const families = connections.flatMap(({ name, folder: work }) => [
    ` family ${name}`,
    `  edit SCHOST '${name}'`,
    `  edit ECF_FILES '${folder(name)}'`,
    `  edit ECF_INCLUDE '${files.include}'`,
    ...(work === undefined ? [] : [`  edit ECF_OUT '${outputIn(work)}'`]),
    "  task forecast",
    "   meter step 0 10",
    '   label node ""',
    "  task products",
    "   trigger forecast == complete",
    " endfamily",
  ]);
  const scripts = connections.flatMap(({ name, supercomputer, user }) => {
    const who = {
      environment: place.tenancy.environment,
      ...(user.person === undefined ? {} : { person: user.person }),
    };
    const directed = directivesOf({ cpuNodes: 1, walltime: minutes(10) }, supercomputer, who);
    const directives = "directives" in directed ? directed.directives : {};
    return Object.entries(work).map(
      ([task, lines]) => [`${folder(name)}/${task}.ecf`, scriptOf(directives, lines)] as const,
    );
  });
  return { definition: ["suite demo", ...families, "endsuite", ""].join("\n"), scripts: Object.fromEntries(scripts) };
}

const work: Readonly<Record<string, readonly string[]>> = {
  forecast: [
    'ecflow_client --label=node "$(hostname)"',
    "for step in 2 4 6 8 10; do",
    "  sleep 3",
    "  ecflow_client --meter=step $step",
    "done",
  ],
  products: ['echo "on $(hostname), for $ECF_NAME"'],
};

const scriptOf = (directives: Readonly<Record<string, string>>, lines: readonly string[]): string =>
  [
    "%include <head.h>",
    ...Object.entries(directives).map(([key, value]) => `# troika ${key}=${value}`),
    ...lines,
    "%include <tail.h>",
    "",
  ].join("\n");
