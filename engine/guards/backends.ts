import { LocalBackend, TerraformBackend } from "cdktf";
import type { Problem } from "../../model/words/problem";
import { isSandbox } from "../world-of";
import type { StackTree } from "./elements";

/** Without a backend cdktf takes a local one, whose path is that of this machine, silently. */
export const backendProblems = (stacks: readonly StackTree[]): readonly Problem[] =>
  stacks.flatMap(({ stack, elements }): readonly Problem[] => {
    const backends = elements.filter(TerraformBackend.isBackend);
    const path = stack.node.path;
    if (backends.length === 0)
      return [{ path, value: undefined, allowed: "a backend that locks", fix: "make it a PlatformStack, or add one" }];
    if (backends.length > 1)
      return [{ path, value: backends.length, allowed: "one backend", fix: "leave out all but one" }];
    return !isSandbox(stack) && backends.some((backend) => backend instanceof LocalBackend)
      ? [{ path, value: "local", allowed: "a backend that locks: s3, http or pg", fix: "state one in the site file" }]
      : [];
  });
