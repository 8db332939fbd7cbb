// What the Vault provider takes, as it says itself.
import { join } from "node:path";
import { readSchemas } from "./stack.mjs";

export const schemas = readSchemas([join(import.meta.dirname, "schema.json")]);
