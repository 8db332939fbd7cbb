import { homedir } from "node:os";
import { join } from "node:path";

/** What takes long to make is kept here, outside of every checkout. */
export const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "data-bridge-cdk");
