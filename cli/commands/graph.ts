import { type Step, stepsOf, wavesOf } from "../../operate/steps";
import { isWanted, soundDescription } from "../project/description";

/** `databridge graph [site…]`. @returns the exit code */
export function runGraph(sites: readonly string[], { json = false }: { readonly json?: boolean }): number {
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  const steps = stepsOf(registers).filter(({ site }) => site === undefined || isWanted(site, sites));
  console.log(json ? JSON.stringify({ steps }, undefined, 2) : graphText(steps));
  return 0;
}

/** Steps by wave; those of a wave can be done at the same time. */
function graphText(steps: readonly Step[]): string {
  const waves = wavesOf(steps);
  const width = Math.max(...steps.map(({ kind }) => kind.length));
  const line = ({ kind, id, what, needs }: Step) =>
    [
      `  ${kind.padEnd(width)}  ${id} · ${what}`,
      ...(needs.length > 0 ? [`  ${" ".repeat(width)}  after ${needs.join(", ")}`] : []),
    ].join("\n");
  const count = Math.max(0, ...waves.values());
  return Array.from({ length: count }, (_, i) => {
    const wave = steps.filter(({ id }) => waves.get(id) === i + 1);
    return [`wave ${i + 1}`, ...wave.map(line)].join("\n");
  }).join("\n\n");
}
