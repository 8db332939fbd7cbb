import { grouped } from "../../model/words/grouped";

/** Where everything of Vault stands, by the names that policies and clients share. */
export const mounts = {
  machines: "approle",
  people: "people",
  pipelines: "pipelines",
  logins: "ssh",
  hostKeys: "ssh-hosts",
  outward: "ssh-outward",
  root: "pki-root",
  issuerOf: (environment: string): string => `pki-${environment}`,
  /** Pods of the cluster of a tenancy. */
  podsOf: (place: string): string => `pods-${place}`,
} as const;

/** One path of a policy. */
export interface Grant {
  readonly path: string;
  readonly capabilities: readonly ("create" | "read" | "update" | "delete" | "list" | "patch" | "sudo")[];
  /** Seconds that a wrapping of the answer may live; without a wrapping, it is refused. @default - it need not be wrapped */
  readonly wrapped?: number;
}

/** A policy and why each of its lines is there. Nothing is allowed that no line says. */
export interface Policy {
  readonly name: string;
  readonly grants: readonly (Grant & { readonly why: string })[];
}

/** A policy as Vault and OpenBao read it, in the order of its paths. */
export const policyText = ({ grants }: Policy): string =>
  [...merged(grants)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, of]) => {
      const capabilities = [...new Set(of.flatMap((grant) => grant.capabilities))];
      const wrapped = of.flatMap((grant) => grant.wrapped ?? []);
      return [
        `# ${[...new Set(of.map(({ why }) => comment(why)))].join("; ")}`,
        `path ${JSON.stringify(path)} {`,
        `  capabilities = ${JSON.stringify(capabilities)}`,
        ...(wrapped.length > 0 ? ['  min_wrapping_ttl = "1s"', `  max_wrapping_ttl = "${Math.min(...wrapped)}s"`] : []),
        "}\n",
      ].join("\n");
    })
    .join("\n");

/** What somebody wrote as a reason stays one: no further line, which would be a rule, and nothing that Terraform computes. */
const comment = (why: string): string => why.replace(/\s+/g, " ").replace(/[$%]+(?=\{)/g, "");

const merged = (grants: Policy["grants"]): ReadonlyMap<string, Policy["grants"]> => grouped(grants, ({ path }) => path);
