import type { StackEntry } from "../model/stacks";

/** What stands in which stack of a tenancy, by the first part of its path; all else is in that of its OpenStack project. */
const firsts: Readonly<Record<Exclude<StackEntry["kind"], "tenancy">, readonly string[]>> = {
  vault: ["audit", "store", "issuer", "login", "outward", "machine", "people", "pipelines", "pods", "policy", "rate"],
  services: ["priority", "namespace", "open", "workload", "fetched", "release"],
  "control-plane": ["control"],
  modules: ["modules"],
};

/** Whether a path belongs to the stack of a kind. */
export const isIn =
  (kind: StackEntry["kind"]) =>
  (first: string): boolean =>
    kind === "tenancy" ? !Object.values(firsts).some((names) => names.includes(first)) : firsts[kind].includes(first);
