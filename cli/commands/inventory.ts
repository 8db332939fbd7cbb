import { join } from "node:path";
import { z } from "zod";
import { hostsFolder } from "../../engine/host-files";
import { own } from "../../model/words/record";
import { printed } from "../../operate/ansible-inventory";
import { inventorySchema } from "../../operate/inventory-schema";
import { Misused } from "../misused";
import { outdir, soundDescription } from "../project/description";
import { inventoryFor } from "../project/hosts-inventory";
import { writeSshFiles } from "../project/ssh-files";

interface Options {
  readonly list?: boolean;
  readonly host?: string;
  readonly schema?: boolean;
}

/** `databridge inventory [site…]`: Ansible's own protocol. @returns the exit code */
export async function runInventory(sites: readonly string[], { host, schema = false }: Options): Promise<number> {
  if (schema) {
    console.log(JSON.stringify(z.toJSONSchema(inventorySchema), undefined, 2));
    return 0;
  }
  const registers = soundDescription(sites, false);
  if (!registers) return 1;
  writeSshFiles(registers);
  const inventory = inventoryFor(registers, sites, join(outdir, hostsFolder));
  if (host === undefined) {
    console.log(JSON.stringify(printed(inventory), undefined, 2));
    return 0;
  }
  const variables = own(inventory.hostvars, host);
  if (!variables) throw new Misused(`there is no host "${host}"; databridge inventory lists all`);
  console.log(JSON.stringify(variables, undefined, 2));
  return 0;
}
