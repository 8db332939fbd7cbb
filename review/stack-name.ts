import { environments } from "../model/words/environment";

/** What the name of a stack tells: `lumi-production-tenancy`. */
export interface StackName {
  readonly site: string;
  readonly tenancy: string;
  readonly kind: string;
  readonly isProduction: boolean;
}

const pattern = new RegExp(`^(.+?)-((${environments.join("|")})(?:-.+?)??)-(control-plane|[^-]+)$`);

/** A name that is not ours is that of a site with one stack, and taken for production: nothing is made light of. */
export function readStackName(name: string): StackName {
  const [, site = name, tenancy = "", environment = "production", kind = "stack"] = pattern.exec(name) ?? [];
  return { site, tenancy, kind, isProduction: environment === "production" };
}
