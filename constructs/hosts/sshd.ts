import { ansibleUser, jumpUser } from "../../model/accounts";
import { certificateOf, hostKeyFile } from "../../model/signed-keys";

export interface SshdProps {
  /** The first line. */
  readonly header: string;
  /** Addresses from which logins are taken. @default - any, since security groups decide */
  readonly from?: readonly string[];
  /** Whether Vault signs its host key. @default false */
  readonly certified?: boolean;
  /** Of a bastion: where connections may be passed on to, `10.20.4.60:22`. @default - nowhere, by nobody */
  readonly opens?: readonly string[];
}

/** Public keys of the CAs for logins, as cloud-init wrote them at the first boot. */
export const userCaFile = "/etc/ssh/platform-user-ca.pub";
/** Public keys that let nobody in any more. It has to be there: without it sshd lets in nobody at all. */
export const revokedFile = "/etc/ssh/platform-revoked";

/**
 * The whole configuration of sshd: nothing is included, since the first value that sshd reads holds, and images bring
 * files of their own. Certificates alone, each for one account of one tenancy; the key by which the host proves who it
 * is, is the one that was learned from its console. While its certificate is not there, sshd says so, and shows the bare key.
 * @see sshd_config(5)
 */
export const sshdConfig = ({ header, from = [], certified = false, opens }: SshdProps): string =>
  [
    header,
    "AddressFamily inet",
    `HostKey ${hostKeyFile}`,
    ...(certified ? [`HostCertificate ${certificateOf(hostKeyFile)}`] : []),
    "# The line of a login tells the certificate's identity.",
    "LogLevel VERBOSE",
    "",
    "AuthenticationMethods publickey",
    `TrustedUserCAKeys ${userCaFile}`,
    `RevokedKeys ${revokedFile}`,
    "AuthorizedPrincipalsFile /etc/ssh/principals/%u",
    "AuthorizedKeysFile none",
    ...keysAlone,
    "UsePAM yes",
    `AllowUsers ${namesOf(opens)
      .flatMap((name) => (from.length > 0 ? from.map((f) => `${name}@${f}`) : [name]))
      .join(" ")}`,
    ...patience,
    "",
    ...forwarding("no"),
    "PrintMotd no",
    "X11Forwarding no",
    "",
    "Subsystem sftp internal-sftp",
    "",
    ...(opens === undefined ? [] : passing(opens)),
  ].join("\n");

const namesOf = (opens: SshdProps["opens"]): readonly string[] => [
  ansibleUser,
  "operator",
  ...(opens === undefined ? [] : [jumpUser]),
];

/** No password, and nobody who may do everything. */
export const keysAlone = [
  "PasswordAuthentication no",
  "KbdInteractiveAuthentication no",
  "PermitRootLogin no",
] as const;

/** How many seconds a login may take, and how many keys it may try; after how many a silent one is asked whether it is still there. */
export const patience = ["LoginGraceTime 30", "MaxAuthTries 3", "ClientAliveInterval 60"] as const;

/** What of a connection is passed on: `local`, ports of TCP that whoever came asks for; nothing else in any case. */
export const forwarding = (tcp: "no" | "local"): readonly string[] => [
  "AllowAgentForwarding no",
  "AllowStreamLocalForwarding no",
  `AllowTcpForwarding ${tcp}`,
  "GatewayPorts no",
  "PermitTunnel no",
  "PermitUserEnvironment no",
  "PermitUserRC no",
];

/** Where to each connection is passed on is logged, which sshd does by itself for what it refuses alone. */
export const tellsWhereTo = "LogVerbose serverloop.c:server_request_direct_tcpip():*";

/** Connections are passed on to these, and no session can be opened. @param opens `10.20.4.60:22` */
export const passesOn = (opens: readonly string[]): readonly string[] => [
  `PermitOpen ${opens.length > 0 ? opens.join(" ") : "none"}`,
  "MaxSessions 0",
  "PermitTTY no",
  "ForceCommand /usr/sbin/nologin",
];

const passing = (opens: readonly string[]): readonly string[] => [
  "# Where each connection is passed on to.",
  tellsWhereTo,
  `Match User ${jumpUser}`,
  ...["AllowTcpForwarding local", ...passesOn(opens)].map((line) => `  ${line}`),
  "",
];
