import { interruptionText } from "../../model/closed-hours";
import type { Registers } from "../../model/registers";
import { type Step, stacksBefore, stepsOf } from "../../model/steps";
import { grouped } from "../../model/words/grouped";
import { counted, listed } from "../../model/words/problem";
import type { Act } from "../../operate/acts";
import type { Deployment, StackFiles } from "../../operate/deployment";
import { keptIn, withoutAllBut } from "../../operate/destruction";
import { noteApplied } from "../project/applied";
import { type Override, override } from "../project/closed-hours";
import { canConfigure, closedFor, configureSite, hostsOf } from "../project/configuring";
import { world } from "../project/description";
import { recordLearned } from "../project/learned";
import type { LiveDescription } from "../project/live-description";
import { reviewed } from "../project/reviewed";
import { areBooted } from "../sandbox/hosts";

/** What a run has done to stacks, for their locks. */
export interface Changed {
  readonly applied: string[];
  readonly forgotten: string[];
  /** Closed hours that an incident overrode. */
  readonly overrides: Override[];
}

const cluster = {
  names: ["KUBE_CONFIG_PATH"],
  what: "the kubeconfig with the context of the cluster, docs/runbooks/cluster.md",
};

/** What tells a stack's provider where to go and as whom, where the description does not. */
const said = {
  vault: { names: ["VAULT_ADDR", "VAULT_TOKEN"], what: "where Vault is and who you are, docs/runbooks/vault.md" },
  services: cluster,
  "control-plane": cluster,
  modules: cluster,
} as const;

export interface PerformOptions {
  readonly lose?: readonly string[];
  readonly incident?: string;
  /** Which plans were read, by stack. @default - whatever was kept is applied */
  readonly reviewed?: ReadonlyMap<string, string>;
}

/** Does one step. @returns what it came to, in words; throws if it cannot be done */
export function performer(
  act: Act,
  deployment: Deployment,
  description: LiveDescription,
  { lose = [], incident, reviewed }: PerformOptions,
  { applied, forgotten, overrides }: Changed,
  count: (site: string, done: number, of: number) => void,
) {
  return async ({ kind, stack, of, site = "" }: Step): Promise<string> => {
    if (kind === "configure") return configureHosts(site, description, incident, overrides, count);
    if (stack === undefined) return learn(site, description);
    const files = description.files(stack);
    if (of !== "tenancy" && of !== undefined) {
      if (world.name === "sandbox") return validated(stack, files);
      const unsaid = said[of].names.filter((name) => !process.env[name]);
      if (unsaid.length > 0) throw new Error(`${listed(unsaid)} not set: ${said[of].what}`);
    }
    if (act === "plan") return deployment.plan(stack, files);
    if (act === "destroy") {
      const { left, kept, lost } = remainder(stack, files, lose);
      const told = await deployment.apply(stack, left);
      noteApplied(stack, left);
      forgotten.push(...lost.map((address) => `${stack}.${address}`));
      return kept.length > 0 ? `${told}; ${kept.length} kept` : told;
    }
    const told = await (act === "apply"
      ? deployment.apply(stack, files)
      : deployment.applyKept(stack, files, {
          first: stacksBefore(stepsOf(description.registers), stack),
          ...(reviewed && { reviewed }),
        }));
    noteApplied(stack, files);
    applied.push(stack);
    return told;
  };
}

async function learn(site: string, description: LiveDescription): Promise<string> {
  const { changes, missing } = await recordLearned(description.registers, site, { onlyNew: true });
  if (changes.length > 0) description.refresh();
  const count = `${counted(changes.length, "value")} written`;
  return [
    changes.length === 0 ? "nothing new" : count,
    ...missing.map(({ key, find }) => `not learned: ${key}, ${find}`),
  ].join("\n");
}

/** What the sandbox has no provider for is held against its schema. @throws with what is wrong */
async function validated(stack: string, files: StackFiles): Promise<string> {
  const { validate } = await import("../../engine/validate/validate.js");
  const { readSchemas } = await import("../../engine/validate/schemas.js");
  const { places } = await import("../project/schema-places.js");
  const { checked, problems } = validate(stack, JSON.parse(files.get("cdk.tf.json") ?? "{}"), readSchemas(places()));
  if (problems.length > 0) throw new Error(problems.map(({ path, allowed }) => `${path}: ${allowed}`).join("\n"));
  return `validated, not applied: ${checked} blocks`;
}

/** Whether hosts of a site can be configured: in the sandbox, if some are booted. */
export const hasHosts = ({ places }: Registers, site: string): boolean =>
  canConfigure() &&
  (world.name === "production" || places.some((place) => place.site.name === site && areBooted(place)));

async function configureHosts(
  site: string,
  { registers }: LiveDescription,
  incident: string | undefined,
  overrides: Override[],
  count: (site: string, done: number, of: number) => void,
): Promise<string> {
  const all = hostsOf(registers, site);
  const hosts = all.filter(({ held }) => held === undefined);
  const closed = closedFor(registers, hosts);
  if (closed.length > 0 && incident === undefined)
    throw new Error(
      `${closed.map(interruptionText).join("\n")}\n--incident <id> allows it, and is logged; or later: databridge configure ${site}`,
    );
  const { commit, problems } = reviewed();
  const [unseen] = problems;
  if (unseen) throw new Error(`not configured: ${unseen.value}: ${unseen.fix}, then: databridge configure ${site}`);
  if (incident !== undefined) overrides.push(...override(closed, "deploy", incident));
  const done = new Set<string>();
  const { outcomes, blocked, error, log } = await configureSite(registers, site, {
    hosts,
    check: false,
    onDone: ({ host }) => count(site, done.add(host).size, hosts.length),
  });
  const failures = outcomes.flatMap(({ host, role, failures: why }) => why.map((each) => `${host} ${role}: ${each}`));
  const unreached = [...grouped(blocked, ({ why = "" }) => why)].map(
    ([why, of]) => `${of.length} not configured: ${why}: ${listed(of.map(({ id }) => id))}`,
  );
  const wrong = [...failures, ...unreached, ...(error === undefined ? [] : [error])];
  const changed = outcomes.reduce((sum, outcome) => sum + outcome.changed, 0);
  const what = `${done.size} hosts, ${changed === 0 ? "nothing changed" : `${changed} changed`}${commit === undefined ? "" : `, as in ${commit}`}`;
  const left = [...grouped(all, ({ held = "" }) => held)].flatMap(([why, of]) =>
    why === "" ? [] : [`${of.length} left as they are: ${why}`],
  );
  const where = log === undefined ? [] : [`all that Ansible said: ${log}`];
  if (wrong.length > 0) throw new Error([what, ...left, ...wrong, ...where].join("\n"));
  return [what, ...left].join("\n");
}

/** What is left of a stack, what of it stays, and what is lost by name. */
function remainder(stack: string, files: StackFiles, lose: readonly string[]) {
  const whole: unknown = JSON.parse(files.get("cdk.tf.json") ?? "{}");
  const all = keptIn(whole);
  const lost = all.filter((address) => lose.includes("all") || lose.includes(`${stack}.${address}`));
  const text = `${JSON.stringify(withoutAllBut(whole, lost), undefined, 2)}\n`;
  return { left: new Map([...files, ["cdk.tf.json", text]]), kept: all.filter((each) => !lost.includes(each)), lost };
}
