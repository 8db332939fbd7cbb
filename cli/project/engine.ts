import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { jsonIn } from "../../operate/engine";
import { cloudsFiles } from "../../operate/openstack/clouds";
import { Misused } from "../misused";
import { world } from "./description";

/** What the sandbox keeps of itself, below its folder. */
export const sandboxSchema = z.object({
  /** `tofu` or `terraform`, or where one is. */
  engine: z.string(),
  /** Configuration by which it finds providers. */
  cliConfig: z.string(),
});

/** The program that applies, and the environment that it gets. */
export interface Engine {
  readonly program: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The engine of the world. @param asked by name, or where it is @throws Misused if there is none, or not what it needs */
export function engineOf(asked?: string): Engine {
  const engine = world.name === "sandbox" ? sandboxEngine(asked) : productionEngine(asked);
  const problem = versionProblem(engine);
  if (problem !== undefined) throw new Misused(problem);
  return engine;
}

function sandboxEngine(asked: string | undefined): Engine {
  const { engine, ...sandbox } = sandboxSettings();
  return { program: asked ?? engine, env: { ...ownEnvironment(), ...sandboxEnvironment(sandbox) } };
}

function productionEngine(asked: string | undefined): Engine {
  const program = asked ?? process.env.TERRAFORM_BINARY_NAME ?? ["tofu", "terraform"].find(isThere);
  if (program === undefined) throw new Misused("neither tofu nor terraform is on PATH; --engine names one");
  if (/tofu$/.test(program) && !process.env.TF_VAR_state_passphrase)
    throw new Misused("OpenTofu encrypts the state: give it a passphrase by TF_VAR_state_passphrase");
  // The same file that we read, whatever folder the engine works in.
  const clouds = cloudsFiles().find((file) => existsSync(file));
  if (clouds !== undefined && existsSync(join(dirname(clouds), "this-is-a-sandbox")))
    throw new Misused("the environment is that of a sandbox (databridge sandbox env), and the world is production");
  return { program, env: { ...ownEnvironment(), ...(clouds && { OS_CLIENT_CONFIG_FILE: resolve(clouds) }) } };
}

/** Ours, without what would lead an engine to another state, another project, or to a part of what is described. */
const ownEnvironment = (): Readonly<Record<string, string | undefined>> => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(OS_.*|TF_WORKSPACE|TF_DATA_DIR|TF_CLI_ARGS.*|TF_LOG.*)$/.test(name),
    ),
  ),
  CHECKPOINT_DISABLE: "1",
  TF_IN_AUTOMATION: "1",
});

/** Releases from which engines know what our stacks say. */
const least = { tofu: "1.12.0", terraform: "1.11.0" };

function versionProblem({ program, env }: Engine): string | undefined {
  const { status, stdout, error } = spawnSync(program, ["version", "-json"], { env, encoding: "utf8" });
  if (status !== 0) return `${program} cannot be run${error ? `: ${error.message}` : ""}; --engine names another`;
  const { terraform_version: version } = z.object({ terraform_version: z.string() }).parse(jsonIn(stdout));
  const needed = /tofu$/.test(program) ? least.tofu : least.terraform;
  return version.localeCompare(needed, "en", { numeric: true }) < 0
    ? `${program} is ${version}; it takes ${needed} or newer`
    : undefined;
}

const isThere = (program: string): boolean => spawnSync(program, ["version"], { stdio: "ignore" }).status === 0;

/** Where the sandbox keeps what it made. */
export const sandboxFiles = {
  settings: join(world.work, "sandbox.json"),
  clouds: join(world.work, "clouds.yaml"),
  passphrase: join(world.work, "passphrase"),
  /** The CA that signs SSH logins; its public half is beside it, with `.pub`. */
  ca: join(world.work, "ca"),
};

/** @throws Misused while there is no sandbox */
export function sandboxSettings(): z.output<typeof sandboxSchema> {
  if (!existsSync(sandboxFiles.settings)) throw new Misused("there is no sandbox yet: databridge sandbox up");
  return sandboxSchema.parse(JSON.parse(readFileSync(sandboxFiles.settings, "utf8")));
}

/** What engines and clients of OpenStack need to know of the sandbox. */
export const sandboxEnvironment = ({
  cliConfig,
}: {
  readonly cliConfig: string;
}): Readonly<Record<string, string>> => ({
  OS_CLIENT_CONFIG_FILE: sandboxFiles.clouds,
  TF_CLI_CONFIG_FILE: cliConfig,
  TF_VAR_state_passphrase: readFileSync(sandboxFiles.passphrase, "utf8").trim(),
});
