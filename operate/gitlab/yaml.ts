import { stringify } from "yaml";
import type { Pipeline } from "./job";

/** A pipeline as GitLab reads it. @param command by which it is rendered */
export function pipelineText({ jobs, ...rest }: Pipeline, command: string): string {
  const told = `# Rendered by ${command} from the graph of steps: nobody edits it.\n`;
  return `${told}${stringify({ ...rest, ...jobs }, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}
