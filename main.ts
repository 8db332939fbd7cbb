import { PlatformApp, type StackOutput } from "./engine/app";
import type { Registers } from "./model/registers";
import { type StackEntry, stacksOf } from "./model/stacks";
import { TenancyStack } from "./stacks/tenancy";

/** The app: a sound description in, stacks out. @param outdir @default - what cdktf's CLI says, or `cdktf.out` */
export function main(registers: Registers, stacks: readonly StackEntry[], outdir?: string): readonly StackOutput[] {
  const app = new PlatformApp(outdir);
  app.removeOthers(registers.places.flatMap(stacksOf).map(({ name }) => name));
  for (const stack of stacks) new TenancyStack(app, stack, registers);
  return app.synthesize();
}
