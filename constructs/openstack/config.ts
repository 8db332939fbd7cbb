import { stringify } from "yaml";
import { ansibleUser, jumpUser } from "../../model/accounts";

/** What a server is told when it boots first. */
export interface FirstBoot {
  /** `bastion`. */
  readonly host: string;
  /** `bastion.production.lumi.apps.dte.destination-earth.eu`. */
  readonly dns: string;
  /** Public keys of the CAs whose certificates are accepted, `ssh-ed25519 AAAA…`, one a line. */
  readonly sshUserCa: string;
  /** What a certificate must name to be let in, `ansible@lumi-production`: one for elsewhere is worth nothing here. */
  readonly principal: string;
  /** Of a bastion: the same for who passes it, so that others can be looked at before anything is configured. @default - nobody does */
  readonly jump?: string;
}

/**
 * User data for cloud-init: it names the host and lets Ansible in by a certificate, no more; all else is Ansible's.
 * Nothing in it is secret. The host prints the fingerprints of its own keys to the console, from where they are learned.
 * @see cloud-init, module reference: users and groups, write files, SSH
 */
export const userData = ({ host, dns, sshUserCa, principal, jump }: FirstBoot): string =>
  `#cloud-config\n${stringify({ hostname: host, fqdn: dns }, { lineWidth: 0 })}${loginData(sshUserCa, principal, jump)}`;

const loginTexts = new Map<string, string>();

/** Rendered once a tenancy: its hosts differ in their names alone, and YAML takes long. */
function loginData(sshUserCa: string, principal: string, jump = ""): string {
  const key = `${principal} ${jump} ${sshUserCa}`;
  const text = loginTexts.get(key) ?? stringify(logins(sshUserCa, principal, jump), { lineWidth: 0 });
  loginTexts.set(key, text);
  return text;
}

const logins = (sshUserCa: string, principal: string, jump: string) => ({
  prefer_fqdn_over_hostname: false,
  ssh_pwauth: false,
  disable_root: true,
  ssh: { emit_keys_to_console: true },
  // Ansible says where packages come from; Debian's images would write a list of mirrors that no proxy lets through.
  apt: { preserve_sources_list: true, generate_mirrorlists: false },
  users: [
    { name: ansibleUser, groups: ["sudo"], shell: "/bin/bash", lock_passwd: true, sudo: "ALL=(ALL) NOPASSWD:ALL" },
    ...(jump === "" ? [] : [{ name: jumpUser, shell: "/usr/sbin/nologin", lock_passwd: true }]),
  ],
  write_files: [
    { path: "/etc/ssh/platform-user-ca.pub", permissions: "0644", content: `${sshUserCa}\n` },
    { path: `/etc/ssh/principals/${ansibleUser}`, permissions: "0644", content: `${principal}\n` },
    ...(jump === "" ? [] : [{ path: `/etc/ssh/principals/${jumpUser}`, permissions: "0644", content: `${jump}\n` }]),
    {
      path: "/etc/ssh/sshd_config.d/10-platform.conf",
      permissions: "0644",
      content: [
        "TrustedUserCAKeys /etc/ssh/platform-user-ca.pub",
        "AuthorizedPrincipalsFile /etc/ssh/principals/%u",
        "AuthorizedKeysFile none",
        "PasswordAuthentication no",
        "PermitRootLogin no",
        "",
      ].join("\n"),
    },
  ],
  runcmd: [["systemctl", "reload-or-restart", "ssh"]],
});
