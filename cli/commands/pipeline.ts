import { existsSync, readFileSync } from "node:fs";
import { identityOf } from "../../model/site/identity";
import type { Problem } from "../../model/words/problem";
import { applyPipeline, type Work } from "../../operate/gitlab/apply-pipeline";
import type { Pipeline } from "../../operate/gitlab/job";
import { writeNote } from "../../operate/gitlab/note";
import { planPipeline } from "../../operate/gitlab/plan-pipeline";
import { pipelineText } from "../../operate/gitlab/yaml";
import { Misused } from "../misused";
import { soundDescription, tell } from "../project/description";
import { workSince } from "../project/work";

interface Options {
  /** Where plans are that were read. @default - the pipeline that plans is rendered */
  readonly plans?: string;
  /** What they are held against. */
  readonly base?: string;
  readonly all?: boolean;
}

/** `databridge pipeline gitlab`. @returns the exit code */
export function runGitlab({ plans, base, all = false }: Options): number {
  if ((plans === undefined) !== (base === undefined)) throw new Misused("--plans and --base go with each other");
  if (all && plans !== undefined) throw new Misused("--all and --plans exclude each other");
  const registers = soundDescription([], false);
  if (!registers) return 1;
  const { people, pipelines } = identityOf(registers.sites);
  if (!people || !pipelines) {
    const allowed = "who vouches for pipelines, and for people, who write what their jobs log in by";
    const fix = "say it at the site of Vault: identity: { people: { … }, pipelines: { issuer, audience, projects } }";
    return refused([{ path: "identity", value: undefined, allowed, fix }]);
  }
  const command = "databridge pipeline gitlab";
  const print = (pipeline: Pipeline, how = "") => console.log(pipelineText(pipeline, `${command}${how}`).trimEnd());
  if (all) print(applyPipeline(registers, pipelines, everything), " --all");
  else if (plans === undefined || base === undefined) print(planPipeline(registers, pipelines));
  else {
    const work = workSince(base, plans, registers);
    if (!("hasWork" in work)) return refused(work);
    print(applyPipeline(registers, pipelines, work), " --plans");
  }
  return 0;
}

const everything: Work = { hasWork: () => true, differs: () => true, hostsDiffer: () => true };

function refused(problems: readonly Problem[]): number {
  tell(problems, false);
  return 1;
}

const wanted = ["CI_API_V4_URL", "CI_PROJECT_ID", "CI_MERGE_REQUEST_IID", "GITLAB_NOTE_TOKEN"] as const;

const withheld = ", or protected, which GitLab hands to no merge request of a branch that is not";

/** `databridge pipeline note <file>`. @returns the exit code */
export async function runNote(file: string): Promise<number> {
  if (!existsSync(file)) throw new Misused(`there is no file ${file}: databridge review --markdown > ${file}`);
  const [api = "", project = "", mergeRequest = "", token = ""] = wanted.map((name) => process.env[name]);
  const unsaid = wanted.filter((name) => !process.env[name]);
  if (unsaid.length > 0) {
    console.log(
      `no note is written: ${unsaid.join(", ")} not set${unsaid.includes("GITLAB_NOTE_TOKEN") ? withheld : ""}`,
    );
    return 0;
  }
  const isNew = await writeNote(readFileSync(file, "utf8"), { api, project, mergeRequest, token });
  console.log(isNew ? "a note was written" : "the note was written anew");
  return 0;
}
