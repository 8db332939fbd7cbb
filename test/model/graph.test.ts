import { cluster } from "../../constructs/cluster/spec";
import { bastion, proxy } from "../../constructs/edge/spec";
import { gitops } from "../../constructs/gitops/spec";
import { sharedServices } from "../../constructs/services/spec";
import { vault, vaultAgent } from "../../constructs/vault/spec";
import { gather } from "../../model/gather";
import { type GraphStep, graphOf, graphSchema, stepsFor } from "../../model/graph";
import type { Component } from "../../model/site/component";
import { pending } from "../../model/vocabulary";
import { north, south, tenancy } from "./platform";

const at = { site: "south", tenancy: "production" };
const reached = [bastion({ from: [] }), proxy()];
const runs = [...reached, vaultAgent({ at }), cluster(), sharedServices({ vault: at })];
const controllers = gitops({ artifacts: "oci://registry.example.org/platform" });

/** A site beside that of the control plane; there Vault may stand in a tenancy of its own. */
function graph(plane: readonly Component[] = [vault({ from: [] }), ...runs, controllers]): readonly GraphStep[] {
  const { registers, problems } = gather([
    north({
      production: tenancy({ runs }),
      test: tenancy({ environment: "test", owner: "testers", network: { cidr: "10.52.0.0/20" }, public: {}, runs: [] }),
    }),
    south({ production: tenancy({ owner: "keepers", network: { cidr: "10.36.0.0/20" }, runs: plane }) }),
  ]);
  // Who people are, nobody has to say here.
  expect(problems.filter(({ path }) => !path.endsWith(".identity"))).toEqual([]);
  return graphOf(registers).steps;
}
const step = (id: string) => graph().find((each) => each.id === id);

test("what the control plane stands on is bootstrap, and what comes before that there; nothing of other sites is", () =>
  expect(
    graph()
      .filter(({ bootstrap }) => bootstrap)
      .map(({ id }) => id),
  ).toEqual([
    "make ssh-user-ca",
    "apply south-production-tenancy",
    "learn south",
    "apply south-production-tenancy again",
    "configure south",
    "unseal south-production",
    "apply south-production-vault",
    "learn the CA of host keys",
    "enrol south",
    "learn the CA of south-production",
    "apply south-production-control-plane",
  ]));

test("without a control plane Vault and its servers still are", () =>
  expect(
    graph([vault({ from: [] }), ...runs]).flatMap(({ bootstrap, stack }) => (bootstrap && stack ? [stack] : [])),
  ).toEqual(["south-production-tenancy", "south-production-tenancy", "south-production-vault"]));

test("it is told for whom a step is: a tenancy, all of a site, or the platform", () => {
  const told = (id: string) => [step(id)?.tenancy, step(id)?.environments, step(id)?.owners];
  expect(told("apply north-test-tenancy")).toEqual(["test", ["test"], ["testers"]]);
  expect(told("learn north")).toEqual([undefined, ["production", "test"], ["team", "testers"]]);
  expect(told("make ssh-user-ca")).toEqual([undefined, ["production", "test"], ["keepers", "team", "testers"]]);
});

test("it is told what a step may interrupt, by what its stack holds", () =>
  expect(Object.fromEntries(graph().map(({ id, interrupts }) => [id, interrupts]))).toMatchObject({
    "apply north-production-tenancy": "hosts",
    "apply north-test-tenancy": undefined,
    "apply north-production-services": "pods",
    "apply south-production-vault": "logins",
    "configure north": "hosts",
    "enrol north": "hosts",
    "learn north": undefined,
  }));

test("it is as its schema says, and each step comes after what it needs", () => {
  const steps = graph();
  expect(graphSchema.parse({ version: 1, steps })).toEqual({ version: 1, steps });
  expect(graphSchema.safeParse({ version: 1, steps: [{ ...steps[0], owners: [] }] }).success).toBe(false);
  for (const [i, { needs }] of steps.entries())
    expect(steps.slice(0, i).map(({ id }) => id)).toEqual(expect.arrayContaining(needs));
});

test("of what others are asked, a site is told what it waits for itself", () => {
  const { registers } = gather([
    north(
      { production: tenancy({ runs: [bastion(), proxy()] }) },
      { outside: { operators: pending("ask the operators") } },
    ),
    south({ production: tenancy({ network: { cidr: "10.36.0.0/20" }, runs: [bastion({ from: [] })] }) }),
  ]);
  const asks = (name: string) =>
    stepsFor(registers, (site) => site === name).flatMap(({ id, site }) => (site === undefined ? [id] : []));
  expect([asks("north"), asks("south")]).toEqual([["ask ask the operators", "make ssh-user-ca"], ["make ssh-user-ca"]]);
});
