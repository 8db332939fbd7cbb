import { softwareMarkdown, softwareTables } from "../../operate/pages/software";
import { colors } from "../print/colors";
import { table } from "../print/table";
import { isWanted, soundDescription } from "../project/description";

interface Options {
  readonly markdown?: boolean;
  readonly json?: boolean;
}

/** `databridge modules show [site…]`. @returns the exit code */
export function runShow(sites: readonly string[], { markdown = false, json = false }: Options): number {
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  const places = registers.places.filter(({ site, modules }) => modules.length > 0 && isWanted(site.name, sites));
  const tables = softwareTables(places);
  if (json) console.log(JSON.stringify(tables, undefined, 2));
  else if (markdown) process.stdout.write(softwareMarkdown(tables));
  else if (places.length === 0) console.log("no software is installed there");
  else
    console.log(
      tables
        .filter(({ rows }) => rows.length > 0)
        .map(({ title, head, rows }) => `${colors.bold(title)}\n${table(head, rows)}`)
        .join("\n\n"),
    );
  return 0;
}
