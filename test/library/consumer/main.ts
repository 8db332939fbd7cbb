import { synthesize } from "data-bridge-cdk";
import south from "./sites/south";

const { problems, stacks } = synthesize({ sites: [south], locks: "sites" });
for (const { path, value, allowed, fix } of problems) console.error({ path, value, allowed, fix });
for (const { name, resources } of stacks) console.log(name, resources);
process.exitCode = problems.length === 0 ? 0 : 1;
