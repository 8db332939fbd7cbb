import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { Registers } from "../../model/registers";
import { own } from "../../model/words/record";
import { Misused } from "../misused";
import { claimed } from "../project/claim";
import { soundDescription, world } from "../project/description";
import { sandboxEnvironment, sandboxSettings } from "../project/engine";
import { root } from "../project/project";
import { downClouds, resetClouds, showClouds, statusOfClouds, upClouds } from "../sandbox/clouds";
import { downEcflow, upEcflow } from "../sandbox/ecflow";
import { clouds, isSandbox, mark, removeAll, supercomputers } from "../sandbox/folder";
import { downHosts, showHosts, statusOfHosts, upHosts } from "../sandbox/hosts";
import { program } from "../sandbox/programs";
import {
  downSupercomputers,
  showSupercomputers,
  statusOfSupercomputers,
  upSupercomputers,
} from "../sandbox/supercomputers";

export type SandboxAction = "up" | "status" | "reset" | "down" | "env" | "test";

interface Options {
  readonly engine?: string;
  readonly json?: boolean;
}

/** What a sandbox has beside clouds. */
interface Part {
  readonly up: (registers: Registers, sites: readonly string[]) => Promise<number>;
  /** Without a description: of sites that are described no more, or wrongly, too. */
  readonly down: (registers: Registers | undefined, sites: readonly string[]) => Promise<number>;
}

/** By the word that is said before sites. */
const parts = {
  ecflow: { up: upEcflow, down: downEcflow },
  hosts: { up: upHosts, down: downHosts },
  hpc: { up: upSupercomputers, down: downSupercomputers },
} satisfies Record<string, Part>;

/** `databridge sandbox <action> [ecflow|hosts|hpc] [site…]`. @returns the exit code */
export async function runSandbox(action: SandboxAction, words: readonly string[], options: Options): Promise<number> {
  if (!existsSync(join(root, "sandbox", "openstack")))
    throw new Misused("the sandbox is part of a checkout of data-bridge-cdk, not of the package");
  if (action === "env") return environment();
  if (action === "test") return program(process.execPath, [join(root, "test", "gates", "sandbox.mjs")]);
  if (action !== "up" && !isSandbox()) {
    console.error(`there is no sandbox in ${world.work}: databridge sandbox up`);
    return action === "down" ? 0 : 1;
  }
  const part = own(parts, words[0] ?? "");
  const sites = part ? words.slice(1) : words;
  if (action === "status") return status(sites, options);
  if (action === "up") mark();
  return claimed(world.work, async () => {
    if (action === "down") return down(sites, part);
    if (action === "reset") {
      const gone = await (part ?? parts.hosts).down(soundDescription(sites, false), sites);
      const code = gone || (part ? 0 : await resetClouds(sites));
      if (code !== 0) return code;
    }
    const registers = soundDescription(sites, false);
    if (!registers) return 1;
    if (part) return part.up(registers, sites);
    return upClouds(registers, action === "reset" && sites.length === 0 ? clouds.there() : sites, options.engine);
  });
}

/** Hosts go with their cloud; without a site, supercomputers too. */
async function down(sites: readonly string[], part: Part | undefined): Promise<number> {
  // Without a site, also those of sites that are described no more, or wrongly.
  const registers = sites.length === 0 ? undefined : soundDescription(sites, false);
  if (sites.length > 0 && !registers) return 1;
  if (part) return part.down(registers, sites);
  const all = sites.length === 0;
  const code = (await downHosts(registers, sites)) || (all ? await downSupercomputers(undefined, []) : 0);
  if (code !== 0) return code;
  const ended = await downClouds(sites);
  if (ended === 0 && clouds.there().length === 0 && supercomputers.there().length === 0) removeAll();
  return ended;
}

/** For programs, one document for all clouds, hosts and supercomputers. */
async function status(sites: readonly string[], { json = false }: Options): Promise<number> {
  if (!json) return Math.max(await showClouds(sites), await showHosts(), await showSupercomputers());
  const { code, told } = await statusOfClouds(sites);
  console.log(JSON.stringify([...told, ...(await statusOfHosts()), ...(await statusOfSupercomputers())], undefined, 2));
  return code;
}

function environment(): number {
  const { engine, cliConfig } = sandboxSettings();
  const variables = {
    ...sandboxEnvironment({ cliConfig }),
    TERRAFORM_BINARY_NAME: engine,
    DATABRIDGE_WORLD: "sandbox",
    DATABRIDGE_SANDBOX: world.work,
    CHECKPOINT_DISABLE: "1",
  };
  console.log(
    [
      ...Object.entries(variables).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`),
      "# then, for example:",
      "#   openstack --os-cloud lumi-production server list",
      "#   ssh -F $DATABRIDGE_SANDBOX/ssh/config operator@lumi-production-bastion",
      `#   npx cdktf-cli@0.21 deploy --output ${relative(process.cwd(), world.output)} --skip-provider-lock lumi-production-tenancy`,
      `#   $TERRAFORM_BINARY_NAME -chdir=${relative(process.cwd(), world.output)}/stacks/lumi-production-tenancy plan`,
    ].join("\n"),
  );
  return 0;
}
