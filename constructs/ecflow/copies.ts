import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import { type StatedEcflow, serverAccount } from "../../model/site/ecflow";
import { hours } from "../../model/words/quantity";
import type { Copied } from "../backup/needs";
import { bringing } from "../backup/unit";
import { header } from "../hosts/header";
import { timer } from "../hosts/units";
import { folderOf, keptOf, volumeOf } from "./places";

/** What of a server is copied to another site. */
export const copiedOf = (name: string, role: string): Copied => ({
  what: `check points of ecFlow ${name}`,
  role,
  // Who writes suites has commands run as the server's account: it must not have the key of what other sites keep.
  account: `${serverAccount}-copies`,
  of: serverAccount,
  folder: `${folderOf(role)}-copies`,
  unit: `${role}-copies.service`,
  every: hours(1),
  secret: `ecflow/${name}-copies`,
});

/**
 * Each hour, once `keep` has run, the last copy that it kept. All go to one folder, from whichever host was the server: one that stands by
 * knows nothing that the server does not.
 */
export function copiesOf(host: HostEntry, place: PlaceEntry, role: string, said: StatedEcflow): readonly HostFile[] {
  const { copies, home, server } = said;
  if (copies === undefined) return [];
  const timed = `${role}-copies.timer`;
  return [
    ...bringing({
      host,
      place,
      copied: copiedOf(server, role),
      said: copies,
      by: "ecflow",
      volume: volumeOf(home),
      from: keptOf(home),
      ending: ".check.gz",
      brings: "newest",
      to: `ecflow/${server}`,
      hours: 2,
      days: Math.ceil(copies.kept.seconds / 86400),
    }),
    {
      path: `/etc/systemd/system/${timed}`,
      role: "ecflow",
      reloads: timed,
      text: timer(header(host, place), "*:05", "5min"),
    },
  ];
}
