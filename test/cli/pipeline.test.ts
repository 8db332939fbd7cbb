import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { Checkout } from "./command";

const checkout = new Checkout();
afterAll(() => checkout.remove());

const path = (...parts: string[]): string => join(checkout.folder, ...parts);
function git(...args: readonly string[]): void {
  const who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
  const { status, stderr } = spawnSync("git", [...who, ...args], { cwd: checkout.folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}
function write(file: string, text: string): void {
  mkdirSync(dirname(path(file)), { recursive: true });
  writeFileSync(path(file), text);
}
const stack = "north-production-tenancy";
/** That a plan of a stack was kept. */
function planned(name: string, isEmpty: boolean): void {
  const noted = { stack: name, engine: "tofu", version: "1.12.0", input: "i", digest: "d", reviewed: "r", isEmpty };
  write(`plans/${name}.json`, "{}");
  write(`plans/${name}.manifest.json`, JSON.stringify(noted));
}
const pipeline = (...args: readonly string[]) => checkout.databridge("pipeline", "gitlab", ...args);
/** Jobs of what is to be done, for what differs from the first commit. */
function jobs(): readonly string[] {
  const { code, out, err } = pipeline("--plans", "plans", "--base", "HEAD");
  if (code !== 0) throw new Error(err);
  const { default: _, variables: __, stages: ___, ...all } = parse(out);
  return Object.keys(all).sort();
}

beforeAll(() => {
  const issuer = 'issuer: "https://git.example.org", audience: "platform"';
  const north = readFileSync(path("sites/north.ts"), "utf8");
  const identity = `identity: { people: { ${issuer} }, pipelines: { ${issuer}, projects: ["a/b"] } },`;
  write("sites/north.ts", north.replace('country: "FI",', `country: "FI",\n  ${identity}`));
  expect(checkout.databridge("synth")).toMatchObject({ code: 0, err: "" });
  checkout.databridge("lock");
  write("ansible/roles/x/tasks/main.yml", "[]\n");
  write("ansible/README.md", "one\n");
  write(".gitignore", "node_modules\n.build\ncdktf.out\npackages\nplans\n");
  git("init", "-q");
  git("add", "-A");
  git("commit", "-q", "-m", "first");
});
beforeEach(() => planned(stack, true));
afterEach(() => {
  rmSync(path("plans"), { recursive: true, force: true });
  git("reset", "-q", "--hard");
});

test("where nothing differs, and plans do nothing, there is nothing to do", () => expect(jobs()).toEqual(["nothing"]));

test("a plan that does something is applied", () => {
  planned(stack, false);
  expect(jobs()).toEqual([`apply ${stack}`, "learn north"]);
});

test("hosts are configured where their files, what Ansible does or what was learned of them differs", () => {
  const [host = ""] = readdirSync(path("synthesized/hosts")).filter((name) => name.startsWith("north-"));
  const files = readdirSync(path("synthesized/hosts", host), { recursive: true, encoding: "utf8" });
  const file = files.find((name) => name.endsWith(".conf")) ?? "";
  write(join("synthesized/hosts", host, file), "# another\n");
  expect(jobs()).toEqual(["configure north"]);
  git("reset", "-q", "--hard");
  write("ansible/README.md", "another\n");
  expect(jobs()).toEqual(["nothing"]);
  write("ansible/roles/x/tasks/main.yml", "[{}]\n");
  expect(jobs()).toEqual(["configure north", "configure south"]);
  git("reset", "-q", "--hard");
  const lock = JSON.parse(readFileSync(path("sites/south.lock.json"), "utf8"));
  write("sites/south.lock.json", JSON.stringify({ ...lock, learned: { production: { router: "203.0.113.9" } } }));
  expect(jobs()).toEqual(["configure south"]);
});

test("what is no plan that was kept is told with its path, and nothing is rendered", () => {
  write("plans/package.json", "{}");
  planned("south-production-tenancy", true);
  write("plans/south-production-tenancy.manifest.json", '{"stack": "south-prod');
  const { code, out, err } = pipeline("--plans", "plans", "--base", "HEAD");
  expect([code, out]).toEqual([1, ""]);
  expect(err).toMatch(/plans\/package\.json[\s\S]*of no stack[\s\S]*deploy --plan-only kept/);
  expect(err).toMatch(/plans\/south-production-tenancy\.json[\s\S]*cannot be read[\s\S]*plan it once more/);
  expect(err).not.toMatch(/SyntaxError|plans\/north/);
});

test.each([
  [["--plans", "plans"], "go with each other"],
  [["--base", "HEAD"], "go with each other"],
  [["--plans", "nowhere", "--base", "HEAD"], "there are no plans in nowhere"],
  [["--plans", "plans", "--base", "nothing"], 'there is no commit "nothing"'],
])("%j is refused", (args, why) => {
  const { code, err } = pipeline(...args);
  expect([code, err]).toEqual([2, expect.stringContaining(why)]);
});

test("where no note can be written, it says which variable GitLab withholds", () => {
  cpSync(path("package.json"), path("packet.md"));
  const env = {
    CI_API_V4_URL: "https://git.example.org",
    CI_PROJECT_ID: "1",
    CI_MERGE_REQUEST_IID: "2",
    GITLAB_NOTE_TOKEN: "",
  };
  const { code, out } = checkout.databridgeWith(env, "pipeline", "note", "packet.md");
  expect([code, out]).toEqual([0, expect.stringMatching(/GITLAB_NOTE_TOKEN not set, or protected/)]);
  rmSync(path("packet.md"));
});
