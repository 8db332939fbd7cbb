import type { PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";

/** Where the root of our own servers' certificates is, and while another takes over, both. */
export const rootFile = "/usr/local/share/ca-certificates/platform-root.crt";

/** Nothing but certificates: not every program that reads them all passes over other lines. */
export const rootsText = ({ trust: { tlsRoots } }: PlaceEntry): string => tlsRoots.map((root) => `${root}\n`).join("");

/** It is among those that programs of a host trust. @see update-ca-certificates(8) */
export const rootsOf = (place: PlaceEntry): readonly HostFile[] =>
  place.trust.tlsRoots.length === 0 ? [] : [{ path: rootFile, role: "base", text: rootsText(place) }];
