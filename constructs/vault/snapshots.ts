import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import { bringing } from "../backup/unit";
import { header } from "../hosts/header";
import { lines } from "../hosts/lines";
import { rootFile } from "../hosts/roots";
import { hardenedForSecrets, timer } from "../hosts/units";
import { copiedOf } from "./copies";
import { type Product, productOf } from "./product";
import { folderOfSnapshots, portOf, server, volume } from "./server";

/** What copies all that Vault holds, on each server and, after that, to another site. Copies are as sealed as it is. */
export function snapshotsOf(host: HostEntry, place: PlaceEntry): readonly HostFile[] {
  const [stated] = place.vault;
  if (!stated || !host.roles.includes(server)) return [];
  const { copies: said, product: which } = stated.said;
  const product = productOf(which);
  const copied = copiedOf(which);
  const unit = (name: string): string => `/etc/systemd/system/${name}`;
  const timed = `${product.name}-snapshot.timer`;
  return [
    {
      path: unit(`${product.name}-snapshot.service`),
      role: "vault",
      text: snapshot(host, place, product, said && copied.unit),
    },
    {
      path: unit(timed),
      role: "vault",
      reloads: timed,
      text: timer(header(host, place), "*-*-* 00/6:10:00 UTC", "20min", "Persistent=true"),
    },
    ...(said === undefined
      ? []
      : bringing({
          host,
          place,
          copied,
          said,
          by: "vault",
          volume,
          from: folderOfSnapshots,
          ending: ".snap",
          brings: "all",
          to: `vault/${host.name}`,
          hours: 12,
          // A server keeps those of a week.
          days: 30,
        })),
  ];
}

const snapshot = (host: HostEntry, place: PlaceEntry, product: Product, then: string | undefined): string => {
  const { name, program, folder } = product;
  const address = `https://${host.dns}:${portOf(place, "vault")}`;
  return lines(
    header(host, place),
    "[Unit]",
    "Description=Copies all that Vault holds, and forgets old copies",
    `ConditionPathExists=${folder}/snapshot-token`,
    `RequiresMountsFor=${volume}`,
    ...(then === undefined ? [] : [`OnSuccess=${then}`]),
    "",
    "[Service]",
    "Type=oneshot",
    `User=${name}`,
    `Group=${name}`,
    `Environment=VAULT_ADDR=${address} VAULT_CACERT=${rootFile}`,
    `Environment=BAO_ADDR=${address} BAO_CACERT=${rootFile}`,
    `ExecStart=/usr/local/sbin/platform-vault-snapshot ${program} ${folder}/snapshot-token ${folderOfSnapshots}`,
    ...hardenedForSecrets,
    `ReadWritePaths=${volume}`,
  );
};
