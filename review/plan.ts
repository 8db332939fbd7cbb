import type { Problem } from "../model/words/problem";
import { isRecord } from "../model/words/record";
import type { Action, Change, Difference } from "./change";
import { effectOf } from "./effects";
import type { Element, Stack } from "./stack";

/** What a plan says, of resources that Terraform manages. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Addresses, and the arguments that are written as plain values. */
  readonly configured: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/**
 * Reads a plan as `terraform show -json` and `tofu show -json` print it. What is sensitive is not repeated.
 * @param stack its name
 * @param head the stack as it was synthesized, from which constructs and lifecycles are known
 */
export function readPlan(stack: string, plan: unknown, head?: Stack): Plan | undefined {
  if (!isRecord(plan) || typeof plan.format_version !== "string") return undefined;
  return {
    changes: [
      ...records(plan.resource_changes).flatMap((each) => changeOf(stack, each, head) ?? []),
      ...records(plan.resource_drift).flatMap((each) => {
        const change = changeOf(stack, each, head);
        return change && change.action !== "none" && change.action !== "move"
          ? [{ ...change, drift: true as const }]
          : [];
      }),
    ],
    configured: configuredIn(plan.configuration),
  };
}

/**
 * What of a plan a review reads, with what is sensitive left out: states and variables stand in a plan in the clear. That a
 * sensitive value becomes another one is still told.
 */
export function reviewable(plan: unknown): unknown {
  if (!isRecord(plan)) return plan;
  const { format_version, resource_changes: changes, resource_drift: drift, configuration } = plan;
  const module = isRecord(configuration) && isRecord(configuration.root_module) ? configuration.root_module : {};
  const resources = records(module.resources).map(({ address, expressions }) => ({ address, expressions }));
  return {
    format_version,
    resource_changes: records(changes).map(withoutSensitive),
    resource_drift: records(drift).map(withoutSensitive),
    configuration: { root_module: { resources } },
  };
}

function withoutSensitive(resource: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const change = isRecord(resource.change) ? resource.change : {};
  const before = hidden(change.before, change.before_sensitive);
  const after = hidden(change.after, change.after_sensitive);
  return { ...resource, change: { ...change, before, after: withOthers(change, before, after) } };
}

/** Marks what looks the same once it is hidden, and is not. */
function withOthers({ before: was, after: is }: Readonly<Record<string, unknown>>, before: unknown, after: unknown) {
  if (![was, is, before, after].every(isRecord)) return after;
  const [real, will, shown, then] = [was, is, before, after] as readonly Readonly<Record<string, unknown>>[];
  const differ = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
  return Object.fromEntries(
    Object.entries(then ?? {}).map(([name, value]) => [
      name,
      differ(real?.[name], will?.[name]) && !differ(shown?.[name], value) ? "(sensitive, another)" : value,
    ]),
  );
}

/** Where a plan was made of something else than the head. */
export function foreignTo(name: string, { configured }: Plan, head: Stack | undefined): readonly Problem[] {
  const elements = [...(head?.elements.values() ?? [])].filter(({ kind }) => kind === "resource" || kind === "data");
  const addresses = new Set([...elements.map(({ address }) => address), ...configured.keys()]);
  const differing = [...addresses].filter((address) => {
    const element = head?.elements.get(address);
    const plain = configured.get(address);
    if (!element || !plain) return true;
    return Object.entries(plain).some(([argument, value]) => flat(element.args[argument]) !== flat(value));
  });
  if (differing.length === 0) return [];
  const fix = "plan again what is in the head, with: terraform plan -out plan, terraform show -json plan";
  return [{ path: `plans/${name}.json`, value: differing.sort().slice(0, 5), allowed: "a plan of the head", fix }];
}

/** As Terraform tells them: sets and numbers as it likes. */
const flat = (value: unknown): string => (Array.isArray(value) ? value.map(String).sort().join() : String(value));

const records = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

const actions: Readonly<Record<string, Action>> = {
  "no-op": "none",
  create: "create",
  read: "none",
  update: "update",
  delete: "delete",
  "delete create": "replace",
  "create delete": "replace",
  forget: "forget",
  "create forget": "replace",
};

