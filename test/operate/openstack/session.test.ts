import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCloud } from "../../../operate/openstack/clouds";
import { Session } from "../../../operate/openstack/session";

const folder = mkdtempSync(join(tmpdir(), "clouds-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (text: string): string[] => {
  const path = join(folder, "clouds.yaml");
  writeFileSync(path, text);
  return [path];
};

describe("an entry of clouds.yaml", () => {
  const entry = (auth: string) =>
    file(`clouds:\n  north:\n    region_name: R1\n    auth:\n      auth_url: http://127.0.0.1:1\n${auth}`);
  test("with an application credential logs in by it", () =>
    expect(
      readCloud("north", entry("      application_credential_id: i\n      application_credential_secret: s\n")),
    ).toEqual({
      authUrl: "http://127.0.0.1:1",
      region: "R1",
      auth: { identity: { methods: ["application_credential"], application_credential: { id: "i", secret: "s" } } },
    }));
  test("with user and password is scoped to its project", () =>
    expect(readCloud("north", entry("      username: u\n      password: p\n      project_name: x\n")).auth).toEqual({
      identity: {
        methods: ["password"],
        password: { user: { name: "u", domain: { name: "Default" }, password: "p" } },
      },
      scope: { project: { name: "x", domain: { name: "Default" } } },
    }));
  test("takes what is secret from secure.yaml, and domains by their ids", () => {
    writeFileSync(join(folder, "secure.yaml"), "clouds: { north: { auth: { password: hidden } } }");
    const files = entry("      username: u\n      user_domain_id: d\n      project_id: p1\n");
    expect(readCloud("north", files).auth).toEqual({
      identity: { methods: ["password"], password: { user: { name: "u", domain: { id: "d" }, password: "hidden" } } },
      scope: { project: { id: "p1" } },
    });
    rmSync(join(folder, "secure.yaml"));
  });
  test("that logs in by what we do not know is refused: a password is for nobody else", () => {
    const text =
      "clouds: { north: { auth_type: v3oidcpassword, auth: { auth_url: 'http://127.0.0.1:1', username: u, password: hunter2 } } }";
    expect(() => readCloud("north", file(text))).toThrow(/north.auth_type is missing or of the wrong kind/);
  });
  test.each([
    ["another name", entry(""), "south", /no entry "south", only north/],
    ["no credentials", entry(""), "north", /neither an application credential nor user and password/],
    [
      "no address",
      file("clouds: { north: { auth: { password: hunter2 } } }"),
      "north",
      /north.auth.auth_url is missing/,
    ],
    ["no YAML", file("clouds: [ hunter2"), "north", /is no YAML$/],
    ["no clouds", file("x: 1"), "north", /has no clouds/],
    ["no file", [join(folder, "none.yaml")], "north", /there is no clouds.yaml/],
  ])("with %s is refused, and nothing in it repeated", (_, files, name, why) => {
    // Each writes the same file: the texts are made anew.
    if (_ === "no address") file("clouds: { north: { auth: { password: hunter2 } } }");
    else if (_ === "no YAML") file("clouds: [ hunter2");
    else if (_ === "no clouds") file("x: 1");
    else if (_ !== "no file") entry("");
    expect(() => readCloud(name, files)).toThrow(why);
    expect(() => readCloud(name, files)).not.toThrow(/hunter2/);
  });
});

/** A server that answers as a cloud does, to what these tests ask. */
let server: Server;
let base = "";
const asked: { readonly url: string; readonly token: string | undefined }[] = [];
interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly token?: string;
  readonly location?: string;
}
const answers: Record<string, (request: IncomingMessage) => Answer> = {};
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push({ url: request.url ?? "", token: request.headers["x-auth-token"] as string | undefined });
    const { status = 200, body = {}, token, location } = answers[request.url ?? ""]?.(request) ?? { status: 404 };
    response.writeHead(status, {
      "content-type": "application/json",
      ...(token ? { "x-subject-token": token } : {}),
      ...(location ? { location } : {}),
    });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const endpoint = (path: string, region = "R1", is = "public") => ({
    interface: is,
    region_id: region,
    url: `${base}${path}`,
  });
  answers["/v3/auth/tokens"] = () => ({
    status: 201,
    token: "the-token",
    body: {
      token: {
        project: { id: "p1", name: "north" },
        roles: [{ name: "member" }],
        catalog: [
          {
            type: "network",
            endpoints: [endpoint("/elsewhere", "R2"), endpoint("/inside", "R1", "internal"), endpoint("/net")],
          },
          { type: "image", endpoints: [endpoint("/image/v2")] },
          { type: "volumev3", endpoints: [endpoint("/volume/v3/p1")] },
          { type: "compute", endpoints: [endpoint("/compute/v2.1")] },
        ],
      },
    },
  });
});
afterAll(() => server.close());
const login = () => Session.open({ authUrl: `${base}/v3`, region: "R1", auth: {} });

