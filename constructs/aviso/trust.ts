import type { PlaceEntry } from "../../model/entries";
import type { StatedWorkload } from "../../model/site/workload";
import { rootsText } from "../hosts/roots";
import { files } from "./places";

/** What speaks TLS for aviso-server, with what it trusts: NATS is met by a certificate of ours. */
export function trusting(said: StatedWorkload, place: PlaceEntry): StatedWorkload {
  const isServer = place.aviso.some(({ said: { aviso } }) => aviso === said.workload);
  if (!isServer || place.trust.tlsRoots.length === 0) return said;
  const containers = said.containers.map((each) =>
    each.kept.includes(files.tls) ? { ...each, files: { ...each.files, [files.root]: rootsText(place) } } : each,
  );
  return { ...said, containers };
}
