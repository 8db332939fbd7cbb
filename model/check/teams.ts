import { pathTo } from "../entries";
import type { Registers } from "../registers";
import { didYouMean, listed, type Problem } from "../words/problem";
import { pathOf } from "../words/record";

/** Whoever answers for something is reached, where monitoring says how anybody is; each is told once, where it is first said. */
export function teamProblems({ places, secrets, signals }: Registers): readonly Problem[] {
  const teams = places.flatMap(({ monitoring }) => monitoring.flatMap(({ said }) => Object.keys(said.teams)));
  if (teams.length === 0) return [];
  const owners = [
    ...places.map((place) => ({ owner: place.tenancy.owner, path: `${pathTo(place)}.owner` })),
    ...secrets.map(({ writer, because, id, place }) => ({
      owner: writer,
      path: pathOf(because, "secrets", id.slice(place.id.length + 1), "writer"),
    })),
    ...signals.map(({ owner, because }) => ({ owner, path: because })),
  ];
  return [...new Map([...owners].reverse().map((each) => [each.owner, each])).values()]
    .reverse()
    .filter(({ owner }) => !teams.includes(owner))
    .map(({ owner, path }) => ({
      path,
      value: owner,
      allowed: `a team of which monitoring() says how it is reached: ${listed(teams)}`,
      fix: didYouMean(owner, teams, "state it among its teams"),
    }));
}
