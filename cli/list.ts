import type { Command } from "commander";
import { stacksOf } from "../model/stacks";
import { isWanted, soundDescription } from "./description";
import { table } from "./print";

/** `databridge list [site…]`. */
export const addList = (program: Command, done: (code: number) => void): Command =>
  program
    .command("list")
    .description("stacks, and where their state is kept")
    .argument("[site...]", "only the stacks of these sites")
    .option("--json", "as JSON; problems too")
    .action((sites: readonly string[], { json = false }: { json?: boolean }) => {
      const registers = soundDescription(sites, json);
      if (!registers) return done(1);
      const stacks = registers.places.flatMap(stacksOf).filter(({ place }) => isWanted(place.site.name, sites));
      const rows = stacks.map(({ name, place, state }) => ({
        stack: name,
        site: place.site.name,
        tenancy: place.name,
        environment: place.tenancy.environment,
        owner: place.tenancy.owner,
        state,
      }));
      if (json) return console.log(JSON.stringify(rows, undefined, 2));
      const head = ["stack", "environment", "owner", "state"];
      console.log(
        table(
          head,
          rows.map(({ stack, environment, owner, state }) => [stack, environment, owner, state]),
        ),
      );
    });
