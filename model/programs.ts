import type { PlaceEntry } from "./entries";
import { type Source, sourcesOf } from "./sources";
import { collectorsIn } from "./telemetry";
import { own } from "./words/record";

/** A program that Debian does not have: its project publishes an archive for each version, and hosts fetch that. */
export interface Program extends Source {
  readonly name: string;
  readonly version: string;
  /** Where it is on hosts, once it was fetched. */
  readonly path: string;
}

interface Released {
  readonly version: string;
  /** In its archive. */
  readonly binary: string;
  readonly archive: (version: string) => string;
}

const programs = {
  /** @see https://github.com/open-telemetry/opentelemetry-collector-releases: the newest of which all that it needs could be built here */
  "otelcol-contrib": {
    version: "0.160.0",
    binary: "otelcol-contrib",
    archive: (version) =>
      `open-telemetry/opentelemetry-collector-releases/releases/download/v${version}/otelcol-contrib_${version}_linux_amd64.tar.gz`,
  },
  /** @see https://docs.victoriametrics.com/victorialogs */
  "victoria-logs": {
    version: "1.52.1",
    binary: "victoria-logs-prod",
    archive: (version) =>
      `VictoriaMetrics/VictoriaLogs/releases/download/v${version}/victoria-logs-linux-amd64-v${version}.tar.gz`,
  },
} as const satisfies Readonly<Record<string, Released>>;
export type ProgramName = keyof typeof programs;

/** Where archives of these projects come from. @see GitHub, "About GitHub's IP addresses": releases are sent on to another host */
export const programHosts = ["github.com", "release-assets.githubusercontent.com"] as const;

export function programOf(name: ProgramName, { sources }: PlaceEntry["trust"]): Program {
  const { version, binary, archive } = programs[name];
  const path = archive(version);
  const sha256 = own(sources, `${name}-${version}`);
  return {
    name,
    version,
    path: `/opt/platform/${name}-${version}/${binary}`,
    key: `sources.${name}-${version}`,
    file: path.slice(path.lastIndexOf("/") + 1),
    url: `https://github.com/${path}`,
    ...(sha256 === undefined ? {} : { sha256 }),
  };
}

/** Those that hosts of a tenancy have. */
export const programsIn = (place: PlaceEntry): readonly ProgramName[] => [
  ...(collectorsIn(place).length > 0 || place.monitoring.length > 0 ? (["otelcol-contrib"] as const) : []),
  ...(place.monitoring.length > 0 ? (["victoria-logs"] as const) : []),
];

/** Everything that is fetched and held against a checksum which somebody has looked at: software of supercomputers, programs of hosts. */
export const fetchedSourcesOf = (places: readonly PlaceEntry[]): readonly Source[] => [
  ...sourcesOf(places),
  ...new Map(
    places.flatMap((place) =>
      programsIn(place).map((name) => {
        const program = programOf(name, place.trust);
        return [program.key, program] as const;
      }),
    ),
  ).values(),
];
