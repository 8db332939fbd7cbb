import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Options {
  /** From where the names are. */
  readonly sources: Readonly<Record<string, string>>;
  /** Of RKE2; those of Kubernetes are of the Kubernetes in it. */
  readonly version: string;
  readonly options: Readonly<Record<string, readonly string[]>>;
}

/** Names of options as the sources of one version have them. */
export const known: Options = JSON.parse(readFileSync(join(__dirname, "options.json"), "utf8"));

/** Options of Kubernetes' own programs are values of options of RKE2. */
const programs: Readonly<Record<string, string>> = { "kube-apiserver-arg": "kube-apiserver", "kubelet-arg": "kubelet" };

/**
 * What a configuration says that the program does not know: `rke2 agent tls-san`, `kubelet max-pod`. RKE2 warns of its own options, and
 * passes over them; of others Kubernetes does not start.
 */
export const unknownIn = (config: Readonly<Record<string, unknown>>, program: string): readonly string[] =>
  Object.entries(config).flatMap(([key, value]) => [
    ...(known.options[program]?.includes(key) ? [] : [`${program} ${key}`]),
    ...(Array.isArray(value) ? value : []).flatMap((each: unknown) => {
      const of = programs[key];
      const name = String(each).split("=")[0] ?? "";
      return of === undefined || known.options[of]?.includes(name) ? [] : [`${of} ${name}`];
    }),
  ]);
