import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv, { type ValidateFunction } from "ajv";
import { App, TerraformStack, Testing } from "cdktf";
import { parse } from "yaml";
import { backendText } from "../../../constructs/gitops/backend";
import { deploymentsFrom } from "../../../constructs/gitops/terraform";
import { addBackend } from "../../../engine/backend";
import { bootstrapStacks } from "../../../model/bootstrap";
import type { gather } from "../../../model/gather";
import { runnersOf } from "../../../model/runners";
import type { Applies } from "../../../model/site/gitops";
import { http, pg, type State, s3 } from "../../../model/site/state";
import { isRecord } from "../../../model/words/record";
import { type CustomResource, objectsOf, ours, terraformsOf } from "./platform";
import { platform } from "./two-sites";

/** What the API server would refuse or take away: a name that the definition lacks. */
const strict = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(strict);
  if (!isRecord(schema)) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  return isRecord(schema.properties) && schema.type === "object" ? { ...inner, additionalProperties: false } : inner;
};
const definitions: unknown = parse(readFileSync(join(__dirname, "definitions.yaml"), "utf8"));
const ajv = new Ajv({ strictTypes: false, strictSchema: false, formats: { int32: true, int64: true } });
const validators = new Map<string, ValidateFunction>(
  Object.entries(isRecord(definitions) ? definitions : {}).map(([kind, schema]) => [
    kind,
    ajv.compile(strict(schema) as object),
  ]),
);
const wrongWith = ({ kind, spec }: CustomResource): readonly string[] => {
  const validate = validators.get(kind);
  return validate === undefined || validate(spec)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

const { registers } = ours();

test("objects are as their published definitions have them", () => {
  const known = objectsOf(registers).filter(({ kind }) => validators.has(kind));
  expect(known.map(({ kind }) => kind).filter((kind) => kind === "Terraform")).toHaveLength(11);
  expect(known.flatMap(wrongWith)).toEqual([]);
});

test.each([
  ["a name that it does not know", { suspended: true }, " must NOT have additional properties"],
  [
    "a word that it does not take",
    { storeReadablePlan: "text" },
    "/storeReadablePlan must be equal to one of the allowed values",
  ],
  ["another type", { parallelism: "10" }, "/parallelism must be integer"],
  [
    "a source of another kind",
    { sourceRef: { kind: "Git", name: "x" } },
    "/sourceRef/kind must be equal to one of the allowed values",
  ],
  [
    "a Secret without its key",
    { runnerPodTemplate: { spec: { env: [{ name: "A", valueFrom: { secretKeyRef: { name: "x" } } }] } } },
    "/runnerPodTemplate/spec/env/0/valueFrom/secretKeyRef must have required property 'key'",
  ],
])("%s is found", (_, planted, told) => {
  const [object] = terraformsOf(registers);
  expect(object && wrongWith({ ...object, spec: { ...object.spec, ...planted } })).toContain(told);
});

test("what the controller stands on is never among them, and a runner that would apply it is refused", () => {
  const bootstrap = bootstrapStacks(registers.places);
  expect(bootstrap.map(({ name }) => name)).toEqual([
    "home-production-tenancy",
    "home-production-vault",
    "home-production-control-plane",
  ]);
  const names = terraformsOf(registers).map(({ metadata }) => metadata.name);
  expect(names.filter((name) => bootstrap.some((stack) => stack.name === name))).toEqual([]);
  for (const stack of bootstrap) {
    const runners = runnersOf(registers.places).map((runner) => ({ ...runner, stacks: [...runner.stacks, stack] }));
    expect(() => deploymentsFrom(stack.place, registers, runners)).toThrow(
      `${stack.name} is what the controller stands on`,
    );
  }
});

test.each([
  ["s3", s3({ bucket: "states", region: "here", endpoint: "https://s3.example.org" })],
  ["s3 of AWS", s3({ bucket: "states", region: "eu-west-1" })],
  ["http", http({ address: "https://git.example.org/state" })],
  ["pg", pg({ schemaName: "databridge" })],
])("the backend that the controller writes is the stack's own: %s", (_, facts) => {
  const state = facts as State;
  const stack = new TerraformStack(new App(), "one");
  addBackend(stack, state, "a/b/one.tfstate");
  const { terraform } = JSON.parse(Testing.synth(stack)) as { terraform: { backend: unknown } };
  expect({ backend: read(backendText(state, "a/b/one.tfstate")) }).toEqual({ backend: terraform.backend });
  expect(read(backendText(state, "a/b/two.tfstate"))).not.toEqual(terraform.backend);
});

/** The few forms of HCL in which a backend is written. */
function read(text: string): unknown {
  const [, type = "", body = ""] = /^backend "(\w+)" \{\n([\s\S]*)\n\}$/.exec(text) ?? [];
  const values = body.split("\n").map((line) => {
    const [, name = "", value = ""] = /^ {2}(\w+) = (.+)$/.exec(line) ?? [];
    return [name, JSON.parse(value)] as const;
  });
  return { [type]: Object.fromEntries(values) };
}

test("what the controller cannot reach is suspended, and says why", () => {
  const held = Object.fromEntries(
    terraformsOf(platform()).map(({ metadata, spec }) => [
      metadata.name,
      [spec.suspend, metadata.annotations?.["databridge/held"]],
    ]),
  );
  expect(held).toEqual({
    "north-production-tenancy": [false, undefined],
    "north-production-services": [true, "no flow leads to the API of north-production's cluster"],
    "north-test-tenancy": [false, undefined],
    "south-production-services": [false, undefined],
  });
  const unknown = terraformsOf(platform({}, { cloud: { api: [] } })).filter(({ spec }) => spec.suspend);
  expect(unknown.map(({ metadata }) => metadata.name)).toContain("north-test-tenancy");
});

test("what somebody holds is suspended, with what stands on it", () => {
  const hold = { reason: "the operator looks into the router", by: "Ada", since: "2027-06-01", until: "2027-06-30" };
  const locks = { north: { version: 6, holds: { "north-production-tenancy": hold } } };
  const held = terraformsOf(platform({}, { locks })).flatMap(({ metadata, spec }) =>
    spec.suspend ? [[metadata.name, metadata.annotations?.["databridge/held"]]] : [],
  );
  const why = "held until 2027-06-30 by Ada: the operator looks into the router";
  expect(held).toEqual([
    ["north-production-tenancy", why],
    ["north-production-services", `north-production-tenancy is ${why}`],
  ]);
});

test("where hours are closed nothing is applied at once, since the controller knows none", () =>
  expect(
    terraformsOf(platform({}, { test: { calendar: { forecast: "02:00-09:00" } } })).find(
      ({ metadata }) => metadata.name === "north-test-tenancy",
    )?.spec.approvePlan,
  ).toBe(""));

test("production waits for somebody who approves the plan; where nothing is applied, it is planned by who can only read", () => {
  const does = (applies: Applies) =>
    terraformsOf(platform(applies))
      .filter(({ metadata }) => metadata.name.endsWith("tenancy"))
      .map(({ spec }) => [spec.approvePlan, spec.planOnly, spec.serviceAccountName]);
  expect(does({})).toEqual([
    ["", false, "apply-north-production"],
    ["auto", false, "apply-north-test"],
  ]);
  expect(does({ production: "never" })[0]).toEqual(["", true, "plan-north-production"]);
});

test("each runner reads the one secret of its tenancy, and the one that plans another than the one that applies", () => {
  const read = (applies: Applies) =>
    platform(applies).secrets.flatMap(({ id, pods }) =>
      id.includes("/deploy/") ? [`${id} by ${[...new Set(pods.map(({ workload }) => workload))]}`] : [],
    );
  expect(read({ production: "never" })).toEqual([
    "north-production/deploy/plan by plan-north-production",
    "north-test/deploy/apply by apply-north-test",
    "south-production/deploy/plan by plan-south-production",
  ]);
});

test("drift is looked for, nothing is destroyed with its object, and every plan can be read", () => {
  for (const { spec } of terraformsOf(registers))
    expect(spec).toMatchObject({
      disableDriftDetection: false,
      destroyResourcesOnDeletion: false,
      storeReadablePlan: "human",
      upgradeOnInit: false,
    });
});

test("runners reach clouds, states and registries by name, and none where nothing is controlled", () => {
  const named = (all: ReturnType<typeof gather>["registers"]) =>
    all.flows.flatMap(({ from, names }) => (from.pods?.workload === "tofu-runner" ? (names ?? []) : []));
  expect(named(platform())).toEqual([
    "compute.example.org",
    "github.com",
    "identity.example.org",
    "registry.opentofu.org",
    "release-assets.githubusercontent.com",
    "s3.here.amazonaws.com",
    "volumes.example.org",
  ]);
});
