import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Registers } from "../../model/registers";
import type { Site } from "../../model/site/site";
import { grantedElsewhere, hypervisorsFor, operatorOf } from "../../sandbox/operator";
import { Misused } from "../misused";
import { isWanted, tell } from "../project/description";
import { sandboxFiles } from "../project/engine";
import { root } from "../project/project";
import { clouds, forget, tenancies, writePrivately } from "./folder";
import { built, output, packagesThere, program } from "./programs";
import { makeTrust } from "./trust";

/** Real OpenStack services; see sandbox/README.md. */
const cloudProgram = join(root, "sandbox", "openstack", "cloud.py");
const cloud = (args: readonly string[], input?: string): Promise<number> => program(cloudProgram, args, input);

/** Starts the clouds of sites, grants what their operators would, and prepares an engine. @returns the exit code */
export async function upClouds(
  registers: Registers,
  sites: readonly string[],
  engine: string | undefined,
): Promise<number> {
  const wanted = registers.sites.filter(({ name }) => isWanted(name, sites));
  const names = wanted.map(({ name }) => name);
  const elsewhere = grantedElsewhere(registers).filter(({ path }) => names.includes(path.split(".")[0] ?? ""));
  if (elsewhere.length > 0) {
    tell(elsewhere, false);
    return 1;
  }
  refuseStandIns(
    registers,
    names.filter((name) => !clouds.there().includes(name)),
  );
  if (!(await packagesThere(cloudProgram))) return 1;
  const settings = await prepareEngine(engine);
  if (!settings) return 1;
  const codes = await Promise.all(wanted.map((site) => upOne(registers, site)));
  if (codes.some((code) => code !== 0)) return 1;
  writeFileSync(sandboxFiles.settings, `${JSON.stringify(settings, undefined, 2)}\n`);
  mergeClouds();
  makeTrust(registers);
  console.log(`\n next      databridge deploy ${names.join(" ")} --world sandbox · databridge sandbox env`);
  return 0;
}

/** A cloud gives other addresses than those that stand in for it. @throws Misused while hosts have them */
function refuseStandIns({ places }: Registers, sites: readonly string[]): void {
  const booted = places.find(({ id, site }) => sites.includes(site.name) && tenancies.there().includes(id));
  if (booted)
    throw new Misused(
      `hosts of ${booted.id} are booted without a cloud: databridge sandbox down ecflow ${booted.site.name}`,
    );
}

/** The engine, and the provider that it finds. */
async function prepareEngine(asked: string | undefined): Promise<{ engine: string; cliConfig: string } | undefined> {
  const provider = join("packages", "provider-openstack", "build.mjs");
  const cliConfig = await built("provider of OpenStack", provider, "a minute");
  const engine = asked ?? (await built("OpenTofu", join("sandbox", "opentofu", "build.mjs"), "six minutes"));
  return cliConfig === undefined || engine === undefined ? undefined : { engine, cliConfig };
}

async function upOne(registers: Registers, site: Site): Promise<number> {
  const state = clouds.of(site.name);
  const hypervisors = String(hypervisorsFor(registers, site));
  const code = await cloud(["up", state, "--name", site.name, "--hypervisors", hypervisors]);
  return code === 0 ? cloud(["prepare", state, "-"], JSON.stringify(operatorOf(registers, site))) : code;
}

/** Makes clouds as new. @returns the exit code */
export async function resetClouds(sites: readonly string[]): Promise<number> {
  const code = await forClouds(sites, (site) => cloud(["reset", clouds.of(site)]));
  if (code === 0) for (const site of clouds.there().filter((name) => isWanted(name, sites))) forget(site);
  return code;
}

/** Ends clouds. @returns the exit code */
export async function downClouds(sites: readonly string[]): Promise<number> {
  const code = await forClouds(sites, (site) => cloud(["down", clouds.of(site)]));
  if (code !== 0) return code;
  for (const site of sites) forget(site);
  if (clouds.there().length > 0) mergeClouds();
  return 0;
}

export const showClouds = (sites: readonly string[]): Promise<number> =>
  forClouds(sites, (site) => cloud(["status", clouds.of(site)]));

/** What programs are told of each cloud. */
export async function statusOfClouds(sites: readonly string[]) {
  const told: unknown[] = [];
  const code = await forClouds(sites, async (site) => {
    const { code: own, text } = await output(cloudProgram, ["status", clouds.of(site), "--json"]);
    told.push(JSON.parse(text));
    return own;
  });
  return { code, told };
}

async function forClouds(sites: readonly string[], work: (site: string) => Promise<number>): Promise<number> {
  const there = clouds.there();
  const missing = sites.find((site) => !there.includes(site));
  if (missing !== undefined)
    throw new Misused(`there is no cloud "${missing}" in the sandbox; there are ${there.join(", ") || "none"}`);
  const codes = await Promise.all(there.filter((site) => isWanted(site, sites)).map(work));
  return codes.every((code) => code === 0) ? 0 : 1;
}

/** One file of clouds for all sites, as clients of OpenStack want it. */
function mergeClouds(): void {
  const all = Object.assign(
    {},
    ...clouds.there().map((site) => {
      const file = join(clouds.of(site), "clouds.yaml");
      return existsSync(file) ? (parse(readFileSync(file, "utf8")) as { clouds: object }).clouds : {};
    }),
  );
  writePrivately(sandboxFiles.clouds, stringify({ clouds: all }));
}
