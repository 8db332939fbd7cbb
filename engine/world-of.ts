import type { App } from "cdktf";
import type { IConstruct } from "constructs";
import type { World } from "./world";

const key = "databridge/world";

/** Tells all stacks of an app in which world they stand. */
export const setWorld = (app: App, world: World["name"]): void => app.node.setContext(key, world);

/** Whether a stack stands in the sandbox, where nobody else applies and states are files. */
export const isSandbox = ({ node }: IConstruct): boolean => node.tryGetContext(key) === "sandbox";
