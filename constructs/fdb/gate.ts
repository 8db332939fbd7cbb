import { type HostEntry, type PlaceEntry, publicAddressOf } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import type { Registers } from "../../model/registers";
import { hostKeyFile } from "../../model/signed-keys";
import type { FdbGate, StatedFdb } from "../../model/site/fdb";
import { own } from "../../model/words/record";
import { header } from "../hosts/header";
import { lines } from "../hosts/lines";
import { forwarding, keysAlone, passesOn, patience, tellsWhereTo } from "../hosts/sshd";
import { connectionsOf } from "../hpc/connections";
import { files as hpcFiles } from "../hpc/places";
import { schemaAt } from "./client";
import { listensAt, serversOf } from "./met";
import { gateFiles, unitOf } from "./places";
import { clientKeys, clientYaml } from "./server";

/** The account of a gate that whoever comes logs in to. It has no shell. */
const account = "fdb-gate";

/** What a gate has: an SSH server of its own, beside that of people, which leads to catalogue and stores and does nothing else. */
export function gateOf(host: HostEntry, place: PlaceEntry, said: StatedFdb): readonly HostFile[] {
  const { gate } = said;
  if (!gate || !host.roles.includes(gate.role)) return [];
  const at = header(host, place);
  const restarts = unitOf(gate.role);
  const { port } = listensAt(place, { ...gate, spaces: [] });
  const file = (path: string, text: string): HostFile => ({ path, role: "fdb", text, restarts });
  return [
    file(gateFiles.authorized, lines(at, ...gate.authorized)),
    file(
      gateFiles.sshd,
      sshd(
        at,
        port,
        serversOf(place, said).map((server) => server.at),
      ),
    ),
    file(`/etc/systemd/system/${restarts}`, unit(at)),
  ];
}

/** @see sshd_config(5) */
const sshd = (at: string, port: number, opens: readonly string[]): string =>
  lines(
    at,
    "AddressFamily inet",
    `Port ${port}`,
    `HostKey ${hostKeyFile}`,
    `PidFile none`,
    "# The line of a login tells the key.",
    "LogLevel VERBOSE",
    tellsWhereTo,
    "",
    "AuthenticationMethods publickey",
    `AuthorizedKeysFile ${gateFiles.authorized}`,
    ...keysAlone,
    `AllowUsers ${account}`,
    ...patience,
    "",
    ...forwarding("local"),
    "X11Forwarding no",
    ...passesOn(opens),
  );

const unit = (at: string): string =>
  lines(
    at,
    "[Unit]",
    "Description=Leads jobs of the supercomputer to FDB",
    "Wants=network-online.target",
    "After=network-online.target",
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "Type=exec",
    `ExecStartPre=/usr/sbin/sshd -t -f ${gateFiles.sshd}`,
    `ExecStart=/usr/sbin/sshd -D -e -f ${gateFiles.sshd}`,
    "Restart=always",
    "RestartSec=10",
    "RuntimeDirectory=sshd",
    "RuntimeDirectoryPreserve=yes",
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  );

/** What jobs include that write to the FDB, on hosts from which jobs are submitted. */
export function includeOf(
  host: HostEntry,
  place: PlaceEntry,
  said: StatedFdb,
  registers: Registers,
): readonly HostFile[] {
  const { gate } = said;
  const beside = place.site.supercomputer?.name;
  const submits = connectionsOf(host, place, registers).some(({ name }) => name === beside);
  if (!gate || !submits || host.roles.includes(gate.role)) return [];
  return [{ path: `${hpcFiles.include}/${said.fdb}.h`, role: "hpc", text: include(place, said, gate, registers) }];
}

/**
 * Ports of the node are anybody's who is on it: so the job has all of it. What goes wrong ends the job, as its head says.
 * @see sbatch(1), --exclusive; ssh_config(5)
 */
function include(place: PlaceEntry, said: StatedFdb, gate: FdbGate, { flows, locks }: Registers): string {
  const entered = flows.find(({ service, relay }) => service === gate.service && relay)?.relay;
  const [address] = entered?.party.hosts.flatMap((host) => publicAddressOf(host) ?? []) ?? [];
  const keys = place.hosts
    .filter(({ roles }) => roles.includes(gate.role))
    .flatMap(({ name }) => own(own(locks.get(place.site.name)?.learned ?? {}, place.name)?.hostKeys ?? {}, name) ?? []);
  if (!entered || address === undefined || keys.length === 0)
    return lines(
      `echo "where the gate of FDB is, and by which key it is known, has not been learned yet: databridge learn ${place.site.name}" >&2`,
      "exit 1",
    );
  const servers = serversOf(place, said);
  const [catalogue] = servers;
  const folder = "$platform_fdb";
  const here = (path: string, text: string): string => `cat > "${folder}/${path}" <<END\n${text.trimEnd()}\nEND`;
  const at = `# FDB of ${place.id}`;
  const options = [
    "BatchMode=yes",
    "ExitOnForwardFailure=yes",
    "IdentitiesOnly=yes",
    "StrictHostKeyChecking=yes",
    `UserKnownHostsFile=${folder}/known_hosts`,
    `HostKeyAlias=${gate.role}`,
    "ServerAliveInterval=15",
    "ConnectTimeout=60",
  ];
  return lines(
    "#SBATCH --exclusive",
    "platform_fdb=$(mktemp -d)",
    here("known_hosts", lines(...keys.map((key) => `${gate.role} ${key}`))),
    here("schema", schemaAt(at, said)),
    here(
      "client.yaml",
      clientYaml(
        at,
        clientKeys(
          "localhost",
          { ...listensAt(place, said.catalogue), port: catalogue?.inside ?? 0 },
          `${folder}/schema`,
        ),
      ),
    ),
    `ssh -f -N -F none -i "${gate.key}" ${options.map((option) => `-o "${option}"`).join(" ")} \\`,
    ...servers.map(({ at: server, inside }) => `  -L "127.0.0.1:${inside}:${server}" \\`),
    `  -p ${entered.traffic.from} ${account}@${address}`,
    `export FDB_HOME="${folder}" FDB_CONFIG_FILE="${folder}/client.yaml" FDB5_CONFIG_FILE="${folder}/client.yaml"`,
  );
}