describe("a session", () => {
  test("knows project, roles and services of its region", async () => {
    const session = await login();
    expect([session.project, session.roles]).toEqual([{ id: "p1", name: "north" }, ["member"]]);
    expect([session.has("network"), session.has("volume"), session.has("balancer")]).toEqual([true, true, false]);
  });
  test("follows pages, whole links and those that repeat the version, and sends its token", async () => {
    answers["/net/v2.0/ports"] = () => ({
      body: { ports: [1], ports_links: [{ rel: "next", href: `${base}/net/v2.0/ports?marker=1` }] },
    });
    answers["/net/v2.0/ports?marker=1"] = () => ({ body: { ports: [2] } });
    answers["/image/v2/images"] = () => ({ body: { images: [1], next: "/v2/images?marker=1" } });
    answers["/image/v2/images?marker=1"] = () => ({ body: { images: [2] } });
    const session = await login();
    expect(await session.list("network", "/ports", "ports")).toEqual([1, 2]);
    expect(await session.list("image", "/images", "images")).toEqual([1, 2]);
    expect(asked.filter(({ url }) => /ports|images/.test(url)).every(({ token }) => token === "the-token")).toBe(true);
  });
  test("sends its token to nobody whom the catalog does not name", async () => {
    answers["/net/v2.0/routers"] = () => ({
      body: { routers: [], routers_links: [{ rel: "next", href: "http://127.0.0.2:1/x" }] },
    });
    await expect((await login()).list("network", "/routers", "routers")).rejects.toThrow(/sends us elsewhere/);
  });
  test("follows no redirect, which would take token or password along", async () => {
    answers["/net/v2.0/moved"] = () => ({ status: 302, location: `${base}/net/v2.0/ports` });
    await expect((await login()).get("network", "/moved")).rejects.toThrow(/does not answer/);
  });
  test("tells what a cloud refuses, and that one does not answer", async () => {
    answers["/compute/v2.1/servers/x"] = () => ({ status: 403 });
    const session = await login();
    await expect(session.get("compute", "/servers/x")).rejects.toMatchObject({
      status: 403,
      message: /compute answered 403/,
    });
    await expect(session.get("balancer", "/x")).rejects.toMatchObject({ status: 404 });
    answers["/bad/v3/auth/tokens"] = () => ({ status: 401, body: { error: { message: "secret" } } });
    await expect(Session.open({ authUrl: `${base}/bad`, region: undefined, auth: {} })).rejects.toThrow(
      /refused the login: 401$/,
    );
    await expect(Session.open({ authUrl: "http://127.0.0.1:1", region: undefined, auth: {} })).rejects.toThrow(
      /does not answer/,
    );
  });
  test("asks again where a connection broke, and not for ever", async () => {
    let broken = 0;
    const session = await login();
    answers["/net/v2.0/broken"] = (request) => {
      if (broken-- > 0) request.socket.destroy();
      return { body: { broken: [1] } };
    };
    broken = 2;
    expect(await session.list("network", "/broken", "broken")).toEqual([1]);
    broken = 9;
    await expect(session.list("network", "/broken", "broken")).rejects.toThrow(/does not answer/);
  });
  test("asks consoles by what changes nothing", async () => {
    answers["/compute/v2.1/servers/s1/action"] = (request) =>
      request.method === "POST" ? { body: { output: "hello" } } : { status: 405 };
    expect(await (await login()).console("s1")).toBe("hello");
  });
});
