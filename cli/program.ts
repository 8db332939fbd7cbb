import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { Misused } from "./misused";

/**
 * Runs the command. What a command needs is loaded when it is called.
 * @param args without `node` and the script
 * @returns the exit code: 0 for success, 1 for problems, 2 for a call that cannot be understood
 */
export async function run(args: readonly string[]): Promise<number> {
  const given: { code: number } = { code: 0 };
  try {
    await programOf(given).parseAsync([...args], { from: "user" });
  } catch (error) {
    if (error instanceof Misused) {
      console.error(error.message);
      return 2;
    }
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return given.code;
}

/** All that can be said. @param given takes the exit code */
function programOf(given: { code: number }): Command {
  type Action = Parameters<Command["action"]>[0]; // commander hands over arguments and options as they were declared
  const exit =
    (called: (...args: Parameters<Action>) => Promise<number>) =>
    async (...args: Parameters<Action>) => {
      given.code = await called(...args);
    };
  const program = new Command("databridge")
    .description("One typed description of a distributed forecast platform, and what follows from it.")
    .version(version())
    .addHelpText("after", examples)
    .showHelpAfterError("databridge --help tells what can be said")
    .exitOverride();

  program
    .command("synth")
    .description("check all sites, write Terraform for all stacks, show what came of it")
    .argument("[site...]", "show the stacks of these sites; all are written")
    .option("--json", "the table as JSON; problems too")
    .option("--check", "fail if synthesized/ is not what the sites give, or a lock lacks what is kept")
    .action(exit(async (sites, options) => (await import("./synth.js")).runSynth(sites, options)));

  program
    .command("validate")
    .description("hold every block of the stacks against the schemas of their providers, without starting terraform")
    .argument("[stack...]", "only these stacks")
    .option("--dir <folder>", "validate this output, of any program of cdktf, instead of what the sites give")
    .option("--strict", "fail if there are blocks of which no schema is known")
    .option("--json", "as JSON; problems too")
    .addHelpText("after", schemasHelp)
    .action(exit(async (stacks, options) => (await import("./validate.js")).runValidate(stacks, options)));

  program
    .command("review")
    .description("what a change does to all sites: verdict, causes, doors, quotas, order")
    .option("--base <ref>", "compare synthesized/ with that of this commit")
    .option("--head <ref>", "the commit to review; without: the working tree")
    .option("--plans <folder>", "<stack>.json of each, from terraform show -json; alone, of anybody's Terraform")
    .option("--all", "also what is safe, moved or noise")
    .option("--markdown", "as a comment for a forge")
    .option("--json", "as JSON; problems too")
    .option("--schema", "print the JSON Schema of what --json prints")
    .action(exit(async (options) => (await import("./review.js")).runReview(options)));

  program
    .command("policy")
    .description("what is possible and unwise, who answers for it and until when; docs/policy.md explains each rule")
    .argument("[site...]", "only what is found at these sites")
    .option("--rules", "print the page of all rules")
    .option("--json", "as JSON; problems too")
    .action(exit(async (sites, options) => (await import("./policy.js")).runPolicy(sites, options)));

  program
    .command("schemas")
    .description("ask the providers of initialized stacks for their schemas, and keep them for databridge validate")
    .option("--dir <folder>", "stacks of this output; without: cdktf.out")
    .addHelpText("after", schemasHelp)
    .action(exit(async (options) => (await import("./schemas.js")).runSchemas(options)));

  program
    .command("list")
    .description("stacks, and where their state is kept")
    .argument("[site...]", "only the stacks of these sites")
    .option("--json", "as JSON; problems too")
    .action(exit(async (sites, options) => (await import("./list.js")).runList(sites, options)));

  program
    .command("graph")
    .description("what has to be done, by whom and in which order")
    .argument("[site...]", "only the steps for these sites, and those that hold for all")
    .option("--json", "as JSON: what pipelines and controllers run")
    .action(exit(async (sites, options) => (await import("./graph.js")).runGraph(sites, options)));

  program
    .command("assumptions")
    .description("facts of the site files that nobody has confirmed, and what would confirm them")
    .argument("[site...]", "only these sites")
    .option("--json", "as JSON; problems too")
    .action(exit(async (sites, options) => (await import("./assumptions.js")).runAssumptions(sites, options)));

  program
    .command("learn")
    .description("write public values that only a cloud or a person gives to the lock of a site")
    .argument("<site>", "whose lock")
    .argument("[key=value...]", "without: what is awaited, and where to find it; with an empty value: forget it")
    .option("--dry-run", "show what would change, and write nothing")
    .option("--json", "as JSON; problems too")
    .addHelpText("after", "\nValues are typed in; reading them from a state or a cloud is not there yet.")
    .action(exit(async (site, values, options) => (await import("./learn.js")).runLearn(site, values, options)));

  program
    .command("lock")
    .description("write what must not be lost to the locks: stacks, their states, what they keep")
    .option("--check", "fail if a lock lacks something, instead of writing it")
    .option("--dry-run", "show what would change, and write nothing")
    .option("--applied <stack...>", "these were applied: what formerly and retired answer for leaves the lock")
    .option("--forget <what...>", "a stack that is gone, <stack>.state or <stack>.<address>: it may be lost")
    .option("--json", "as JSON; problems too")
    .action(exit(async (options) => (await import("./lock.js")).runLock(options)));

  return program;
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
  databridge review --base origin/main
                                what a change does to all sites, for who reviews it
  databridge policy             what is unwise, and who answers for it
  databridge list               stacks, and where their state is kept
  databridge graph              what has to be done in which order
  databridge learn lumi         which values that only a cloud gives are awaited, and where to find them
  databridge lock               what must not be lost, written to sites/<site>.lock.json
  databridge assumptions        facts of the site files that nobody has confirmed

Then, with credentials in clouds.yaml:
  npx cdktf-cli@0.21 diff lumi-production-tenancy
  npx cdktf-cli@0.21 deploy lumi-production-tenancy
`;

const schemasHelp = `
Schemas: OpenStack's comes with this program; others from what databridge schemas keeps in
data-bridge-cdk/schemas of the user's cache (XDG_CACHE_HOME, or .cache at home), and from the folder that
DATABRIDGE_SCHEMAS names, of files as terraform providers schema -json prints them.
`;
