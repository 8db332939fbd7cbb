import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesOf } from "../constructs/files";
import { ecflowCommands } from "../constructs/hpc/ecflow";
import { bastion, ecflow, proxy } from "../constructs/specs";
import { tunnel } from "../model/vocabulary";
import { learned, north, tenancy } from "./model/platform";
test("render", () => {
  const how = process.env.CALLBACK ?? "proxy";
  const { supercomputer, ...rest } = north({ production: tenancy({ runs: [bastion(), proxy(), ecflow("prod", { submitsTo: ["polaris"] })] }) });
  if (!supercomputer) throw new Error();
  const callback = how === "tunnel" ? tunnel("polaris.example.org", "node") : (how as "poll" | "proxy");
  const facts = { ...supercomputer.facts, accounts: { production: { kind: "service", user: "ecm", projects: ["p"], work: "/scratch/ecm" } }, hostKeys: [process.env.FP ?? ""], jobs: { callback } };
  const { registers, problems } = learned([{ ...rest, supercomputer: { ...supercomputer, facts } }]);
  expect(problems).toEqual([]);
  const place = registers.places[0]!;
  const host = place.hosts.find(({ name }) => name === "ecflow-prod")!;
  const out = "/tmp/hc/e2e/files";
  rmSync(out, { recursive: true, force: true });
  for (const file of filesOf(host, place, registers).filter(({ role }) => role === "hpc")) {
    mkdirSync(dirname(join(out, file.path)), { recursive: true });
    writeFileSync(join(out, file.path), file.text);
  }
  writeFileSync(`${out}/cfg`, Object.entries(ecflowCommands(host, place, registers)).map(([k, v]) => `${k} = ${v}\n`).join("") + "ECF_INTERVAL = 1\nECF_CHECKINTERVAL = 120\n");
});
