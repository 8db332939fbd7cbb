import { type Finding, preflight } from "../../operate/preflight";
import { colors } from "../print/colors";
import { table } from "../print/table";
import { isOfCloud, sessionAt } from "../project/cloud";
import { isWanted, soundDescription } from "../project/description";

interface Options {
  readonly all?: boolean;
  readonly json?: boolean;
}

interface PlaceFindings {
  readonly place: string;
  /** Why nothing is known. @default - it was looked at */
  readonly unseen?: string;
  readonly findings: readonly Finding[];
}

/** `databridge preflight <site…>`. @returns the exit code: 1 if a cloud is otherwise than described, or does not answer */
export async function runPreflight(sites: readonly string[], { all = false, json = false }: Options): Promise<number> {
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  const looked = await Promise.all(
    registers.places
      .filter(({ site }) => isWanted(site.name, sites))
      .map(async (place): Promise<PlaceFindings> => {
        try {
          return { place: place.id, findings: await preflight(await sessionAt(place), place) };
        } catch (error) {
          if (!isOfCloud(error)) throw error;
          return { place: place.id, unseen: error.message, findings: [] };
        }
      }),
  );
  if (json) console.log(JSON.stringify(looked, undefined, 2));
  else console.log(looked.map((each) => placeText(each, all)).join("\n\n"));
  const isSound = looked.every(
    ({ unseen, findings }) =>
      unseen === undefined && findings.every(({ verdict }) => verdict === "as described" || verdict === "unseen"),
  );
  return isSound ? 0 : 1;
}

function placeText({ place, unseen, findings }: PlaceFindings, all: boolean): string {
  if (unseen !== undefined) return `${colors.bold(place)} · ${colors.red("not looked at")}: ${unseen}`;
  const count = (verdict: Finding["verdict"]) => findings.filter((each) => each.verdict === verdict).length;
  const counts = (["as described", "differs", "missing", "unseen"] as const).flatMap((verdict) =>
    count(verdict) > 0 ? [`${count(verdict)} ${verdict}`] : [],
  );
  const shown = findings.filter(({ verdict }) => all || verdict !== "as described");
  const head = `${colors.bold(place)} · ${counts.join(" · ")}`;
  if (shown.length === 0) return head;
  const rows = shown.map(({ path, described, found, verdict }) => [verdict, path, described, found]);
  return `${head}\n\n${table(["", "fact", "described", "the cloud says"], rows)}`;
}
