import { createHash } from "node:crypto";
import type { z } from "zod";
import { accountsOf, ansibleUser } from "../model/accounts";
import type { HostEntry, PlaceEntry } from "../model/entries";
import type { HostFile } from "../model/host-file";
import type { Registers } from "../model/registers";
import { type HostVariables, inventorySchema } from "./inventory-schema";
import { reachOf } from "./reach";

export interface InventoryProps {
  /** `production`, or `sandbox`. */
  readonly world: string;
  /** Whether a site was asked for. */
  readonly isWanted: (site: string) => boolean;
  readonly filesOf: (host: HostEntry, place: PlaceEntry) => readonly HostFile[];
  /** Where output has the files of hosts. */
  readonly hostsFolder: string;
  /** The configuration that {@link sshConfig} gives, as a file. */
  readonly sshConfig: string;
}

/** Hosts by id, and groups of them. */
export interface AnsibleInventory {
  readonly hostvars: Readonly<Record<string, HostVariables>>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

/** Hosts, what they are told, and groups of them: by site, tenancy and role, and of those that cannot be configured yet. */
export function ansibleInventory(registers: Registers, props: InventoryProps): AnsibleInventory {
  const entries = registers.places
    .filter(({ site }) => props.isWanted(site.name))
    .flatMap((place) => place.hosts.map((host) => ({ host, place, reach: reachOf(host, place, registers) })));
  const groups = new Map<string, string[]>([
    ["unpinned", []],
    ["unreached", []],
  ]);
  for (const { host, place, reach } of entries)
    for (const group of [
      `site_${place.site.name}`,
      `tenancy_${place.id}`,
      ...host.roles.map((role) => `role_${role}`),
      ...(reach.is === "reached" ? [] : [reach.is]),
    ])
      groups.set(groupName(group), [...(groups.get(groupName(group)) ?? []), host.id]);
  return {
    hostvars: Object.fromEntries(entries.map(({ host, place }) => [host.id, variablesOf(host, place, props)])),
    groups,
  };
}

/** An inventory as Ansible wants it printed. */
export const printed = ({ hostvars, groups }: AnsibleInventory): z.output<typeof inventorySchema> =>
  inventorySchema.parse({
    _meta: { hostvars },
    all: { children: [...groups.keys()].sort() },
    ...Object.fromEntries([...groups].map(([name, hosts]) => [name, { hosts }])),
  });

/** An inventory as a file, which asks nobody. @see Ansible, plugin `yaml` of inventories */
export const staticInventory = ({ hostvars, groups }: AnsibleInventory) => ({
  all: {
    hosts: hostvars,
    children: Object.fromEntries(
      [...groups].map(([name, hosts]) => [name, { hosts: Object.fromEntries(hosts.map((id) => [id, {}])) }]),
    ),
  },
});

/** Ansible takes letters, digits and `_`. */
export const groupName = (name: string): string => name.replaceAll("-", "_");

function variablesOf(
  host: HostEntry,
  { site, name, tenancy, ...place }: PlaceEntry,
  { world, filesOf, hostsFolder, sshConfig }: InventoryProps,
): HostVariables {
  return {
    ansible_host: host.id,
    ansible_user: ansibleUser,
    ansible_ssh_common_args: `-F ${quoted(sshConfig)} -o StrictHostKeyChecking=yes -o BatchMode=yes`,
    // Short: the path of a socket has 108 characters at most.
    ansible_control_path_dir: `~/.ansible/cp-${createHash("sha256").update(sshConfig).digest("hex").slice(0, 8)}`,
    ansible_python_interpreter: "/usr/bin/python3",
    databridge_world: world,
    databridge_site: site.name,
    databridge_tenancy: name,
    databridge_environment: tenancy.environment,
    databridge_host: host.name,
    databridge_dns: host.dns,
    databridge_address: host.address,
    databridge_roles: [...host.roles],
    databridge_accounts: accountsOf(host, place)
      .filter((account) => account.name !== ansibleUser)
      .map((account) => ({ name: account.name, shell: account.administers ? "/bin/bash" : "/usr/sbin/nologin" })),
    databridge_folder: `${hostsFolder}/${host.id}`,
    databridge_files: filesOf(host, { site, name, tenancy, ...place }).map(({ path }) => path),
    databridge_volumes: host.volumes.map((volume) => ({
      name: volume.name,
      gib: volume.size.gib,
      mount: `/srv/${volume.name}`,
    })),
  };
}

/** As a shell, and Ansible, read one word. */
const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);
