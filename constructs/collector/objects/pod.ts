import type { PlaceEntry } from "../../../model/entries";
import type { Registers } from "../../../model/registers";
import type { StatedWorkload } from "../../../model/site/workload";
import { podCollector } from "../../../model/telemetry";
import { rootsText } from "../../hosts/roots";
import { otelText } from "../otel";
import { objectsConfig } from "./config";
import { files } from "./places";

/** The pod that tells of its cluster, with what it is told: whom it asks, and where it brings that, follows from the tenancy. */
export function watching(said: StatedWorkload, place: PlaceEntry, { telemetry }: Registers): StatedWorkload {
  const [container, ...others] = said.containers;
  if (said.workload !== podCollector || !container) return said;
  const texts = {
    ...container.files,
    [files.config]: otelText(`# ${podCollector} of ${place.id}`, objectsConfig(place, telemetry.scrapes)),
    ...(place.trust.tlsRoots.length === 0 ? {} : { [files.root]: rootsText(place) }),
  };
  return { ...said, containers: [{ ...container, files: texts }, ...others] };
}
