import type { GraphStep } from "../../model/graph";
import { wavesOf } from "../../model/steps";

/** Steps by wave; those of a wave can be done at the same time. */
export function graphText(steps: readonly GraphStep[]): string {
  const waves = wavesOf(steps);
  const width = Math.max(...steps.map(({ kind }) => kind.length));
  const line = (step: GraphStep) => {
    const { kind, id, what, needs, held } = step;
    return [
      `  ${kind.padEnd(width)}  ${id} · ${what}`,
      `  ${" ".repeat(width)}  ${traitsOf(step).join(" · ")}`,
      ...(held === undefined ? [] : [`  ${" ".repeat(width)}  ${held.startsWith("after ") ? "held: " : ""}${held}`]),
      ...(needs.length > 0 ? [`  ${" ".repeat(width)}  after ${needs.join(", ")}`] : []),
    ].join("\n");
  };
  const count = Math.max(0, ...waves.values());
  return Array.from({ length: count }, (_, i) => {
    const wave = steps.filter(({ id }) => waves.get(id) === i + 1);
    return [`wave ${i + 1}`, ...wave.map(line)].join("\n");
  }).join("\n\n");
}

const traitsOf = ({ environments, owners, bootstrap, interrupts }: GraphStep): readonly string[] => [
  environments.join(" and "),
  owners.join(", "),
  ...(bootstrap ? ["bootstrap"] : []),
  ...(interrupts === undefined ? [] : [`may interrupt ${interrupts}`]),
];

const shapes: Readonly<Record<GraphStep["kind"], readonly [open: string, close: string]>> = {
  stack: ["[", "]"],
  learn: ["[/", "/]"],
  configure: ["[[", "]]"],
  person: ["([", "])"],
};

/** As GitLab, GitHub and editors draw it. @see https://mermaid.js.org/syntax/flowchart.html */
export function graphMermaid(steps: readonly GraphStep[]): string {
  const names = new Map(steps.map(({ id }, i) => [id, `s${i + 1}`]));
  const nodes = steps.map(({ id, kind, bootstrap }) => {
    const [open, close] = shapes[kind];
    return `  ${names.get(id)}${open}"${id.replaceAll('"', "#quot;")}"${close}${bootstrap ? ":::bootstrap" : ""}`;
  });
  const edges = steps.flatMap(({ id, needs }) =>
    needs.flatMap((need) => (names.has(need) ? [`  ${names.get(need)} --> ${names.get(id)}`] : [])),
  );
  return ["flowchart LR", ...nodes, ...edges, "  classDef bootstrap stroke-width:3px"].join("\n");
}
