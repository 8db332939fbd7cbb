import { accountsOf } from "../../model/accounts";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import { header } from "./header";
import { lines } from "./lines";
import { revokedFile, sshdConfig, userCaFile } from "./sshd";

/** Who gets in to a host, and by which certificates; of a bastion without its sshd, which says where it passes on to. */
export const loginsOf = (host: HostEntry, place: PlaceEntry): readonly HostFile[] => [
  ...(host.roles.includes("bastion") ? [] : [sshd(host, place)]),
  ...accountsOf(host, place).map(
    ({ name, principal }): HostFile => ({
      path: `/etc/ssh/principals/${name}`,
      role: "users",
      text: lines(header(host, place), principal),
    }),
  ),
  // Until a CA is known, no host can be made, and none has logins to configure.
  ...(place.trust.sshUserCas.length === 0
    ? []
    : [{ path: userCaFile, role: "users" as const, text: lines(header(host, place), ...place.trust.sshUserCas) }]),
  { path: revokedFile, role: "users", text: lines(header(host, place), ...place.trust.revoked) },
  {
    path: "/etc/sudoers.d/10-platform",
    role: "users",
    text: lines(
      header(host, place),
      ...accountsOf(host, place).flatMap(({ name, administers }) =>
        administers ? [`${name} ALL=(ALL) NOPASSWD:ALL`] : [],
      ),
    ),
  },
];

/** Logins come from the bastion alone. */
const sshd = (host: HostEntry, place: PlaceEntry): HostFile => ({
  path: "/etc/ssh/sshd_config",
  role: "base",
  reloads: "ssh.service",
  text: sshdConfig({
    header: header(host, place),
    certified: place.agents.length > 0,
    from: place.hosts.filter(({ roles }) => roles.includes("bastion")).map(({ address }) => address),
  }),
});
