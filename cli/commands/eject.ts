import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import type { StackOutput } from "../../engine/app";
import { hostsFolder, writeBelow } from "../../engine/host-files";
import type { Registers } from "../../model/registers";
import { counted } from "../../model/words/problem";
import { ansibleInventory, staticInventory } from "../../operate/ansible-inventory";
import { ejectedPage } from "../../operate/pages/ejected";
import { sshTexts } from "../../operate/reach";
import { Misused } from "../misused";
import { outdir, soundDescription, tell, world } from "../project/description";
import { root } from "../project/project";

/**
 * `databridge eject <folder>`: all that is described, as files that go on without us. @returns the exit code
 * @throws Misused if something is there already
 */
export async function runEject(folder: string, { json = false }: { readonly json?: boolean }): Promise<number> {
  const target = resolve(folder);
  if (existsSync(target) && (!statSync(target).isDirectory() || readdirSync(target).length > 0))
    throw new Misused(`${folder} is not an empty folder: eject writes over nothing; name another`);
  const registers = soundDescription([], json);
  if (!registers) return 1;
  const say = (text: string): void => (json ? undefined : console.log(text));
  const { Refused } = await import("../../engine/refused.js");
  const aside = mkdtempSync(join(tmpdir(), "databridge-eject-"));
  try {
    const stacks = await writeStacks(registers, aside, target, say);
    const hosts = await writeHosts(registers, target);
    say(`✓ ansible  ${counted(hosts, "host")}`);
    const hasPlaybook = copyPlaybook(target);
    writeBelow(target, new Map([["README.md", ejectedPage(registers, stacks, { hasPlaybook })]]));
    if (json) console.log(JSON.stringify({ folder: target, stacks, hosts }, undefined, 2));
    say(
      `\n next  ${relative(process.cwd(), join(target, "README.md"))} tells how to go on; states stay where they are`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    tell(error.problems, json);
    return 1;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Writes each stack to a folder of its own. Output is made aside: what is applied from here otherwise does not change. */
async function writeStacks(registers: Registers, aside: string, target: string, say: (text: string) => void) {
  const { main } = await import("../../main.js");
  const { ejectedStack } = await import("../../engine/ejected.js");
  const { withoutTraces } = await import("../../engine/traces.js");
  const outputs = withoutTraces(() => main(registers, aside, world.name));
  return outputs.map((output: StackOutput) => {
    const { name, resources } = output;
    writeBelow(join(target, "stacks", name), ejectedStack(output, join(outdir, "stacks", name)));
    say(`✓ ${join("stacks", name)}  ${counted(resources, "resource")}`);
    return { name, resources };
  });
}

/** Files of hosts, what Ansible is told of them, and what ssh knows of them. @returns how many hosts */
async function writeHosts(registers: Registers, target: string): Promise<number> {
  const { filesIn, filesOf } = await import("../../constructs/files.js");
  const inventory = ansibleInventory(registers, {
    world: world.name,
    isWanted: () => true,
    filesOf: (host, place) => filesOf(host, place, registers),
    hostsFolder: "{{ inventory_dir }}/../hosts",
    // Relative to the folder in which ansible-playbook is called, as its configuration is.
    sshConfig: join("ssh", "config"),
  });
  const ssh = sshTexts(registers, { knownHosts: join("ssh", "known_hosts") });
  const files = registers.places.flatMap((place) => [...filesIn(place, registers)]);
  writeBelow(
    join(target, "ansible"),
    new Map([
      ...files.map(([path, text]) => [join(hostsFolder, path), text] as const),
      ["inventory/hosts.json", `${JSON.stringify(staticInventory(inventory), undefined, 2)}\n`],
      ["ssh/config", ssh.config],
      ["ssh/known_hosts", ssh.knownHosts],
    ]),
  );
  return Object.keys(inventory.hostvars).length;
}

/** Roles, and programs that they bring to hosts. @returns whether they are here: a package has none */
function copyPlaybook(target: string): boolean {
  const parts = ["ansible", "exporters"].filter((part) => existsSync(join(root, part)));
  for (const part of parts) cpSync(join(root, part), join(target, part), { recursive: true, filter: isOfPlaybook });
  return parts.includes("ansible");
}

/** Our inventory calls this program, and is not for elsewhere. */
const isOfPlaybook = (path: string): boolean =>
  relative(root, path) !== join("ansible", "inventory") && !path.split(sep).includes("__pycache__");
