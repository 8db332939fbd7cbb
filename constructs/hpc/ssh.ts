import { isFingerprint } from "../../model/site/host-keys";
import { type Connection, jumpOf, machinesOf, tunnelOf } from "./connections";
import { files, type Places } from "./places";

/**
 * What every connection has. Nothing is asked, no key is accepted unseen, and one connection serves all who come within ten minutes:
 * a login node sees one login where a suite submits a hundred jobs.
 * @see ssh_config(5): the first value that fits holds, so what holds for all comes last
 */
const common = ({ known, fetched, control }: Places, hasKeys: boolean): readonly string[] => [
  "AddressFamily inet",
  "BatchMode yes",
  "CanonicalizeHostname no",
  "ConnectTimeout 15",
  "ControlMaster auto",
  `ControlPath ${control}`,
  "ControlPersist 10m",
  "EscapeChar none",
  "ForwardAgent no",
  "ForwardX11 no",
  `GlobalKnownHostsFile ${known}`,
  "HashKnownHosts no",
  ...(hasKeys ? ["IdentitiesOnly yes", "IdentityAgent none"] : []),
  "PermitLocalCommand no",
  "PreferredAuthentications publickey",
  "RequestTTY no",
  "ServerAliveCountMax 4",
  "ServerAliveInterval 30",
  "StrictHostKeyChecking yes",
  "UpdateHostKeys no",
  `UserKnownHostsFile ${fetched}`,
  "VerifyHostKeyDNS no",
];

/** A block for each connection, and for what it needs on its way. */
export const sshConfig = (header: string, connections: readonly Connection[], at: Places = files): string =>
  [
    header,
    ...connections.flatMap(blocksOf),
    ...connections.flatMap(jumpBlocks).filter((each, i, all) => all.indexOf(each) === i),
    block(
      "*",
      ...common(
        at,
        connections.every(({ key }) => key !== undefined),
      ),
    ),
  ].join("\n");

function blocksOf(connection: Connection): readonly string[] {
  const { name, supercomputer, user, callback } = connection;
  const login = [
    `HostKeyAlias ${supercomputer.name}`,
    `User ${user.account.user}`,
    ...identity(connection),
    ...(supercomputer.jump ? [`ProxyJump ${jumpOf(name)}`] : []),
  ];
  return [
    block(name, `HostName ${supercomputer.host}`, ...login),
    // Its own connection, which ends where the port cannot be had: nobody else's jobs report there.
    ...(callback?.by === "tunnel"
      ? [
          block(
            tunnelOf(name),
            `HostName ${callback.node}`,
            ...login,
            "ControlMaster no",
            "ControlPath none",
            "ExitOnForwardFailure yes",
            `RemoteForward *:${callback.port} localhost:${callback.port}`,
            "SessionType none",
          ),
        ]
      : []),
  ];
}

function jumpBlocks(connection: Connection): readonly string[] {
  const { name, supercomputer, user } = connection;
  const { jump } = supercomputer;
  if (!jump) return [];
  return [
    block(
      jumpOf(name),
      `HostName ${jump.host}`,
      `HostKeyAlias ${jumpOf(supercomputer.name)}`,
      `User ${jump.user ?? user.account.user}`,
      ...identity(connection),
    ),
  ];
}

const identity = ({ key, certificate }: Connection): readonly string[] => [
  ...(key === undefined ? [] : [`IdentityFile ${key}`]),
  ...(certificate === undefined ? [] : [`CertificateFile ${certificate}`]),
];

const block = (host: string, ...lines: readonly string[]): string =>
  [`Host ${host}`, ...lines.map((line) => `  ${line}`), ""].join("\n");

/** Keys of login nodes that are known in full; those of which only the fingerprint is, `platform-hpc pin` fetches. @see sshd(8) */
export const knownHosts = (header: string, connections: readonly Connection[]): string =>
  [
    header,
    ...machinesOf(connections).flatMap(({ alias, hostKeys }) =>
      hostKeys.filter((key) => !isFingerprint(key)).map((key) => `${alias} ${key}`),
    ),
    "",
  ].join("\n");
