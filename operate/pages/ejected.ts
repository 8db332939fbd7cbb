import type { Registers } from "../../model/registers";
import { type StackEntry, stacksOf } from "../../model/stacks";
import { stepsOf } from "../../model/steps";
import { rows } from "./markdown";

/** A stack that was written, and how much is in it. */
export interface EjectedStackEntry {
  readonly name: string;
  readonly resources: number;
}

/** How to go on with what {@link EjectedStackEntry} lists, without this library: `README.md` of the folder. */
export function ejectedPage(
  registers: Registers,
  stacks: readonly EjectedStackEntry[],
  { hasPlaybook }: { readonly hasPlaybook: boolean },
): string {
  const entries = registers.places.flatMap(stacksOf);
  const order = stepsOf(registers).flatMap(({ stack }) => stack ?? []);
  const sorted = [...stacks].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const of = (name: string): StackEntry | undefined => entries.find((entry) => entry.name === name);
  return `${[
    "# What was ejected",
    "",
    "All stacks of the platform as JSON that OpenTofu and Terraform read, and all files of its hosts. Nothing here needs Node, cdktf or the library that wrote it.",
    "From now on these files are edited by hand, in a repository of their own; nothing reads site files any more.",
    "",
    "## Go on",
    "",
    "**States stay where they are.** Each stack names its own in `versions.tf.json`; whoever applies from here and from the old repository at once undoes their own work, so archive that.",
    "",
    "```",
    "cd stacks/<stack>",
    "export OS_CLIENT_CONFIG_FILE=<clouds.yaml>                    # an entry for each tenancy",
    "export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…            # of the store that keeps states in S3; PG_CONN_STR, TF_HTTP_… of others",
    "export TF_VAR_state_passphrase=…                              # OpenTofu alone: states are encrypted by it",
    "tofu init && tofu plan                                        # or terraform, if that has applied so far",
    "```",
    "",
    "The first plan says *No changes*, or what nobody had applied yet before. Stacks of Vault take `VAULT_ADDR` and `VAULT_TOKEN`; those of clusters `KUBE_CONFIG_PATH`, with a context",
    "named as the tenancy.",
    "",
    "## Stacks",
    "",
    "In the order in which they are applied.",
    "",
    ...rows(
      ["stack", "resources", "its state"],
      sorted.map(({ name, resources }) => [`\`${name}\``, `${resources}`, `\`${of(name)?.state ?? "?"}\``]),
    ),
    "",
    "| file | holds |",
    "| --- | --- |",
    "| `versions.tf.json` | engine, providers, backend |",
    "| `main.tf.json` | resources. Names and addresses are what they were; `prevent_destroy` keeps what must not be lost |",
    "| `encryption.tofu.json` | how OpenTofu encrypts state and plan; Terraform does not read it |",
    "",
    "What nobody does any more: rules at both ends of a flow, addresses and names that follow from one word, checks of the whole, review of what a change does. A",
    "variable or a module for what is the same in all tenancies is the first thing to write.",
    "",
    "## Hosts",
    "",
    "`ansible/hosts/<host>/` has every file of a host by its path there; `restarts.json` beside says what a change of each interrupts. `ansible/inventory/hosts.json` lists hosts, and what roles are told",
    "of them; `ansible/ssh/` has what ssh knows of them. Addresses that a cloud gives, and keys, are those that were learned: a new host is written there by hand, and one in the groups `unpinned` or `unreached` taken out of them once its key and address are.",
    "",
    ...(hasPlaybook
      ? [
          "```",
          "cd ansible                                                    # paths are relative to it",
          "ansible-playbook site.yml --limit <host> --check --diff       # ansible-core 2.19",
          "```",
          "",
          "Two tasks call Node: they fetch Troika for hosts that log in to supercomputers (`roles/hpc`), and FDB (`roles/fdb`); put the files there by hand where there is none.",
        ]
      : [
          "The roles of Ansible are those of the library's repository, which was not here: copy its folders `ansible` and `exporters`.",
        ]),
  ].join("\n")}\n`;
}
