import type { Command } from "commander";
import type { ModulesAction } from "./commands/modules";
import { closedHoursHelp, incidentOption } from "./incident";

/** commander hands over arguments and options as they were declared. */
export type Action = Parameters<Command["action"]>[0];

interface Ways {
  /** Runs a command, and takes its exit code. */
  readonly exit: (called: (...args: Parameters<Action>) => Promise<number>) => Action;
  /** Lets a command say in which world it works. */
  readonly inWorld: (command: Command) => Command;
}

/** `databridge modules`. */
export function addModules(software: Command, { exit, inWorld }: Ways): void {
  software.description(
    "software on supercomputers: what is described, what is there, and the way from one to the other",
  );
  inWorld(software.command("show"))
    .description("packages by cycle, and what each target does differently; changes and asks nothing")
    .argument("[site...]", "only these sites")
    .option("--markdown", "the page docs/modules.md")
    .option("--json", "as JSON; problems too")
    .action(exit(async (sites, options) => (await import("./commands/modules-show.js")).runShow(sites, options)));
  inWorld(software.command("order"))
    .description("write what the program that deploys is told, to look at, or for another machine")
    .argument("<site>", "whose supercomputer")
    .argument("<folder>", "it is made; files of ours in it are written over")
    .option("--tenancy <name>", tenancyHelp)
    .option("--user <name>", userHelp)
    .action(
      exit(async (site, folder, options) => (await import("./commands/modules.js")).runOrder(site, folder, options)),
    );
  const atSites = (action: ModulesAction, description: string, which = "<site...>") =>
    inWorld(software.command(action))
      .description(description)
      .argument(which, "whose supercomputer")
      .option("--tenancy <name>", tenancyHelp)
      .option("--user <name>", userHelp)
      .option("--only <cycle/target...>", "instead of all")
      .action(
        exit(async (sites, options) =>
          (await import("./commands/modules.js")).runModules(action, [sites].flat(), options),
        ),
      );
  atSites("deploy", "build, test and publish what is not there; the next run goes on where one ended")
    .option("--sources <folder>", "bring sources from here, instead of a login node fetching them")
    .option("--wheels <folder>", "bring packages of EasyBuild and ReFrame from here")
    .option("--again", "also what has failed too often, or was rolled back")
    .option("--no-wait", "end once a job is submitted; call again to go on")
    .option("--dry-run", "print commands that change something, and run none of them")
    .addOption(incidentOption("publish though the forecast runs, or changes are frozen"))
    .addHelpText("after", modulesHelp);
  atSites("status", "what is there, of all sites side by side: current, tested, drifted", "[site...]").option(
    "--json",
    "as JSON",
  );
  atSites("diff", "modules that a deployment would add, remove and change").option("--json", "as JSON");
  atSites(
    "preflight",
    "hold what the site file says of module environment, partitions and quota against the site",
  ).option("--json", "as JSON");
  atSites("test", "run the tests again, of what is current");
  atSites("rollback", "back to the release before, in seconds; what is left is not published again", "<site>")
    .requiredOption("--of <cycle/target>", "which")
    .option("--to <digest>", "another release than the one before")
    .addOption(incidentOption("though the forecast runs, or changes are frozen"))
    .addHelpText("after", modulesHelp);
}

const modulesHelp = `${closedHoursHelp}
What is built and tested meanwhile is published by a run after that.

Held: where the stack of the job that installs the same is (databridge hold), the site is left out, and rolled back by nobody.

Exit codes: 0 all is done but what is held; others are those of the program, hpc/README.md.
`;

const tenancyHelp = "of this tenancy; without: the only one that installs software";
const userHelp = "as whom you log in there; without: as the environment does";
