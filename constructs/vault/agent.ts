import { commonNameOf, type HostCertificate, namesOf } from "../../model/certificates";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import type { Registers } from "../../model/registers";
import type { SecretEntry, SecretReader } from "../../model/secrets";
import { secretIdLives } from "../../model/signed-keys";
import type { Holder } from "../../model/site/secret";
import { header } from "../hosts/header";
import { lines } from "../hosts/lines";
import { hardenedForSecrets } from "../hosts/units";
import { isAmong, type Machine, machinesAt } from "./machines";
import { fetchedFor, fetchedOf, secretIdFile, stateFolder as state, writtenAt } from "./places";
import { mounts } from "./policy";
import { productOf } from "./product";
import { text } from "./server";
import { type Vault, vaultOf } from "./where";

/** The agent of a host, and what takes over what it fetches, and has its keys signed. */
export function agentOf(host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] {
  const vault = vaultOf(place, registers);
  const machine = machinesAt(place, registers).find(({ name }) => name === host.id);
  if (!vault || !machine) return [];
  const at = header(host, place);
  return [
    {
      path: `${folder}/agent.hcl`,
      role: "vault_agent",
      restarts: unit,
      text: lines(at, ...login(vault), ...templates(machine)),
    },
    {
      path: `${folder}/host.json`,
      role: "vault_agent",
      text: `${JSON.stringify(about(machine, vault), undefined, 2)}\n`,
    },
    { path: `/etc/systemd/system/${unit}`, role: "vault_agent", restarts: unit, text: service(at, vault) },
    ...taking(at),
  ];
}

const folder = "/etc/vault-agent";
const token = "/run/vault-agent/token";
const unit = "vault-agent.service";

/**
 * Whatever Vault answers, or does not, ends nothing: the agent asks again, and what it has written stays.
 * @see OpenBao and Vault, agent: auto-auth, AppRole, templates
 */
const login = ({ url, ca }: Vault): readonly string[] => [
  "vault {",
  `  address = ${text(url)}`,
  ...(ca === undefined ? [] : [`  ca_cert = ${text(ca)}`]),
  "}",
  "",
  "auto_auth {",
  '  method "approle" {',
  `    mount_path = ${text(`auth/${mounts.machines}`)}`,
  '    max_backoff = "1m"',
  "    config = {",
  `      role_id_file_path = ${text(`${state}/role-id`)}`,
  `      secret_id_file_path = ${text(secretIdFile)}`,
  "      remove_secret_id_file_after_reading = false",
  "    }",
  "  }",
  '  sink "file" {',
  `    config = { path = ${text(token)}, mode = 0400 }`,
  "  }",
  "}",
  "",
  "template_config {",
  "  exit_on_retry_failure = false",
  '  static_secret_render_interval = "5m"',
  "}",
];

const templates = (machine: Machine): readonly string[] => [
  ...readOf(machine).flatMap(({ secret, reader }) =>
    // A key that is not there would be text, "<no value>": with nothing, what is in place stays.
    template(
      fetchedFor(reader.file),
      `{{ with secret "${secret.mount}/data/${secret.path}" }}{{ with index .Data.data "${reader.key}" }}{{ . }}{{ end }}{{ end }}`,
    ),
  ),
  // How old it is at most, wherever it is read: what lies here may have come later.
  ...machine.secrets.flatMap(({ mount, path }) =>
    template(
      writtenAt(`${mount}/${path}`),
      `{{ with secret "${mount}/data/${path}" }}{{ .Data.metadata.created_time }}{{ end }}`,
    ),
  ),
  ...machine.certificates.flatMap((certificate) =>
    template(fetchedOf(certificate.service), issued(certificate, machine.host)),
  ),
];

/** In one file, since it is there that the agent looks how long it lasts; without the key it would be issued anew at each start. */
function issued(certificate: HostCertificate, host: HostEntry): string {
  const { id, environment, lifetime } = certificate;
  const names = [...new Set(namesOf(certificate, host))];
  const name = commonNameOf(names);
  const more = names.filter((each) => each !== name);
  const words = [
    `${mounts.issuerOf(environment)}/issue/${id}`,
    `common_name=${name}`,
    ...(more.length > 0 ? [`alt_names=${more.join(",")}`] : []),
    `ttl=${lifetime.seconds}s`,
  ];
  return `{{ with pkiCert ${words.map((word) => `"${word}"`).join(" ")} }}{{ .Cert }}{{ .CA }}{{ .Key }}{{ end }}`;
}

