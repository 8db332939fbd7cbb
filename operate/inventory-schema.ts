import { z } from "zod";

const names = z.array(z.string());

/** What Ansible is told of a host. Nothing in it is secret. */
export const hostVariables = z.strictObject({
  ansible_host: z.string().describe("an alias that the written ssh configuration knows: the host's id"),
  ansible_user: z.string(),
  ansible_ssh_common_args: z
    .string()
    .describe("that configuration, which jumps over the bastion, and strict checking of host keys"),
  ansible_control_path_dir: z
    .string()
    .describe(
      "of this world alone: a host of another bears the same id, and ssh would take an open connection for its own",
    ),
  ansible_python_interpreter: z.literal("/usr/bin/python3"),
  databridge_world: z.string().describe("production, or a sandbox, whose hosts lack what nobody offers there"),
  databridge_site: z.string(),
  databridge_tenancy: z.string(),
  databridge_environment: z.string(),
  databridge_host: z.string().describe("its name in the tenancy"),
  databridge_dns: z.string(),
  databridge_address: z.string().describe("in the private network"),
  databridge_roles: names,
  databridge_accounts: z
    .array(z.strictObject({ name: z.string(), shell: z.string() }))
    .describe("beside that of Ansible; each is let in by a certificate that names it"),
  databridge_folder: z.string().describe("of this machine, where the host's files are, by their path on the host"),
  databridge_files: names.describe("their paths on the host"),
  databridge_volumes: z.array(z.strictObject({ name: z.string(), gib: z.int().positive(), mount: z.string() })),
});
export type HostVariables = z.output<typeof hostVariables>;

/** What `--list` prints, as Ansible's script plugin reads it. @see Ansible, Developing dynamic inventory */
export const inventorySchema = z
  .object({
    _meta: z.strictObject({ hostvars: z.record(z.string(), hostVariables) }),
    all: z.strictObject({ children: names }),
  })
  .catchall(z.strictObject({ hosts: names }));
