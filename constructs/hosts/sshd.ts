import { accounts } from "../../model/accounts";

export interface SshdProps {
  /** The first line. */
  readonly header: string;
  /** Addresses from which logins are taken. @default - any, since security groups decide */
  readonly from?: readonly string[];
  /** Where connections may be passed on to, `10.20.4.60:22`. @default - nowhere */
  readonly opens?: readonly string[];
}

/** Public key of the CA for logins, as cloud-init wrote it at the first boot. */
export const userCaFile = "/etc/ssh/platform-user-ca.pub";

/**
 * The whole configuration of sshd: nothing is included, since the first value that sshd reads holds, and images bring
 * files of their own. Certificates alone, each for one account of one tenancy; the key by which the host proves who it
 * is, is the one that was learned from its console.
 * @see sshd_config(5)
 */
export const sshdConfig = ({ header, from = [], opens = [] }: SshdProps): string =>
  [
    header,
    "AddressFamily inet",
    "HostKey /etc/ssh/ssh_host_ed25519_key",
    "LogLevel VERBOSE",
    "",
    "AuthenticationMethods publickey",
    `TrustedUserCAKeys ${userCaFile}`,
    "AuthorizedPrincipalsFile /etc/ssh/principals/%u",
    "AuthorizedKeysFile none",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin no",
    "UsePAM yes",
    `AllowUsers ${accounts.flatMap((account) => (from.length > 0 ? from.map((f) => `${account}@${f}`) : [account])).join(" ")}`,
    "LoginGraceTime 30",
    "MaxAuthTries 3",
    "ClientAliveInterval 60",
    "",
    "AllowAgentForwarding no",
    "AllowStreamLocalForwarding no",
    ...(opens.length > 0 ? ["AllowTcpForwarding local", `PermitOpen ${opens.join(" ")}`] : ["AllowTcpForwarding no"]),
    "GatewayPorts no",
    "PermitTunnel no",
    "PermitUserEnvironment no",
    "PermitUserRC no",
    "PrintMotd no",
    "X11Forwarding no",
    "",
    "Subsystem sftp internal-sftp",
    "",
  ].join("\n");
