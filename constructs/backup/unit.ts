import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { FileRole, HostFile } from "../../model/host-file";
import { bucketOf, type StatedCopies } from "../../model/site/copies";
import { forwardProxyOf } from "../edge/forward-proxy";
import { header } from "../hosts/header";
import { lines } from "../hosts/lines";
import { hardenedForSecrets } from "../hosts/units";
import { broughtAt, type Copied, stateOf } from "./needs";

export interface BringsProps {
  readonly host: HostEntry;
  readonly place: PlaceEntry;
  readonly copied: Copied;
  readonly said: StatedCopies;
  /** Which role of Ansible puts the unit in place. */
  readonly by: FileRole;
  /** The folder that has what is brought, and the volume on which it is. */
  readonly from: string;
  readonly volume: string;
  /** How names of what is brought end; they begin with the time that it was made: `.snap`. */
  readonly ending: string;
  /** What is brought: all that is not there yet, or of all the newest. */
  readonly brings: "all" | "newest";
  /** Where it goes, below the folder of the tenancy: `vault/vault-1`. */
  readonly to: string;
  /** It fails where nothing was made in so many hours, and forgets nothing then. */
  readonly hours: number;
  /** After so many days it is forgotten there. */
  readonly days: number;
}

/** What brings copies to the store of another site, and forgets old ones there. */
export function bringing({ host, place, copied, said, by, ...is }: BringsProps): readonly HostFile[] {
  const { what, account, of, folder, unit } = copied;
  const proxy = forwardProxyOf(place);
  const remote = `copies:${bucketOf(said)}/${place.id}/${is.to}`;
  const words = [folder, is.from, is.ending, is.brings, remote, is.hours, is.days];
  return [
    { path: `${folder}/rclone.conf`, role: "copies", text: store(header(host, place), said) },
    {
      path: `/etc/systemd/system/${unit}`,
      role: by,
      text: lines(
        header(host, place),
        "[Unit]",
        `Description=Brings ${what} to another site, and forgets old ones there`,
        `RequiresMountsFor=${is.volume}`,
        "",
        "[Service]",
        "Type=oneshot",
        `User=${account}`,
        `Group=${account}`,
        ...(of === undefined ? [] : [`SupplementaryGroups=${of}`]),
        ...(proxy === undefined ? [] : [`Environment=HTTPS_PROXY=${proxy}`]),
        // It fails where something could not be brought, and brings it the next time.
        `ExecStart=/usr/local/sbin/platform-copies ${words.join(" ")}`,
        `ExecStartPost=/usr/bin/touch ${broughtAt(copied)}`,
        `StateDirectory=${stateOf(copied)}`,
        // Where nobody answers, rclone gives up after minutes.
        "TimeoutStartSec=1h",
        ...hardenedForSecrets,
      ),
    },
  ];
}

/**
 * What rclone reads. Keys come by its environment; one that may do nothing beyond its bucket cannot look whether that is there.
 * @see https://rclone.org/s3, env_auth, no_check_bucket
 */
const store = (at: string, { endpoint, region }: StatedCopies): string =>
  lines(
    at,
    "[copies]",
    "type = s3",
    "provider = Other",
    "env_auth = true",
    `endpoint = https://${endpoint}`,
    `region = ${region}`,
    "no_check_bucket = true",
  );
