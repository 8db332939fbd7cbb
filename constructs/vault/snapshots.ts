import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import { bucketOf, type StatedCopies } from "../../model/site/copies";
import { forwardProxyOf } from "../edge/forward-proxy";
import { header } from "../hosts/header";
import { lines } from "../hosts/lines";
import { rootFile } from "../hosts/roots";
import { timer } from "../hosts/units";
import { folderOfCopies, unitOfCopies } from "./copies";
import { type Product, productOf } from "./product";
import { confined, portOf, server, volume } from "./server";

/** Days after which the other site's copies are forgotten; a server keeps those of a week. */
const daysKept = 30;

/** What copies all that Vault holds, on each server and, after that, to another site. Copies are as sealed as it is. */
export function snapshotsOf(host: HostEntry, place: PlaceEntry): readonly HostFile[] {
  const [stated] = place.vault;
  if (!stated || !host.roles.includes(server)) return [];
  const { copies, product: which } = stated.said;
  const product = productOf(which);
  const at = header(host, place);
  const unit = (name: string): string => `/etc/systemd/system/${name}`;
  const timed = `${product.name}-snapshot.timer`;
  return [
    { path: unit(`${product.name}-snapshot.service`), role: "vault", text: snapshot(host, place, product, copies) },
    {
      path: unit(timed),
      role: "vault",
      reloads: timed,
      text: timer(at, "*-*-* 00/6:10:00 UTC", "20min", "Persistent=true"),
    },
    ...(copies === undefined
      ? []
      : ([
          { path: `${folderOfCopies(product)}/rclone.conf`, role: "vault", text: store(at, copies) },
          { path: unit(unitOfCopies(product)), role: "vault", text: copy(host, place, product, copies) },
        ] as const)),
  ];
}

const snapshot = (host: HostEntry, place: PlaceEntry, product: Product, copies: StatedCopies | undefined): string => {
  const { name, program, folder } = product;
  const address = `https://${host.dns}:${portOf(place, "vault")}`;
  return lines(
    header(host, place),
    "[Unit]",
    "Description=Copies all that Vault holds, and forgets old copies",
    `ConditionPathExists=${folder}/snapshot-token`,
    `RequiresMountsFor=${volume}`,
    ...(copies === undefined ? [] : [`OnSuccess=${unitOfCopies(product)}`]),
    "",
    "[Service]",
    "Type=oneshot",
    `User=${name}`,
    `Group=${name}`,
    `Environment=VAULT_ADDR=${address} VAULT_CACERT=${rootFile}`,
    `Environment=BAO_ADDR=${address} BAO_CACERT=${rootFile}`,
    `ExecStart=/usr/local/sbin/platform-vault-snapshot ${program} ${folder}/snapshot-token ${volume}/snapshots`,
    ...confined,
    `ReadWritePaths=${volume}`,
  );
};

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

/** It fails where something could not be brought, and brings it the next time. */
const copy = (host: HostEntry, place: PlaceEntry, product: Product, copies: StatedCopies): string => {
  const { name } = product;
  const proxy = forwardProxyOf(place);
  const to = `copies:${bucketOf(copies)}/${place.id}/vault/${host.name}`;
  return lines(
    header(host, place),
    "[Unit]",
    "Description=Brings copies of Vault to another site, and forgets old ones there",
    `RequiresMountsFor=${volume}`,
    "",
    "[Service]",
    "Type=oneshot",
    `User=${name}`,
    `Group=${name}`,
    ...(proxy === undefined ? [] : [`Environment=HTTPS_PROXY=${proxy}`]),
    `ExecStart=/usr/local/sbin/platform-vault-copies ${folderOfCopies(product)} ${volume}/snapshots ${to} ${daysKept}`,
    // Where nobody answers, rclone gives up after minutes.
    "TimeoutStartSec=1h",
    ...confined,
  );
};
