import { serviceDns } from "../../model/certificates";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import { forwardProxyOf } from "../edge/forward-proxy";
import { header } from "../hosts/header";
import { lines } from "../hosts/lines";
import { rootFile } from "../hosts/roots";
import { hardenedForSecrets } from "../hosts/units";
import { type Product, productOf } from "./product";

/** The role of the hosts on which Vault runs. */
export const server = "vault";

/** A server of Vault, and its audit log. */
export function serverOf(host: HostEntry, place: PlaceEntry): readonly HostFile[] {
  const [stated] = place.vault;
  if (!stated || !host.roles.includes(server)) return [];
  const product = productOf(stated.said.product);
  const { name, folder } = product;
  const unit = `${name}.service`;
  const at = header(host, place);
  return [
    // A start is sealed: people restart servers one after another, and unseal each.
    { path: `${folder}/${name}.hcl`, role: "vault", restarts: unit, text: configuration(host, place, product) },
    { path: `/etc/systemd/system/${unit}`, role: "vault", restarts: unit, text: service(at, place, product) },
    { path: `/etc/logrotate.d/${name}`, role: "vault", text: rotation(at, product) },
  ];
}

/** Where raft and its snapshots are. */
export const volume = "/srv/raft";
export const folderOfSnapshots = `${volume}/snapshots`;

/**
 * Servers speak to each other, and to hosts of their tenancy, directly; whoever comes by a relay is who the relay says. Nobody
 * else is believed: what others put before a connection is passed over, and they are seen by their own address.
 * @see OpenBao, configuration: raft, TCP listener, user lockout; HashiCorp Vault, the same
 */
function configuration(host: HostEntry, place: PlaceEntry, { name, folder }: Product): string {
  const [port, raft] = [portOf(place, "vault"), portOf(place, "vault-raft")];
  const servers = place.hosts.filter(({ roles }) => roles.includes(server));
  const relays = place.hosts.filter(({ roles }) => roles.includes("proxy")).map(({ address }) => address);
  return lines(
    header(host, place),
    `cluster_name = ${text(place.id)}`,
    `api_addr = ${text(`https://${host.dns}:${port}`)}`,
    `cluster_addr = ${text(`https://${host.dns}:${raft}`)}`,
    "ui = false",
    'log_level = "info"',
    // OpenBao has no such setting: its unit may not swap.
    ...(name === "vault" ? ["disable_mlock = true"] : []),
    "",
    'storage "raft" {',
    `  path = ${text(`${volume}/${name}`)}`,
    `  node_id = ${text(host.name)}`,
    ...servers
      .filter(({ id }) => id !== host.id)
      .flatMap(({ dns }) => [
        "  retry_join {",
        `    leader_api_addr = ${text(`https://${dns}:${port}`)}`,
        `    leader_ca_cert_file = ${text(rootFile)}`,
        `    leader_tls_servername = ${text(dns)}`,
        "  }",
      ]),
    "}",
    "",
    'listener "tcp" {',
    `  address = ${text(`${host.address}:${port}`)}`,
    `  cluster_address = ${text(`${host.address}:${raft}`)}`,
    `  tls_cert_file = ${text(`${folder}/tls/tls.crt`)}`,
    `  tls_key_file = ${text(`${folder}/tls/tls.key`)}`,
    '  tls_min_version = "tls13"',
    ...(relays.length > 0
      ? [
          '  proxy_protocol_behavior = "allow_authorized"',
          `  proxy_protocol_authorized_addrs = [${relays.map(text).join(", ")}]`,
        ]
      : []),
    // Whoever may unseal it has to be told that it is sealed, when nobody has a token; numbers are all that this shows.
    "  telemetry {",
    "    unauthenticated_metrics_access = true",
    "  }",
    "}",
    "",
    // Whoever knows the id of a role would keep its hosts out by five wrong logins, and nobody guesses a secret id.
    'user_lockout "approle" {',
    '  disable_lockout = "true"',
    "}",
    "",
    "telemetry {",
    '  prometheus_retention_time = "24h"',
    "  disable_hostname = true",
    "}",
    // HashiCorp's takes audit devices by its API, as the stack states them.
    ...(name === "openbao" ? audits : []),
  );
}

/** Nothing is answered that could not be written to one of these. @see OpenBao, audit stanza */
const audits: readonly string[] = [
  "",
  'audit "file" "file" {',
  '  description = "every request"',
  '  options = { file_path = "/var/log/openbao/audit.log" }',
  "}",
  "",
  'audit "syslog" "journal" {',
  '  description = "every request"',
  '  options = { facility = "AUTH", tag = "openbao" }',
  "}",
];

/**
 * What is in its memory is on no disk: it may not swap, and leaves no core.
 * @see systemd.exec(5), systemd.resource-control(5)
 */
const service = (at: string, place: PlaceEntry, { name, program, folder }: Product): string =>
  lines(
    at,
    "[Unit]",
    `Description=Secrets and certificates of all sites: ${name}`,
    "Wants=network-online.target",
    "After=network-online.target",
    `RequiresMountsFor=${volume}`,
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "Type=notify",
    `User=${name}`,
    `Group=${name}`,
    ...outward(place),
    `ExecStart=${program} server -config=${folder}/${name}.hcl`,
    "ExecReload=/bin/kill -HUP $MAINPID",
    "KillSignal=SIGINT",
    "TimeoutStopSec=30",
    "Restart=on-failure",
    "RestartSec=5",
    "LimitNOFILE=65536",
    "MemorySwapMax=0",
    ...hardenedForSecrets,
    `ReadWritePaths=${volume}`,
    `LogsDirectory=${name}`,
    "LogsDirectoryMode=0750",
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  );

/**
 * What leaves the tenancy goes over its forward proxy: keys of issuers of tokens are fetched from where these publish them. Servers
 * meet each other straight.
 * @see Go, net/http: ProxyFromEnvironment
 */
function outward(place: PlaceEntry): readonly string[] {
  const proxy = forwardProxyOf(place);
  const { people, pipelines } = place.site.identity;
  if (proxy === undefined || !(people || pipelines)) return [];
  const servers = place.hosts
    .filter(({ roles }) => roles.includes(server))
    .flatMap(({ dns, address }) => [dns, address]);
  const straight = ["127.0.0.1", "localhost", serviceDns(place, "vault"), ...servers];
  return [`Environment=HTTPS_PROXY=${proxy}`, `Environment=NO_PROXY=${straight.join(",")}`];
}

/** It opens its log anew at SIGHUP. @see logrotate(8) */
const rotation = (at: string, { name }: Product): string =>
  lines(
    at,
    `/var/log/${name}/audit.log {`,
    `  su ${name} ${name}`,
    "  daily",
    "  rotate 90",
    "  missingok",
    "  notifempty",
    "  compress",
    "  delaycompress",
    "  postrotate",
    `    systemctl kill --signal=HUP --kill-whom=main ${name}.service`,
    "  endscript",
    "}",
  );

export const portOf = (place: PlaceEntry, service: string): number =>
  place.services.find(({ said }) => said.service === service)?.said.traffic.from ?? 0;

/** A string of HCL. */
export const text = (value: string): string => JSON.stringify(value);
