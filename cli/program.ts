import { readFileSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { environments } from "../model/words/environment";
import type { Request } from "./commands/request";
import type { SandboxAction } from "./commands/sandbox";
import { closedHoursHelp, incidentOption } from "./incident";
import { Misused } from "./misused";
import { type Action, addModules } from "./modules-program";

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
export function programOf(given: { code: number }): Command {
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

  inWorld(program.command("synth"))
    .description("check all sites, write Terraform for all stacks, show what came of it")
    .argument("[site...]", "show the stacks of these sites; all are written")
    .option("--json", "the table as JSON; problems too")
    .option("--check", "fail if synthesized/ is not what the sites give, or a lock lacks what is kept")
    .action(exit(async (sites, options) => (await import("./commands/synth.js")).runSynth(sites, options)));

  program
    .command("validate")
    .description("hold every block of the stacks against the schemas of their providers, without starting terraform")
    .argument("[stack...]", "only these stacks")
    .option("--dir <folder>", "validate this output, of any program of cdktf, instead of what the sites give")
    .option("--strict", "fail if there are blocks of which no schema is known")
    .option("--json", "as JSON; problems too")
    .addHelpText("after", schemasHelp)
    .action(exit(async (stacks, options) => (await import("./commands/validate.js")).runValidate(stacks, options)));

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
    .action(exit(async (options) => (await import("./commands/review.js")).runReview(options)));

  program
    .command("policy")
    .description("what is possible and unwise, who answers for it and until when; docs/policy.md explains each rule")
    .argument("[site...]", "only what is found at these sites")
    .option("--rules", "print the page of all rules")
    .option("--json", "as JSON; problems too")
    .action(exit(async (sites, options) => (await import("./commands/policy.js")).runPolicy(sites, options)));

  program
    .command("schemas")
    .description("ask the providers of initialized stacks for their schemas, and keep them for databridge validate")
    .option("--dir <folder>", "stacks of this output; without: cdktf.out")
    .addHelpText("after", schemasHelp)
    .action(exit(async (options) => (await import("./commands/schemas.js")).runSchemas(options)));

  inWorld(program.command("list"))
    .description("stacks, and where their state is kept")
    .argument("[site...]", "only the stacks of these sites")
    .option("--json", "as JSON; problems too")
    .action(exit(async (sites, options) => (await import("./commands/list.js")).runList(sites, options)));

  inWorld(program.command("graph"))
    .description("what has to be done, by whom and in which order")
    .argument("[site...]", "only the steps for these sites, and those that hold for all")
    .option("--json", "as JSON: what pipelines and controllers run")
    .option("--mermaid", "as a drawing that forges and editors show")
    .option("--schema", "print the JSON Schema of what --json prints")
    .action(exit(async (sites, options) => (await import("./commands/graph.js")).runGraph(sites, options)));

  const pipeline = program
    .command("pipeline")
    .description("what runs the graph for every change: GitLab's pipelines, docs/pipeline.md");
  pipeline
    .command("gitlab")
    .description("the pipeline that checks, plans and has the plans read; as YAML")
    .option("--plans <folder>", "instead the one that applies the plans of this folder, as the graph has their order")
    .option("--base <ref>", "with --plans: hosts are configured where what they are made of differs from that commit")
    .option("--all", "instead the one that would apply all stacks, to look at")
    .addHelpText("after", exitCodes)
    .action(exit(async (options) => (await import("./commands/pipeline.js")).runGitlab(options)));
  pipeline
    .command("note")
    .description("write what a change does to its merge request; in a job of GitLab, with GITLAB_NOTE_TOKEN")
    .argument("<file>", "of databridge review --markdown")
    .action(exit(async (file) => (await import("./commands/pipeline.js")).runNote(file)));

  program
    .command("owners")
    .description("who has to agree to a change of which files: CODEOWNERS, as GitLab reads it")
    .action(exit(async () => (await import("./commands/owners.js")).runOwners()));

  program
    .command("assumptions")
    .description("facts of the site files that nobody has confirmed, and what would confirm them")
    .argument("[site...]", "only these sites")
    .option("--json", "as JSON; problems too")
    .action(exit(async (sites, options) => (await import("./commands/assumptions.js")).runAssumptions(sites, options)));

  inWorld(program.command("deploy"))
    .description("plan and apply stacks in the order of the graph, learn what the clouds gave, configure hosts")
    .argument("<site...>", "whose stacks")
    .option("--plan-only", "make plans and keep them, for databridge review --plans and --plans")
    .option("--plans", "apply the plans that --plan-only kept, if they were made from what is here now")
    .option("--stacks <stack...>", "with either: only these")
    .option("--folder <folder>", "with either: where plans are kept; without: plans, beside the report")
    .option("--packet <file>", "with --plans: only plans that were read, as databridge review --plans --json tells")
    .option("--destroy", "destroy, in reverse, all but what is kept")
    .option("--lose <what...>", "with --destroy: what is kept and goes too, <stack>.<address>; or all")
    .option("--no-configure", "leave hosts as they are")
    .option("--yes", "apply without asking; what cannot be undone takes --irreversible too")
    .option("--irreversible", "apply also what cannot be undone")
    .addOption(incidentOption("interrupt something though the forecast runs, or changes are frozen"))
    .option("--engine <program>", "tofu, terraform, or where one is")
    .option("--parallel <n>", "how many stacks at the same time", "4")
    .option("--json", "the report as JSON; problems too")
    .addHelpText("after", `${closedHoursHelp}${deployHelp}`)
    .action(exit(async (sites, options) => (await import("./commands/deploy.js")).runDeploy(sites, options)));

  inWorld(program.command("drift"))
    .description("ask the clouds what is there, and name all that is otherwise than described, strangers too")
    .argument("[site...]", "only these sites")
    .option("--state", "also what was made and is in no state, with the words to adopt it")
    .option("--engine <program>", "with --state: tofu, terraform, or where one is")
    .option("--json", "as JSON; problems too")
    .action(exit(async (sites, options) => (await import("./commands/drift.js")).runDrift(sites, options)));

  inWorld(program.command("preflight"))
    .description("hold what site files say of clouds against the clouds; changes nothing")
    .argument("[site...]", "only these sites")
    .option("--all", "also what is as described")
    .option("--json", "as JSON; problems too")
    .action(exit(async (sites, options) => (await import("./commands/preflight.js")).runPreflight(sites, options)));

  inWorld(program.command("inventory"))
    .description(
      "hosts for Ansible, in its own protocol, from the model and the locks; writes what ssh has to know of them",
    )
    .argument("[site...]", "only these sites")
    .option("--list", "all hosts and groups, which is what is printed without a word too")
    .option("--host <id>", "what is told of one host")
    .option("--schema", "print the JSON Schema of what --list prints")
    .action(exit(async (sites, options) => (await import("./commands/inventory.js")).runInventory(sites, options)));

  inWorld(program.command("configure"))
    .description("let Ansible make hosts what they are described as, over their bastions")
    .argument("<site...>", "whose hosts")
    .option("--hosts <id...>", "only these")
    .option("--check", "change nothing; tell what would change, with differences")
    .addOption(incidentOption("though the forecast runs, or changes are frozen"))
    .option("--json", "the report as JSON; problems too")
    .addHelpText("after", `${closedHoursHelp}${configureHelp}`)
    .action(exit(async (sites, options) => (await import("./commands/configure.js")).runConfigure(sites, options)));

  inWorld(program.command("hold"))
    .description("let nobody apply a stack: deployments skip it, and all that needs it, and say so")
    .argument("<stack>", "its name, as databridge list has it; of a tenancy, its hosts and what stands on it too")
    .requiredOption("--reason <text>", "why; others read it")
    .requiredOption("--until <day>", "the last day, 2027-06-30, on which it has to be looked at again")
    .option("--json", "what changes as JSON; problems too")
    .addHelpText("after", holdHelp)
    .action(exit(async (stack, options) => (await import("./commands/hold.js")).runHold(stack, options)));

  inWorld(program.command("release"))
    .description("let a stack be applied again")
    .argument("<stack>", "one that is held, described or not")
    .option("--json", "what changes as JSON; problems too")
    .addHelpText("after", "\nExit codes: 0 it is released; 1 a lock could not be read or written; 2 it is not held.")
    .action(exit(async (stack, options) => (await import("./commands/hold.js")).runRelease(stack, options)));

  inWorld(program.command("status"))
    .description("how each stack stands: committed, applied, drifted, held, what ends next; asks nobody")
    .argument("[site...]", "only the stacks of these sites")
    .option("--json", "as JSON; problems too")
    .addHelpText("after", statusHelp)
    .action(exit(async (sites, options) => (await import("./commands/status.js")).runStatus(sites, options)));

  const request = program.command("request").description("what has to be asked of operators, as text to send");
  const asked = (what: Request, description: string) =>
    inWorld(request.command(what))
      .description(description)
      .argument("[site...]", "only for these sites")
      .option("--json", "as JSON; problems too")
      .action(exit(async (sites, options) => (await import("./commands/request.js")).runRequest(what, sites, options)));
  asked("firewall", "what operators have to open: addresses, ports, directions, why, how far it is");
  asked("quota", "what projects of the clouds have to hold: taken now, and the quota that is described");
  asked("accounts", "accounts at supercomputers: as whom, charged to what, how and from where one logs in");

  const bootstrap = program
    .command("bootstrap-ca")
    .description("make the trust of the first hour, offline: a CA for SSH logins, a root of TLS")
    .argument("<folder>", "outside of every repository; nothing in it is written over")
    .action(exit(async (folder) => (await import("./commands/bootstrap-ca.js")).runBootstrapCa(folder)));
  bootstrap
    .command("sign")
    .description("sign the request of a server of ours, for the names and addresses that the description gives it")
    .argument("<folder>", "where bootstrap-ca made the root")
    .argument("<host>", "its id, home-production-vault-1")
    .argument("<request>", "a file <name>.csr; the certificate is <name>.crt beside it")
    .option("--days <n>", "for which it holds", "90")
    .action(
      exit(async (folder, host, request, options) =>
        (await import("./commands/sign-server.js")).runSignServer(folder, host, request, options),
      ),
    );

  const sandbox = program
    .command("sandbox")
    .description("real servers on this machine, to deploy to: sandbox/README.md")
    .hook("preAction", () => {
      process.env.DATABRIDGE_WORLD = "sandbox";
    });
  const act = (action: SandboxAction) =>
    exit(async (sites, options) => (await import("./commands/sandbox.js")).runSandbox(action, sites, options));
  const ofSites = (action: SandboxAction, description: string) =>
    sandbox
      .command(action)
      .description(description)
      .argument(
        "[site...]",
        "only these sites; a word before them: hosts, supercomputers (hpc), or a platform of ecFlow (ecflow), not clouds",
      )
      .action(act(action));
  ofSites(
    "up",
    "start a cloud for each site, and grant what its operator would; hosts: boot the servers that clouds have; hpc: a login node and nodes under Slurm; ecflow: a server of ecFlow on its hosts, configured, beside the supercomputers of its jobs, without a cloud",
  ).option("--engine <program>", "the engine to deploy with; without: OpenTofu, which is built once");
  ofSites("status", "which services of the clouds answer, which hosts and supercomputers are up").option(
    "--json",
    "as JSON",
  );
  ofSites("reset", "clouds, hosts or supercomputers as new; what was done to them is forgotten");
  ofSites(
    "down",
    "end all of it, or clouds of sites with their hosts, or hosts or supercomputers alone; nothing of it is left",
  );
  sandbox
    .command("env")
    .description("what to export so that cdktf, tofu and openstack work by hand")
    .action(exit(async (options) => (await import("./commands/sandbox.js")).runSandbox("env", [], options)));
  sandbox
    .command("test")
    .description("try it all in a world of its own: clouds up, deployed to, changed, destroyed, down")
    .action(exit(async (options) => (await import("./commands/sandbox.js")).runSandbox("test", [], options)));

  program
    .command("secrets")
    .description(
      "who reads and writes what is secret, which certificates there are, and what ends when; no value of any",
    )
    .argument("[site...]", "only these sites")
    .option("--json", "as JSON; problems too")
    .action(exit(async (sites, options) => (await import("./commands/secrets.js")).runSecrets(sites, options)));

  inWorld(program.command("eject"))
    .description(
      "write all that is described as plain files of OpenTofu or Terraform and of Ansible, to go on without us",
    )
    .argument("<folder>", "empty, or not there yet")
    .option("--json", "what was written, as JSON; problems too")
    .addHelpText(
      "after",
      "\nStates stay where they are; README.md of the folder tells how to go on. Nothing here changes.",
    )
    .action(exit(async (folder, options) => (await import("./commands/eject.js")).runEject(folder, options)));

  program
    .command("docs")
    .description(
      "write what the description knows as pages: docs/sites/<site>.md, and what stands between marks in docs/runbooks",
    )
    .option("--check", "fail if a page is not current, and write nothing")
    .option("--json", "what changed, as JSON; problems too")
    .action(exit(async (options) => (await import("./commands/docs.js")).runDocs(options)));

  program
    .command("signals")
    .description("what rings whom, and from where on: what is down, full, late or silent, and everything that ends")
    .argument("[site...]", "only these sites")
    .option("--json", "as JSON; problems too")
    .action(exit(async (sites, options) => (await import("./commands/signals.js")).runSignals(sites, options)));

  program
    .command("job")
    .description(
      "what a job says to the schedulers of supercomputers so that it gets what it needs, as directives of Troika",
    )
    .argument("<supercomputer...>", "where it may run")
    .option("--gpu-nodes <n>", "whole nodes with GPUs")
    .option("--cpu-nodes <n>", "whole nodes without GPUs")
    .requiredOption("--walltime <time>", "how long it runs at most: 30min, 2h, 1d or 02:00:00")
    .option("--tasks <n>", "tasks in all")
    .option("--memory <amount>", "RAM of each node: 256GiB, 1TiB")
    .option("--partition <name>", "only this one; without: the first that it fits")
    .option("--qos <name>", "only this quality of service; without: none, or the first that it fits")
    .addOption(
      new Option("--environment <name>", "whose account it is charged to")
        .choices([...environments])
        .default("production"),
    )
    .option("--person <name>", "a person's account, in place of the environment's")
    .option("--json", "as JSON; problems too")
    .action(exit(async (names, options) => (await import("./commands/job.js")).runJob(names, options)));

  addModules(program.command("modules"), { exit, inWorld });

  inWorld(program.command("learn"))
    .description("write public values that only a cloud or a person gives to the lock of a site")
    .argument("<site>", "whose lock")
    .argument("[key=value...]", "without: the clouds are asked; with an empty value: forget it")
    .option("--dry-run", "show what would change, and write nothing")
    .option("--json", "as JSON; problems too")
    .addHelpText("after", "\nHost keys are read from consoles alone, which only the cloud can write.")
    .action(
      exit(async (site, values, options) => (await import("./commands/learn.js")).runLearn(site, values, options)),
    );

  inWorld(program.command("lock"))
    .description("write what must not be lost to the locks: stacks, their states, what they keep")
    .option("--check", "fail if a lock lacks something, instead of writing it")
    .option("--dry-run", "show what would change, and write nothing")
    .option("--applied <stack...>", "these were applied: what formerly and retired answer for leaves the lock")
    .option(
      "--forget <what...>",
      "a stack that is gone, <stack>.state, <stack>.layouts.<fdb> or <stack>.<address>: it may be lost",
    )
    .option("--json", "as JSON; problems too")
    .action(exit(async (options) => (await import("./commands/lock.js")).runLock(options)));

  return program;
}

/** Lets a command say in which world it works. It is told by the environment, before anything is loaded that asks. */
const inWorld = (command: Command): Command =>
  command
    .addOption(
      new Option("--world <name>", "sandbox: what databridge sandbox up has started")
        .choices(["production", "sandbox"])
        .default("production")
        .env("DATABRIDGE_WORLD"),
    )
    .hook("preAction", (called) => {
      process.env.DATABRIDGE_WORLD = called.opts().world;
    });

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
  databridge request firewall   what operators have to open, as text to send; quota, accounts
  databridge assumptions        facts of the site files that nobody has confirmed
  databridge docs               a page for each site, for whoever is new, or woken
  databridge signals            what rings whom, and from where on
  databridge job lumi --gpu-nodes 32 --walltime 2h
                                what a job says to Slurm there, or the nearest that it can have

Then, with credentials in clouds.yaml:
  databridge preflight lumi     hold what the site file says of the cloud against the cloud
  databridge deploy lumi        plan, ask, apply, learn, apply what waited
  databridge configure lumi     let Ansible make its hosts what they are described as; --check tells first
  databridge status             committed, applied, drifted, held; what ends next
  databridge hold lumi-production-tenancy --reason "…" --until 2027-06-30
                                nobody applies it until databridge release
  databridge drift lumi         what is otherwise in the cloud than described
  npx cdktf-cli@0.21 diff lumi-production-tenancy
  databridge modules status     software on supercomputers: what is wanted, there, tested, drifted

If cdktf dies, or you leave:
  databridge eject <folder>     the same platform as plain files, which need none of this

Without credentials, on this machine:
  databridge sandbox up lumi    real OpenStack services; then databridge deploy lumi --world sandbox
`;

const deployHelp = `
Approved plans, and no others: deploy lumi --plan-only --folder plans; review --plans plans --json > packet.json, which people
read; deploy lumi --plans --folder plans --packet packet.json. Refused is a plan that is not the one that was read, of another
commit, of other input, or whose state has changed since; and a stack whose plan comes after another that is not applied.

Held stacks are left out, and what needs them (databridge hold); their hosts are left as they are.

Exit codes: 0 all is done but what is held; 1 a step failed or was skipped, or nothing could begin; 2 it cannot be understood.
`;

const configureHelp = `
What Ansible would change is not known before it has looked. So in closed hours every host of a closed tenancy is refused,
whatever it would do; --check looks and changes nothing, --hosts names those of a tenancy that is open.

Exit codes: 0 all hosts are done but what is held; 1 a task failed, a host was not reached, or it is refused.
`;

const holdHelp = `
A hold is an entry in sites/<site>.lock.json: here it holds at once, elsewhere once it is committed. It does not end by
itself: after its last day it goes on, and is told by every synthesis, deployment and status, and rings who owns the tenancy.
Whoever held a stack knew why; a day alone must not apply what nobody has looked at. databridge release ends it, another
databridge hold moves its day, a year ahead at most.

It holds all who apply, whoever said so too: deploy, configure and modules leave out what is held and end with 0, and no
--incident overrides it. It does not reach
  what runs already, as it was applied last: pods, hosts, and the hourly job of a stack …-modules, which goes on publishing
    (kubectl -n modules patch cronjob modules -p '{"spec":{"suspend":true}}' stops it);
  a controller of GitOps, until the stack of the control plane is applied;
  cdktf and tofu by hand, and checkouts of before.

Exit codes: 0 it is held; 1 it could not be written; 2 there is no such stack, no such day, or no reason.
`;

const statusHelp = `
committed           the commit that last changed what is synthesized of the stack, and of the hosts of a tenancy
applied from here   what databridge deploy applied from this folder: current if that is what is synthesized now, else older
drifted             what databridge drift found last, from this folder
held                databridge hold
ends next           accounts, grants, users, acknowledgements and holds of the tenancy, the first of them
not granted         what operators have not opened yet
closed              why nothing may be interrupted now, and until when

What is not known here is unknown: somebody may have applied or looked elsewhere.

Exit codes: 0 it is told; 1 the last day of a hold is past, or the description is not sound; 2 there is no such site.
`;

const exitCodes = `
Exit codes: 0 for success, 1 for problems or what failed, 2 for a call that cannot be understood.
`;

const schemasHelp = `
Schemas: OpenStack's comes with this program; others from what databridge schemas keeps in
data-bridge-cdk/schemas of the user's cache (XDG_CACHE_HOME, or .cache at home), and from the folder that
DATABRIDGE_SCHEMAS names, of files as terraform providers schema -json prints them.
`;
