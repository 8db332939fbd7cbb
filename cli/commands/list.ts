import { stacksOf } from "../../model/stacks";
import { table } from "../print/table";
import { isWanted, soundDescription } from "../project/description";

/** `databridge list [site…]`. @returns the exit code */
export function runList(sites: readonly string[], { json = false }: { readonly json?: boolean }): number {
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  const stacks = registers.places.flatMap(stacksOf).filter(({ place }) => isWanted(place.site.name, sites));
  const rows = stacks.map(({ name, place, state }) => ({
    stack: name,
    site: place.site.name,
    tenancy: place.name,
    environment: place.tenancy.environment,
    owner: place.tenancy.owner,
    state,
  }));
  if (json) {
    console.log(JSON.stringify(rows, undefined, 2));
    return 0;
  }
  const head = ["stack", "environment", "owner", "state"];
  console.log(
    table(
      head,
      rows.map(({ stack, environment, owner, state }) => [stack, environment, owner, state]),
    ),
  );
  return 0;
}
