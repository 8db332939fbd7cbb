import type { HostEntry, PlaceEntry } from "../model/entries";
import { type HostFile, manifestName, manifestOf } from "../model/host-file";
import type { Registers } from "../model/registers";
import { filesOf as aviso } from "./aviso/notify";
import { filesOf as cluster } from "./cluster/config";
import { filesOf as collector } from "./collector/config";
import { filesOf as ecflow } from "./ecflow/config";
import { filesOf as edge } from "./edge/config";
import { filesOf as fdb } from "./fdb/config";
import { filesOf as hosts } from "./hosts/config";
import { filesOf as hpc } from "./hpc/config";
import { filesOf as monitoring } from "./monitoring/config";
import { filesOf as multio } from "./multio/config";
import { filesOf as vault } from "./vault/config";

/** Every file of ours on a host. */
export const filesOf = (host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] => [
  ...hosts(host, place, registers),
  ...edge(host, place, registers),
  ...vault(host, place, registers),
  ...cluster(host, place, registers),
  ...ecflow(host, place, registers),
  ...fdb(host, place, registers),
  ...hpc(host, place, registers),
  ...multio(host, place, registers),
  ...aviso(host, place, registers),
  ...monitoring(host, place, registers),
  ...collector(host, place, registers),
];

/** The files of all hosts of a tenancy, and what a change of each does there, by `<host id>/<path>`. */
export const filesIn = (place: PlaceEntry, registers: Registers): ReadonlyMap<string, string> =>
  new Map(
    place.hosts.flatMap((host) => {
      const files = filesOf(host, place, registers);
      return [
        ...files.map(({ path, text }) => [`${host.id}${path}`, text] as const),
        [`${host.id}/${manifestName}`, manifestOf(files)] as const,
      ];
    }),
  );
