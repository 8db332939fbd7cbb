import { z } from "zod";

/** Where a job of a merge request writes to people. */
export interface NoteProps {
  /** `https://gitlab.example.org/api/v4` */
  readonly api: string;
  readonly project: string;
  readonly mergeRequest: string;
  /** Of the project, with the scope `api`: GitLab lets no job's own token write notes. @see https://gitlab.com/gitlab-org/gitlab/-/issues/464591 */
  readonly token: string;
}

/** By which a note of ours is known among those of people. */
const marker = "<!-- databridge review -->";

/**
 * Writes the packet to its merge request, or over what was written of an earlier commit. *Untried* against GitLab itself.
 * @returns whether it is a new note
 * @throws with what the API answers
 */
export async function writeNote(markdown: string, { api, project, mergeRequest, token }: NoteProps): Promise<boolean> {
  const notes = `${api}/projects/${encodeURIComponent(project)}/merge_requests/${encodeURIComponent(mergeRequest)}/notes`;
  const ask = async (method: "GET" | "POST" | "PUT", url: string, body?: string): Promise<unknown> => {
    const response = await fetch(url, {
      method,
      headers: { "private-token": token, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(30_000),
    });
    if (!response.ok)
      throw new Error(`${method} ${new URL(url).pathname}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const body = JSON.stringify({ body: `${marker}\n${markdown}` });
  const written = notesSchema.parse(await ask("GET", `${notes}?sort=desc&order_by=updated_at&per_page=100`));
  const ours = written.find(({ body, system }) => !system && body.startsWith(marker));
  await (ours ? ask("PUT", `${notes}/${ours.id}`, body) : ask("POST", notes, body));
  return ours === undefined;
}

const notesSchema = z.array(z.object({ id: z.number(), body: z.string(), system: z.boolean().default(false) }));
