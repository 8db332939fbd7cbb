import type { PlaceEntry } from "../../model/entries";
import { schemaText } from "../../model/layout";
import type { StatedFdb } from "../../model/site/fdb";
import type { StatedWorkload } from "../../model/site/workload";
import { lines } from "../hosts/lines";
import { hostsOf, listensAt } from "./met";
import { files } from "./places";
import { type ClientKeys, clientKeys, clientYaml } from "./server";

export const schemaAt = (at: string, { layout }: StatedFdb): string => lines(at, schemaText(layout).trimEnd());

/** What a client of the tenancy is told; nothing where there is no catalogue. */
export function clientKeysAt(place: PlaceEntry, { catalogue }: StatedFdb): ClientKeys | undefined {
  const [met] = hostsOf(place, catalogue);
  return met && clientKeys(met.address, listensAt(place, catalogue));
}

/** What a client of the tenancy reads, by path. @param at their first line */
export function clientFiles(at: string, place: PlaceEntry, said: StatedFdb): Readonly<Record<string, string>> {
  const keys = clientKeysAt(place, said);
  return keys ? { [files.client]: clientYaml(at, keys), [files.schema]: schemaAt(at, said) } : {};
}

/** A workload, and by what its containers find the FDB of which it is a client: that follows from what stands elsewhere. */
export function askingFdb(workload: StatedWorkload, place: PlaceEntry): StatedWorkload {
  const asked = place.fdb.filter(({ said }) =>
    said.clients.some((client) => "workload" in client && client.workload === workload.workload),
  );
  if (asked.length === 0) return workload;
  const at = `# ${workload.workload} of ${place.id}`;
  const more = Object.assign({}, ...asked.map(({ said }) => clientFiles(at, place, said))) as Record<string, string>;
  return {
    ...workload,
    containers: workload.containers.map((container) => ({
      ...container,
      env: { FDB_HOME: "/tmp", FDB_CONFIG_FILE: files.client, ...container.env },
      files: { ...more, ...container.files },
    })),
  };
}
