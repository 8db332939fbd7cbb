import type { PlaceEntry } from "./entries";
import { fingerprintOf } from "./layout";
import type { StatedFdb } from "./site/fdb";
import { stacksOf } from "./stacks";

/** By what data of a stack is laid out. */
export interface LayoutEntry {
  /** The stack that has its volumes: `lumi-production-tenancy`. */
  readonly stack: string;
  readonly fdb: string;
  /** Path of the component. */
  readonly because: string;
  readonly fingerprint: string;
}

/** Layouts that a lock is to hold: of data that somebody would miss. */
export const layoutsOf = (place: PlaceEntry): readonly LayoutEntry[] =>
  stacksOf(place)
    .filter(({ kind }) => kind === "tenancy")
    .flatMap(({ name: stack }) =>
      place.fdb
        .filter(({ said }) => isKept(place, said))
        .map(({ said, because }) => ({ stack, fdb: said.fdb, because, fingerprint: fingerprintOf(said.layout) })),
    );

const isKept = ({ hosts }: PlaceEntry, { store: { role } }: StatedFdb): boolean =>
  hosts.some(({ roles, volumes }) => roles.includes(role) && volumes.some(({ fate }) => fate === "keep"));
