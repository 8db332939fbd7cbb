import { PriorityClassV1 } from "@cdktf/provider-kubernetes/lib/priority-class-v1";
import { Construct } from "constructs";
import type { Environment } from "../../model/words/environment";
import { classOf } from "./priority";

/**
 * Where there is not room for all, production stays and takes the place of the others. Experiments take nobody's.
 * @see Kubernetes, Pod Priority and Preemption: those of the system are above 1 000 000 000
 */
const classes: Readonly<
  Record<Environment, { readonly value: number; readonly takes: boolean; readonly why: string }>
> = {
  production: {
    value: 1_000_000,
    takes: true,
    why: "takes the place of tests and experiments where there is not room for all",
  },
  test: { value: 1000, takes: true, why: "takes the place of experiments" },
  experiments: { value: 0, takes: false, why: "waits for room" },
};

/** The classes of all environments: they belong to the cluster, whoever stands on it. */
export class PriorityClasses extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    for (const [environment, { value, takes, why }] of Object.entries(classes))
      new PriorityClassV1(this, environment, {
        metadata: { name: classOf(environment as Environment) },
        value,
        preemptionPolicy: takes ? "PreemptLowerPriority" : "Never",
        description: why,
      });
  }
}
