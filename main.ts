import { tmpdir } from "node:os";
import { PlatformApp, type StackOutput, type StackStanding } from "./engine/app";
import { lockedStacks } from "./engine/lock";
import { published } from "./engine/publish";
import type { World } from "./engine/world";
import type { Registers } from "./model/registers";
import { stacksOf } from "./model/stacks";
import { ClusterStack } from "./stacks/cluster";
import { TenancyStack } from "./stacks/tenancy";
import { VaultStack } from "./stacks/vault";

/** The app: a sound description in, all of its stacks out. @param outdir where output goes */
export const main = (registers: Registers, outdir: string, world?: World["name"]): readonly StackOutput[] =>
  published(outdir, (folder) => appOf(registers, folder, world).synthesize());

/** What the locks are to hold of all stacks. Writes nothing. */
export const standing = (registers: Registers): readonly StackStanding[] => appOf(registers, tmpdir()).standing();

const kinds = {
  tenancy: TenancyStack,
  vault: VaultStack,
  services: ClusterStack,
  "control-plane": ClusterStack,
  modules: ClusterStack,
} as const;

function appOf(registers: Registers, folder: string, world: World["name"] = "production"): PlatformApp {
  const app = new PlatformApp(folder, { locked: lockedStacks(registers.locks), world });
  for (const stack of registers.places.flatMap(stacksOf)) new kinds[stack.kind](app, stack, registers);
  return app;
}
