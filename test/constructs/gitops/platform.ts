import { join } from "node:path";
import { deploymentsFrom } from "../../../constructs/gitops/terraform";
import { production, readLocks, readSites } from "../../../engine/world";
import { type Gathered, gather } from "../../../model/gather";
import type { Registers } from "../../../model/registers";

const root = join(__dirname, "..", "..", "..");

/** The sites of this project. */
export const ours = (): Gathered => gather(readSites(join(root, "sites")).sites, readLocks(production(root)));

export interface Json {
  readonly [key: string]: unknown;
}
/** What of a custom resource tests look at. */
export interface CustomResource {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Json };
  readonly spec: Json & { readonly dependsOn?: readonly { readonly name: string }[] };
}

/** All objects that controllers are given. */
export const objectsOf = (registers: Registers): readonly CustomResource[] =>
  registers.places
    .flatMap((place) => deploymentsFrom(place, registers))
    .flatMap(({ objects }) => objects as unknown as readonly CustomResource[]);

export const terraformsOf = (registers: Registers): readonly CustomResource[] =>
  objectsOf(registers).filter(({ kind }) => kind === "Terraform");
