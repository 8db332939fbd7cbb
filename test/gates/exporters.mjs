#!/usr/bin/env node
// What our exporters tell Prometheus, of the real programs that they look at.   node test/gates/exporters.mjs [ecflow|hpc]
import { ecflowExporter } from "./exporters/ecflow.mjs";
import { hpcExporter } from "./exporters/hpc.mjs";
import { Gate } from "./gate.mjs";

const parts = { ecflow: ecflowExporter, hpc: hpcExporter };
const [asked] = process.argv.slice(2);
const gate = new Gate();
for (const [name, part] of Object.entries(parts)) {
  if (asked !== undefined && asked !== name) continue;
  try {
    await part(gate);
  } catch (error) {
    gate.fail(`exporter of ${name}`, error);
  }
}
gate.done();
