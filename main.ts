import { PlatformApp, type StackOutput } from "./engine/app";
import { published } from "./engine/publish";
import type { Registers } from "./model/registers";
import { stacksOf } from "./model/stacks";
import { TenancyStack } from "./stacks/tenancy";

/** The app: a sound description in, all of its stacks out. @param outdir where output goes */
export const main = (registers: Registers, outdir: string): readonly StackOutput[] =>
  published(outdir, (folder) => {
    const app = new PlatformApp(folder);
    for (const stack of registers.places.flatMap(stacksOf)) new TenancyStack(app, stack, registers);
    return app.synthesize();
  });
