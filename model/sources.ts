import { type PlaceEntry, pathTo, type Trust } from "./entries";
import type { StatedModules } from "./site/modules";
import { own } from "./words/record";

/** What a version of a package is built from. */
export interface Source {
  /** As `databridge learn home` takes its checksum: `sources.eckit-1.32.4`. */
  readonly key: string;
  readonly file: string;
  readonly url: string;
  /** In hex. @default - nobody has looked at it yet, and nothing is built from it */
  readonly sha256?: string;
}

/** That of one version; nothing where nobody knows how it is built. */
export function sourceOf(
  name: string,
  version: string,
  { recipes }: Pick<StatedModules, "recipes">,
  { sources }: Pick<Trust, "sources">,
): Source | undefined {
  const source = own(recipes, name)?.source;
  if (!source) return undefined;
  const [file = "", url = ""] = [source.file, source.url].map((text) => text.replaceAll("{version}", version));
  const sha256 = own(sources, `${name}-${version}`);
  return { key: `sources.${name}-${version}`, file, url, ...(sha256 === undefined ? {} : { sha256 }) };
}

/** Those of all that some target builds, each once, in the order in which it is described. */
export const sourcesOf = (places: readonly PlaceEntry[]): readonly Source[] => [
  ...new Map(places.flatMap(builtAt).map(({ source }) => [source.key, source])).values(),
];

/** A version that some target builds. */
export interface Built {
  readonly source: Source;
  /** Where the version stands in the description. */
  readonly path: string;
}

export const builtAt = (place: PlaceEntry): readonly Built[] =>
  place.modules.flatMap(({ said }) => {
    const targets = said.on.flatMap((name) => own(place.site.supercomputer?.software?.targets ?? {}, name) ?? []);
    return Object.entries(said.cycles).flatMap(([cycle, packages]) =>
      Object.entries(packages).flatMap(([name, version]): readonly Built[] => {
        const source = targets.every(({ without }) => without.includes(name))
          ? undefined
          : sourceOf(name, version, said, place.trust);
        return source ? [{ source, path: `${pathTo(place)}.runs.modules.software.${cycle}.${name}` }] : [];
      }),
    );
  });
