import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import type { Registers } from "../../model/registers";
import type { FdbDatamover, StatedFdb } from "../../model/site/fdb";
import { header } from "../hosts/header";
import { lines } from "../hosts/lines";
import { timer } from "../hosts/units";
import { connectionsOf } from "../hpc/connections";
import { files as hpcFiles } from "../hpc/places";
import { confined } from "../hpc/units";
import { archiveFile, archiver, files, programs } from "./places";

const unitName = "fdb-archive";
/** What is tried again each minute has never failed for long: this has, until all is archived, and rings. */
const stuck = `${unitName}-stuck.service`;

/** What the host has that fetches whole files from the supercomputer, and archives them. */
export function datamoverOf(
  host: HostEntry,
  place: PlaceEntry,
  { datamover }: StatedFdb,
  registers: Registers,
): readonly HostFile[] {
  if (!datamover || !host.roles.includes(datamover.role)) return [];
  // Its account of the environment; another connection of the same account would be a person's.
  const [connection] = connectionsOf(host, place, registers).filter(({ name }) => name === datamover.supercomputer);
  if (!connection) return [];
  const at = header(host, place);
  const file = (path: string, text: string, more: Partial<HostFile> = {}): HostFile => ({
    path,
    role: "fdb",
    text,
    ...more,
  });
  const timed = `${unitName}.timer`;
  return [
    file(archiveFile, about(datamover, connection.name)),
    file(`/etc/systemd/system/${unitName}.service`, unit(at, datamover)),
    file(`/etc/systemd/system/${stuck}`, standingStill(at)),
    file(`/etc/systemd/system/${timed}`, timer(at, "minutely", "10s"), { reloads: timed }),
  ];
}

const stagingOf = ({ staging }: FdbDatamover): string => `/srv/${staging}/fdb`;

const about = (is: FdbDatamover, connection: string): string =>
  `${JSON.stringify(
    {
      ssh: hpcFiles.ssh,
      connection,
      outbox: is.outbox,
      staging: stagingOf(is),
      write: `${programs}/fdb-write`,
      client: files.client,
    },
    undefined,
    2,
  )}\n`;

const unit = (at: string, is: FdbDatamover): string =>
  lines(
    at,
    "[Unit]",
    `Description=Archives what ${is.supercomputer} has left`,
    "Wants=network-online.target",
    "After=network-online.target",
    `RequiresMountsFor=/srv/${is.staging}`,
    `OnFailure=${stuck}`,
    "",
    "[Service]",
    "Type=oneshot",
    `User=${is.as}`,
    `Group=${is.as}`,
    `ExecStart=${archiver}`,
    `ExecStopPost=-+/bin/sh -c '[ "$SERVICE_RESULT" != success ] || systemctl reset-failed ${stuck}'`,
    // A day of the forecast may take hours; what has begun is not broken off.
    "TimeoutStartSec=12h",
    `ReadWritePaths=/srv/${is.staging}`,
    ...confined,
  );

const standingStill = (at: string): string =>
  lines(
    at,
    "[Unit]",
    `Description=Fails while something is not archived: journalctl -u ${unitName} says what`,
    "",
    "[Service]",
    "Type=oneshot",
    "ExecStart=/bin/false",
  );
