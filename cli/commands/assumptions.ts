import { table } from "../print/table";
import { isWanted, soundDescription } from "../project/description";

/** `databridge assumptions [site…]`. @returns the exit code */
export function runAssumptions(sites: readonly string[], { json = false }: { readonly json?: boolean }): number {
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  const found = registers.assumptions.filter(({ path }) => isWanted(path.split(".")[0] ?? "", sites));
  if (json) console.log(JSON.stringify(found, undefined, 2));
  else if (found.length === 0) console.log("every fact is confirmed");
  else
    console.log(
      table(
        ["fact", "assumed, until confirmed by"],
        found.map(({ path, why }) => [path, why]),
      ),
    );
  return 0;
}
