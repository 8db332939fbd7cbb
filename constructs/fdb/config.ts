import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import type { Registers } from "../../model/registers";
import { type FdbServer, fdbAccount, type StatedFdb } from "../../model/site/fdb";
import { header } from "../hosts/header";
import { lines } from "../hosts/lines";
import { hardened } from "../hosts/units";
import { clientFiles, schemaAt } from "./client";
import { datamoverOf } from "./datamover";
import { gateOf, includeOf } from "./gate";
import { hostsOf, listensAt, serversOf } from "./met";
import { files, home, programs, rootOf, unitOf, wipeFile } from "./places";
import { catalogueYaml, storeYaml } from "./server";

/** What catalogue, stores, their clients and their gate have. */
export const filesOf = (host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] =>
  place.fdb.flatMap(({ said }) => [
    ...serverOf(host, place, said),
    ...clientOf(host, place, said),
    ...gateOf(host, place, said),
    ...datamoverOf(host, place, said, registers),
    ...includeOf(host, place, said, registers),
  ]);

function serverOf(host: HostEntry, place: PlaceEntry, said: StatedFdb): readonly HostFile[] {
  const { catalogue, store } = said;
  const at = header(host, place);
  const server = [catalogue, store].find(({ role }) => host.roles.includes(role));
  if (!server) return [];
  const restarts = unitOf(server.role);
  const listens = listensAt(place, server);
  const file = (path: string, text: string): HostFile => ({ path, role: "fdb", text, restarts });
  return [
    file(files.schema, schemaAt(at, said)),
    file(files.server, server === catalogue ? catalogueAt(at, place, said) : storeYaml(at, listens, said)),
    file(`/etc/systemd/system/${restarts}`, unit(at, server, said.wipe)),
  ];
}

function catalogueAt(at: string, place: PlaceEntry, said: StatedFdb): string {
  const { catalogue, gate } = said;
  const [, ...stores] = serversOf(place, said);
  const gates = gate ? hostsOf(place, gate).map(({ address }) => address) : [];
  return catalogueYaml(
    at,
    listensAt(place, catalogue),
    said,
    stores.map((store) => ({ default: store.at, ...(gate ? { gate: `localhost:${store.inside}` } : {}) })),
    gates,
  );
}

/** On the catalogue too, for who looks after it. A gate only passes on. */
function clientOf(host: HostEntry, place: PlaceEntry, said: StatedFdb): readonly HostFile[] {
  const { clients, catalogue, store, gate } = said;
  const has = (role: string) => host.roles.includes(role);
  const asks = clients.some((client) => "role" in client && client.role !== gate?.role && has(client.role));
  if (!asks && !has(catalogue.role)) return [];
  const isServer = has(catalogue.role) || has(store.role);
  return Object.entries(clientFiles(header(host, place), place, said)).flatMap(([path, text]): readonly HostFile[] =>
    isServer && path === files.schema ? [] : [{ path, role: "fdb", text }],
  );
}

/**
 * Each connection is a process of its own, by default. It ends by SIGTERM: what was not flushed is the client's to write again.
 * @see fdb, docs/fdb/content/environment-variables
 */
const unit = (at: string, { role, spaces }: FdbServer, wipe: boolean): string => {
  const volumes = spaces.flatMap((space) => space.volumes);
  return lines(
    at,
    "[Unit]",
    `Description=FDB, ${role}`,
    "Wants=network-online.target",
    "After=network-online.target",
    `RequiresMountsFor=${volumes.map((volume) => `/srv/${volume}`).join(" ")}`,
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    `User=${fdbAccount}`,
    `Group=${fdbAccount}`,
    `Environment=FDB_HOME=${home} FDB_CONFIG_FILE=${files.server}`,
    // It takes any schema, and says what is wrong only when the first field comes.
    `ExecStartPre=${programs}/fdb-schema ${files.schema}`,
    wipe
      ? `ExecStart=/bin/sh -c 'FDB_WIPE_SECRET="$(cat ${wipeFile})" exec ${programs}/fdb-server'`
      : `ExecStart=${programs}/fdb-server`,
    "Restart=always",
    "RestartSec=10",
    "StateDirectory=fdb",
    "StateDirectoryMode=0750",
    "UMask=0027",
    `ReadWritePaths=${volumes.map(rootOf).join(" ")}`,
    // A file for each field that is open.
    "LimitNOFILE=65536",
    ...hardened,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  );
};
