import { stacksOf } from "../../model/stacks";
import { grantedIn } from "../../model/words/public-address";
import { Deployment } from "../../operate/deployment";
import { type Drift, driftOf } from "../../operate/drift/compare";
import { thingsOf } from "../../operate/drift/described";
import { thingsIn } from "../../operate/drift/found";
import { inventoryOf } from "../../operate/openstack/inventory";
import { readStack } from "../../review/stack";
import { colors } from "../print/colors";
import { table } from "../print/table";
import { driftedHere } from "../project/applied";
import { isOfCloud, sessionAt } from "../project/cloud";
import { isWanted, outdir, soundDescription, tell, world } from "../project/description";
import { type Engine, engineOf } from "../project/engine";
import { LiveDescription } from "../project/live-description";

interface Options {
  readonly json?: boolean;
  /** Also what no state knows. */
  readonly state?: boolean;
  readonly engine?: string;
}

interface StackDrift {
  readonly stack: string;
  /** Why nothing is known. @default - it was looked at */
  readonly unseen?: string;
  readonly drift: readonly Drift[];
}

/** `databridge drift <site…>`. @returns the exit code: 1 if a cloud is otherwise than described, or does not answer */
export async function runDrift(
  sites: readonly string[],
  { json = false, state = false, engine }: Options,
): Promise<number> {
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  const described = LiveDescription.of(registers);
  if (!(described instanceof LiveDescription)) {
    tell(described, json);
    return 1;
  }
  const deployment = state ? deploymentBy(engineOf(engine)) : undefined;
  const places = registers.places.filter(({ site }) => isWanted(site.name, sites));
  const all = await Promise.all(
    places.flatMap((place) =>
      stacksOf(place)
        .filter(({ kind }) => kind === "tenancy")
        .map(async ({ name }): Promise<StackDrift> => {
          try {
            const stack = readStack(JSON.parse(described.files(name).get("cdk.tf.json") ?? "{}"));
            const granted = new Set(place.hosts.flatMap(({ public: facing }) => grantedIn(facing?.how) ?? []));
            const found = thingsIn(await inventoryOf(await sessionAt(place)), granted);
            return {
              stack: name,
              drift: driftOf(thingsOf(stack), found, await deployment?.ids(name, described.files(name))),
            };
          } catch (error) {
            if (!isOfCloud(error)) throw error;
            return { stack: name, unseen: error.message, drift: [] };
          }
        }),
    ),
  );
  const at = new Date().toISOString();
  driftedHere.write(
    Object.fromEntries(
      all.map(({ stack, unseen, drift }) => [
        stack,
        { at, count: drift.length, ...(unseen === undefined ? {} : { unseen }) },
      ]),
    ),
  );
  if (json) console.log(JSON.stringify(all, undefined, 2));
  else console.log(all.map(driftText).join("\n\n"));
  return all.every(({ unseen, drift }) => unseen === undefined && drift.length === 0) ? 0 : 1;
}

/** Reads states, and applies nothing. */
const deploymentBy = ({ program, env }: Engine): Deployment =>
  new Deployment({ engine: program, env, output: outdir, work: world.work, isApproved: async () => false });

function driftText({ stack, unseen, drift }: StackDrift): string {
  if (unseen !== undefined) return `${colors.bold(stack)} · ${colors.red("not looked at")}: ${unseen}`;
  if (drift.length === 0) return `${colors.bold(stack)} · as described`;
  const counts = (["stranger", "twice", "unknown", "missing", "different"] as const).flatMap((what) => {
    const count = drift.filter((each) => each.what === what).length;
    return count > 0 ? [`${count} ${what}`] : [];
  });
  const rows = drift.map(({ what, kind, name, ids, details }) => [
    what,
    kind,
    name,
    [...details, ...(what === "stranger" || what === "twice" ? ids : [])].join("; "),
  ]);
  return `${colors.bold(stack)} · ${counts.join(" · ")}\n\n${table(["", "kind", "name", ""], rows)}`;
}
