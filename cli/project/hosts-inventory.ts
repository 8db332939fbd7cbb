import { filesOf } from "../../constructs/files";
import type { Registers } from "../../model/registers";
import { type AnsibleInventory, ansibleInventory } from "../../operate/ansible-inventory";
import { isWanted, world } from "./description";
import { sshFiles } from "./ssh-files";

/** Hosts of some sites for Ansible. @param hostsFolder where their files are */
export const inventoryFor = (registers: Registers, sites: readonly string[], hostsFolder: string): AnsibleInventory =>
  ansibleInventory(registers, {
    world: world.name,
    isWanted: (site) => isWanted(site, sites),
    filesOf: (host, place) => filesOf(host, place, registers),
    hostsFolder,
    sshConfig: sshFiles.config,
  });
