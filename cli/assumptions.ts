import type { Command } from "commander";
import { isWanted, soundDescription } from "./description";
import { table } from "./print";

/** `databridge assumptions [site…]`. */
export const addAssumptions = (program: Command, done: (code: number) => void): Command =>
  program
    .command("assumptions")
    .description("facts of the site files that nobody has confirmed, and what would confirm them")
    .argument("[site...]", "only these sites")
    .option("--json", "as JSON; problems too")
    .action((sites: readonly string[], { json = false }: { json?: boolean }) => {
      const registers = soundDescription(sites, json);
      if (!registers) return done(1);
      const assumptions = registers.assumptions.filter(({ path }) => isWanted(path.split(".")[0] ?? "", sites));
      if (json) return console.log(JSON.stringify(assumptions, undefined, 2));
      if (assumptions.length === 0) return console.log("every fact is confirmed");
      console.log(
        table(
          ["fact", "assumed, until confirmed by"],
          assumptions.map(({ path, why }) => [path, why]),
        ),
      );
    });
