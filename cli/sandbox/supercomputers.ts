import { join } from "node:path";
import type { Registers } from "../../model/registers";
import type { Supercomputer } from "../../model/site/supercomputer";
import { listed } from "../../model/words/problem";
import { answered } from "../../sandbox/answers";
import { besides, sandboxSupercomputer } from "../../sandbox/hpc";
import { Misused } from "../misused";
import { isWanted } from "../project/description";
import { readOwnSites, root } from "../project/project";
import { supercomputers, tenancies } from "./folder";
import { output, packagesThere, program } from "./programs";

/** Supercomputers under Slurm; see sandbox/hpc/README.md. */
export const hpcProgram = join(root, "sandbox", "hpc", "hpc.py");
const hpc = (args: readonly string[], input?: string): Promise<number> => program(hpcProgram, args, input);

interface Stated {
  readonly site: string;
  readonly supercomputer: Supercomputer;
}

const statedIn = ({ sites }: Registers): readonly Stated[] =>
  sites.flatMap(({ name: site, supercomputer }) => (supercomputer ? [{ site, supercomputer }] : []));

/** Boots the supercomputers of sites, beside the hosts of tenancies that are booted. @returns the exit code */
export async function upSupercomputers(registers: Registers, sites: readonly string[]): Promise<number> {
  const all = statedIn(registers);
  const lacking = sites.find((site) => !all.some((each) => each.site === site));
  const there = all.length > 0 ? `; there is one at ${listed(all.map(({ site }) => site))}` : "";
  if (lacking !== undefined) throw new Misused(`there is no supercomputer at ${lacking}${there}`);
  if (!(await packagesThere(hpcProgram))) return 1;
  const asked = answered(readOwnSites().sites).answers.map(({ path }) => path);
  const codes = await Promise.all(
    all
      .filter(({ site }) => isWanted(site, sites))
      .map(({ site, supercomputer }) => {
        const described = sandboxSupercomputer(supercomputer, {
          natIsAsked: asked.includes(`${site}.supercomputer.nat`),
        });
        return hpc(["up", supercomputers.of(supercomputer.name), "-"], JSON.stringify(described));
      }),
  );
  return codes.some((code) => code !== 0) ? 1 : joinSupercomputers(registers);
}

/** Puts every supercomputer that is booted beside the hosts that are, where they speak with each other. @returns the exit code */
export async function joinSupercomputers(registers: Registers): Promise<number> {
  const booted = statedIn(registers).filter(({ supercomputer }) => supercomputers.there().includes(supercomputer.name));
  for (const { supercomputer } of booted) {
    const beside = besides(supercomputer, registers).filter(({ id }) => tenancies.there().includes(id));
    if (beside.length === 0) continue;
    const folders = beside.map(({ id }) => tenancies.of(id));
    const code = await hpc(["join", supercomputers.of(supercomputer.name), ...folders]);
    if (code !== 0) return code;
  }
  return 0;
}

/** Takes supercomputers away from hosts that are about to end. @returns the exit code */
export async function partSupercomputers(tenancy: string): Promise<number> {
  for (const name of supercomputers.there()) {
    const { text } = await output(hpcProgram, ["status", supercomputers.of(name), "--json"]);
    const { beside } = JSON.parse(text) as { readonly beside: readonly { readonly folder: string }[] };
    if (!beside.some(({ folder }) => folder === tenancies.of(tenancy))) continue;
    const code = await hpc(["part", supercomputers.of(name), tenancies.of(tenancy)]);
    if (code !== 0) return code;
  }
  return 0;
}

/** Ends supercomputers. @returns the exit code */
export async function downSupercomputers(registers: Registers | undefined, sites: readonly string[]): Promise<number> {
  const wanted =
    registers &&
    statedIn(registers).flatMap(({ site, supercomputer }) => (isWanted(site, sites) ? supercomputer.name : []));
  for (const name of supercomputers.there().filter((each) => sites.length === 0 || wanted?.includes(each))) {
    const code = await hpc(["down", supercomputers.of(name)]);
    if (code !== 0) return code;
  }
  return 0;
}

/** @returns the exit code: 1 if one that was booted is not up */
export async function showSupercomputers(): Promise<number> {
  let worst = 0;
  for (const name of supercomputers.there()) worst = Math.max(worst, await hpc(["status", supercomputers.of(name)]));
  return worst;
}

/** What programs are told of each supercomputer. */
export async function statusOfSupercomputers(): Promise<readonly unknown[]> {
  const told: unknown[] = [];
  for (const name of supercomputers.there())
    told.push(JSON.parse((await output(hpcProgram, ["status", supercomputers.of(name), "--json"])).text));
  return told;
}