function changeOf(
  stack: string,
  resource: Readonly<Record<string, unknown>>,
  head: Stack | undefined,
): Change | undefined {
  const change = isRecord(resource.change) ? resource.change : {};
  const said = Array.isArray(change.actions) ? change.actions.join(" ") : "";
  const from = typeof resource.previous_address === "string" ? resource.previous_address : undefined;
  const planned = actions[said] ?? "update";
  if (resource.mode !== "managed" || (planned === "none" && from === undefined && !isRecord(change.importing)))
    return undefined;
  const address = String(resource.address);
  const known = head?.elements.get(withoutIndex(address));
  const element = (values: unknown): Element | undefined =>
    isRecord(values)
      ? {
          address,
          kind: "resource",
          type: String(resource.type),
          path: known?.path ?? "",
          args: values,
          lifecycle: known?.lifecycle ?? {},
          dependsOn: [],
        }
      : undefined;
  const before = hidden(change.before, change.before_sensitive);
  const after = withUnknown(hidden(change.after, change.after_sensitive), change.after_unknown);
  const action = planned === "none" ? (from === undefined ? "adopt" : "move") : planned;
  const isKnown = isRecord(before) && isRecord(after);
  return {
    stack,
    address,
    action,
    before: element(before),
    after: action === "delete" || action === "forget" ? undefined : element(after),
    differences: isKnown ? differencesOf(before, after, change, action, String(resource.type), known?.args) : [],
    ...(from !== undefined && { from }),
  };
}

/** `a.b[0]` and `a.b["c"]` stand in the configuration as `a.b`. */
const withoutIndex = (address: string): string => address.replace(/\[[^\]]*\]$/, "");

function differencesOf(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  { replace_paths: paths, before: real, after: will }: Readonly<Record<string, unknown>>,
  action: Action,
  type: string,
  configured: Element["args"] = {},
): readonly Difference[] {
  const replacing = new Set(
    (Array.isArray(paths) ? paths : []).map((path) => (Array.isArray(path) ? String(path[0]) : "")),
  );
  const all = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort()
    .flatMap((name): readonly Difference[] => {
      const isSame = JSON.stringify(before[name] ?? null) === JSON.stringify(after[name] ?? null);
      const isHidden = isRecord(real) && isRecord(will) && JSON.stringify(real[name]) !== JSON.stringify(will[name]);
      if (isSame && !isHidden) return [];
      return [
        { path: name, before: before[name], after: after[name], effect: replacing.has(name) ? "replaces" : "changes" },
      ];
    });
  // What the cloud will give says nothing beside what brings it about; what is configured takes it from something that changes too.
  const matters = (path: string): boolean =>
    replacing.has(path) || Object.hasOwn(configured, path) || effectOf(type, path).level === "outage";
  const said = all.filter(({ path, after: will }) => will !== unknown || matters(path));
  return said.length > 0 || action === "replace" ? said : all;
}

const unknown = "(known after apply)";

/** Values with what is sensitive left out, at any depth. */
function hidden(value: unknown, sensitive: unknown): unknown {
  if (sensitive === true) return "(sensitive)";
  if (isRecord(value) && isRecord(sensitive))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hidden(item, sensitive[key])]));
  if (Array.isArray(value) && Array.isArray(sensitive)) return value.map((item, i) => hidden(item, sensitive[i]));
  return value;
}

function withUnknown(value: unknown, isUnknown: unknown): unknown {
  if (isUnknown === true) return unknown;
  if (!isRecord(isUnknown)) return value;
  const known = isRecord(value) ? value : {};
  return Object.fromEntries(
    [...new Set([...Object.keys(known), ...Object.keys(isUnknown)])].map((key) => [
      key,
      withUnknown(known[key], isUnknown[key]),
    ]),
  );
}

function configuredIn(configuration: unknown): Plan["configured"] {
  const module = isRecord(configuration) ? configuration.root_module : undefined;
  return new Map(
    records(isRecord(module) ? module.resources : undefined).map(({ address, expressions }) => [
      String(address),
      Object.fromEntries(
        Object.entries(isRecord(expressions) ? expressions : {}).flatMap(([name, expression]) => {
          const value = isRecord(expression) ? expression.constant_value : undefined;
          const isPlain = (each: unknown) => ["string", "number", "boolean"].includes(typeof each);
          return isPlain(value) || (Array.isArray(value) && value.every(isPlain)) ? [[name, value]] : [];
        }),
      ),
    ]),
  );
}