const template = (destination: string, contents: string): readonly string[] => [
  "",
  "template {",
  `  destination = ${text(destination)}`,
  `  contents = ${text(contents)}`,
  "  error_on_missing_key = true",
  '  perms = "0400"',
  "}",
];

/** What a machine reads, each key into a file. */
const readOf = ({
  host,
  secrets,
}: Machine): readonly { readonly secret: SecretEntry; readonly reader: SecretReader }[] =>
  secrets.flatMap((secret) =>
    secret.readers.filter((reader) => isAmong(reader, host)).map((reader) => ({ secret, reader })),
  );

/**
 * What `platform-vault` of the role `vault_agent` reads: where Vault is, who the host is there, what becomes of what is fetched, and which
 * keys are signed.
 */
const about = (machine: Machine, { said, url, ca, proxy }: Vault) => ({
  package: productOf(said.product).name,
  unit,
  url,
  ...(ca === undefined ? {} : { ca }),
  ...(proxy === undefined ? {} : { proxy }),
  mount: mounts.machines,
  machine: machine.name,
  // A quarter of what a secret id lives.
  enrolledFor: machine.period,
  secretIdLives: secretIdLives(machine.period),
  state,
  token,
  root: mounts.root,
  closed: {
    ...(machine.place.tenancy.calendar.forecast === undefined
      ? {}
      : { forecast: machine.place.tenancy.calendar.forecast }),
    days: [...machine.place.tenancy.calendar.freezes, ...machine.place.tenancy.calendar.maintenance].map(
      ({ from, to }) => ({ from, to }),
    ),
  },
  secrets: readOf(machine).map(({ reader }) => ({
    fetched: fetchedFor(reader.file),
    file: reader.file,
    ...holderOf(reader),
  })),
  certificates: machine.certificates.map((certificate) => ({
    fetched: fetchedOf(certificate.service),
    ...certificate.files,
    ...holderOf(certificate),
  })),
  signs: machine.signs
    .filter(({ cas }) => cas.length > 0)
    .map((key) => ({
      key: key.file,
      kind: key.kind,
      path: `${key.mount}/sign/${key.role}`,
      names: key.names,
      cas: key.cas,
      ...holderOf(key),
    })),
});

const holderOf = ({ owner, reloads, restarts }: Holder) => ({
  owner,
  ...(reloads === undefined ? {} : { reloads }),
  ...(restarts === undefined ? {} : { restarts }),
});

/** It writes to folders of its own alone; what takes files from there is another unit. */
const service = (at: string, { said, proxy }: Vault): string =>
  lines(
    at,
    "[Unit]",
    "Description=Fetches secrets and certificates of this host",
    "Wants=network-online.target",
    "After=network-online.target",
    // Before somebody has enrolled the host it would only end, again and again.
    ...["role-id", "secret-id"].map((name) => `ConditionPathExists=${state}/${name}`),
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    // It looks there for a token of whoever runs it.
    `Environment=HOME=${state}`,
    ...(proxy === undefined ? [] : [`Environment=HTTPS_PROXY=${proxy}`]),
    `ExecStart=${productOf(said.product).program} agent -config=${folder}/agent.hcl`,
    "Restart=always",
    "RestartSec=10",
    "StateDirectory=vault-agent",
    "StateDirectoryMode=0700",
    "RuntimeDirectory=vault-agent",
    "RuntimeDirectoryMode=0700",
    "RuntimeDirectoryPreserve=yes",
    "MemorySwapMax=0",
    ...hardenedForSecrets,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  );

/** What is fetched is taken at once; each minute once more, for what has to wait, or lacked something, and for keys to be signed. */
const taking = (at: string): readonly HostFile[] => {
  const unit = (kind: string, ...text: readonly string[]) => ({
    path: `/etc/systemd/system/vault-take.${kind}`,
    role: "vault_agent" as const,
    ...(kind === "service" ? {} : { reloads: `vault-take.${kind}` }),
    text: lines(at, ...text),
  });
  return [
    unit(
      "service",
      "[Unit]",
      "Description=Takes over what the agent of Vault has fetched, and has keys signed",
      "StartLimitIntervalSec=0",
      "",
      "[Service]",
      "Type=oneshot",
      "ExecStart=/usr/local/sbin/platform-vault take",
      // What hangs keeps the others from being told; the next minute tries again.
      "TimeoutStartSec=10min",
    ),
    unit("path", "[Path]", `PathChanged=${state}/fetched`, "", "[Install]", "WantedBy=multi-user.target"),
    unit("timer", "[Timer]", "OnCalendar=minutely", "AccuracySec=5s", "", "[Install]", "WantedBy=timers.target"),
  ];
};
