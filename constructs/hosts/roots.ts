import type { PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";

/** Where the root of our own servers' certificates is. */
export const rootFile = "/usr/local/share/ca-certificates/platform-root.crt";

/** It is among those that programs of a host trust. @see update-ca-certificates(8) */
export const rootsOf = ({ trust: { tlsRoot } }: PlaceEntry): readonly HostFile[] =>
  tlsRoot === undefined
    ? []
    : // Nothing but the certificate: not every program that reads them all passes over other lines.
      [{ path: rootFile, role: "base", text: `${tlsRoot}\n` }];
