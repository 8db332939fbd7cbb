import type { Registers } from "../../model/registers";
import { stacksOf } from "../../model/stacks";

/**
 * Who has to agree to a change of which files: the owner of a tenancy to what changes there, since what stands in `synthesized/` is
 * what is applied; one of all owners to a site file that their tenancies share, and one who owns production to anything. A team is a
 * group of its name.
 * @see https://docs.gitlab.com/user/project/codeowners/reference/
 */
export function ownersText({ sites, places }: Registers): string {
  const owners = [...new Set(places.map(({ tenancy }) => tenancy.owner))].sort();
  const production = ownersOf(places.filter(({ tenancy }) => tenancy.environment === "production"));
  const section = (name: string, of: readonly string[], paths: readonly string[]) => [
    `[${name}] ${of.map((owner) => `@${owner}`).join(" ")}`,
    ...paths,
    "",
  ];
  return [
    "# Rendered by databridge owners > CODEOWNERS: nobody edits it.",
    "",
    ...section("platform", production.length > 0 ? production : owners, ["*"]),
    ...sites.flatMap(({ name }) => {
      const mine = places.filter((place) => place.site.name === name);
      return section(`site ${name}`, ownersOf(mine), [
        `/sites/${name}.ts`,
        `/sites/${name}.lock.json`,
        `/docs/sites/${name}.md`,
      ]);
    }),
    ...places.flatMap((place) =>
      section(
        `tenancy ${place.id}`,
        [place.tenancy.owner],
        [
          ...stacksOf(place).map((stack) => `/synthesized/stacks/${stack.name}.json`),
          ...(place.hosts.length > 0 ? [`/synthesized/hosts/${place.id}-*/`] : []),
        ],
      ),
    ),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

const ownersOf = (places: Registers["places"]): readonly string[] =>
  [...new Set(places.map(({ tenancy }) => tenancy.owner))].sort();
