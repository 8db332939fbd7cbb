import { Aspects, type TerraformStack } from "cdktf";
import { invokeAspects } from "cdktf/lib/synthesize/synthesizer";

/**
 * Invokes the aspects of a stack before anything of it is checked or resolved, and takes them away: cdktf would invoke them
 * after that, and those of a second synthesis once more.
 */
export function invokeOnce(stack: TerraformStack): void {
  invokeAspects(stack);
  for (const construct of stack.node.findAll())
    (Reflect.get(Aspects.of(construct), "_aspects") as unknown[]).length = 0;
}
