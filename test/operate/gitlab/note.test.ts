import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { writeNote } from "../../../operate/gitlab/note";

/** Notes of a merge request, as GitLab's API has them. */
function forge(
  notes: readonly { readonly id: number; readonly body: string; readonly system?: boolean }[],
  code = 200,
) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    asked.push([request.method, request.url?.replace(/\?.*/, ""), request.headers["private-token"], body].join(" "));
    response.writeHead(code, { "content-type": "application/json" });
    response.end(JSON.stringify(request.method === "GET" ? notes : { id: 1 }));
  });
  return { asked, server };
}

async function written(notes: Parameters<typeof forge>[0], code?: number) {
  const { asked, server } = forge(notes, code);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v4`;
  try {
    const isNew = await writeNote("**1 review**", { api, project: "a/b", mergeRequest: "7", token: "t" });
    return { isNew, asked };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const path = "/api/v4/projects/a%2Fb/merge_requests/7/notes";
const body = JSON.stringify({ body: "<!-- databridge review -->\n**1 review**" });

test("writes one note, beside those of people and of the forge", async () => {
  const notes = [
    { id: 4, body: "looks good" },
    { id: 5, body: "<!-- databridge review -->\nas it was told", system: true },
  ];
  expect(await written(notes)).toEqual({ isNew: true, asked: [`GET ${path} t `, `POST ${path} t ${body}`] });
});

test("writes over its own", async () => {
  const notes = [{ id: 9, body: "<!-- databridge review -->\nof another commit", system: false }];
  expect(await written(notes)).toEqual({ isNew: false, asked: [`GET ${path} t `, `PUT ${path}/9 t ${body}`] });
});

test("says what the forge answers, and not by which token", async () => {
  const refused = written([], 403);
  await expect(refused).rejects.toThrow(/GET .*notes: 403/);
  await expect(refused).rejects.not.toThrow(/private-token|\bt\b/);
});
