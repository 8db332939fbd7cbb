import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { world } from "./description";
import { Misused } from "./misused";

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
  const common = { ...process.env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
  if (world.name === "sandbox") {
    const { engine, ...sandbox } = sandboxSettings();
    return { program: asked ?? engine, env: { ...common, ...sandboxEnvironment(sandbox) } };
  }
  const program = asked ?? process.env.TERRAFORM_BINARY_NAME ?? ["tofu", "terraform"].find(isThere);
  if (program === undefined) throw new Misused("neither tofu nor terraform is on PATH; --engine names one");
  if (/tofu$/.test(program) && !process.env.TF_VAR_state_passphrase)
    throw new Misused("OpenTofu encrypts the state: give it a passphrase by TF_VAR_state_passphrase");
  return { program, env: common };
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
