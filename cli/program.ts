import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addAssumptions } from "./assumptions";
import { Misused } from "./description";
import { addGraph } from "./graph";
import { addLearn } from "./learn";
import { addList } from "./list";
import { addLock } from "./lock";
import { addSchemas } from "./schemas";
import { addSynth } from "./synth";
import { addValidate } from "./validate";

/**
 * Runs the command.
 * @param args without `node` and the script
 * @returns the exit code: 0 for success, 1 for problems, 2 for a call that cannot be understood
 */
export async function run(args: readonly string[]): Promise<number> {
  let code = 0;
  const program = new Command("databridge")
    .description("One typed description of a distributed forecast platform, and what follows from it.")
    .version(version())
    .addHelpText("after", examples)
    .showHelpAfterError("databridge --help tells what can be said")
    .exitOverride();
  const done = (exit: number): void => {
    code = exit;
  };
  for (const add of [addSynth, addValidate, addSchemas, addList, addGraph, addAssumptions, addLearn, addLock])
    add(program, done);
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (error instanceof Misused) {
      console.error(error.message);
      return 2;
    }
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return code;
}

/** Ours, not that of a project which installed us. */
function version(): string {
  return (JSON.parse(readFileSync(require.resolve("data-bridge-cdk/package.json"), "utf8")) as { version: string })
    .version;
}

const examples = `
Begin here:
  databridge synth              check all sites, write Terraform for all stacks, show what came of it
  databridge synth lumi         the same, showing the stacks of one site
  databridge synth --check      fail if synthesized/ is not what the sites give
  databridge validate           hold every block against the schemas of providers
  databridge list               stacks, their state and what they hold
  databridge graph              what has to be done in which order
  databridge learn lumi         which values that only a cloud gives are awaited, and where to find them
  databridge lock               what must not be lost, written to sites/<site>.lock.json
  databridge assumptions        facts of the site files that nobody has confirmed

Then, with credentials in clouds.yaml:
  cdktf diff lumi-production-tenancy
  cdktf deploy lumi-production-tenancy
`;
