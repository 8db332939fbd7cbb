import type { PlaceEntry, Trust } from "./entries";
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

/** Those of all software of the platform, each once, in the order in which it is described. */
export const sourcesOf = (places: readonly PlaceEntry[]): readonly Source[] => [
  ...new Map(
    places.flatMap(({ modules, trust }) =>
      modules.flatMap(({ said }) =>
        Object.values(said.cycles).flatMap((packages) =>
          Object.entries(packages).flatMap(([name, version]) => {
            const source = sourceOf(name, version, said, trust);
            return source ? [[source.key, source] as const] : [];
          }),
        ),
      ),
    ),
  ).values(),
];
