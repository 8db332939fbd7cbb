import { z } from "zod";
import { graphOf, graphSchema, stepsFor } from "../../model/graph";
import { Misused } from "../misused";
import { graphMermaid, graphText } from "../print/step-graph";
import { isWanted, soundDescription } from "../project/description";

interface Options {
  readonly json?: boolean;
  readonly mermaid?: boolean;
  readonly schema?: boolean;
}

/** `databridge graph [site…]`. @returns the exit code */
export function runGraph(sites: readonly string[], { json = false, mermaid = false, schema = false }: Options): number {
  if ([json, mermaid, schema].filter(Boolean).length > 1)
    throw new Misused("--json, --mermaid and --schema exclude each other");
  if (schema) {
    console.log(JSON.stringify(z.toJSONSchema(graphSchema), undefined, 2));
    return 0;
  }
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  const steps = stepsFor(registers, (site) => isWanted(site, sites));
  console.log(
    json
      ? JSON.stringify({ ...graphOf(registers), steps }, undefined, 2)
      : mermaid
        ? graphMermaid(steps)
        : graphText(steps),
  );
  return 0;
}
