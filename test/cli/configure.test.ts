import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./command";

let checkout: Checkout;
beforeAll(() => {
  checkout = new Checkout();
  const root = join(__dirname, "../..");
  for (const part of ["ansible", "exporters", ".gitignore"])
    cpSync(join(root, part), join(checkout.folder, part), { recursive: true });
  expect(checkout.databridge("synth").code).toBe(0);
});
afterAll(() => checkout.remove());

const git = (...args: readonly string[]) =>
  spawnSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
    cwd: checkout.folder,
    encoding: "utf8",
  }).stdout.trim();
const commitAll = (message: string): void => {
  git("add", "--all", "--", "sites", "synthesized", "ansible", "exporters", ".gitignore");
  git("commit", "--quiet", "--message", message);
};
const configure = () => {
  const { code, out } = checkout.databridge("configure", "north", "--json");
  return { code, ...JSON.parse(out) };
};

test("hosts of production get what a commit has, and the report names it", () => {
  expect(configure().problems).toEqual([
    expect.objectContaining({ path: "configure", fix: "work in a checkout of the repository" }),
  ]);
  git("init", "--quiet");
  expect(configure().problems).toEqual([expect.objectContaining({ fix: expect.stringContaining("commit it") })]);
  commitAll("all");
  const { code, commit, hosts, blocked, problems } = configure();
  expect([code, problems, commit, hosts]).toEqual([1, undefined, git("rev-parse", "HEAD"), []]);
  expect(blocked[0]).toEqual({ id: "north-production-bastion", why: expect.stringContaining("host key") });
});

test("what keeps a command from its work is told of the command, and of no site file", () => {
  appendFileSync(join(checkout.folder, "ansible", "site.yml"), "# more\n");
  expect(checkout.databridge("configure", "north").err).toMatch(
    /^databridge configure: 1 problem, nothing was written\n/,
  );
  git("checkout", "--", "ansible");
});

test("hosts of a tenancy that is held are left as they are, which is no failure, and may be looked at", () => {
  const stack = "north-production-tenancy";
  const day = { DATABRIDGE_TODAY: "2031-01-01" };
  expect(checkout.databridgeWith(day, "hold", stack, "--reason", "it moves", "--until", "2031-06-01").code).toBe(0);
  expect(checkout.databridge("synth").code).toBe(0);
  commitAll("held");
  const { code, held, blocked, hosts } = configure();
  expect([code, blocked, hosts]).toEqual([0, [], []]);
  const why = expect.stringMatching(/^held until 2031-06-01 by .+: it moves$/);
  expect(held).toContainEqual({ id: "north-production-bastion", why });
  expect(held).toHaveLength(4);
  expect(checkout.databridge("configure", "north").out).toMatch(/north-production-bastion +left as it is: held until/);
  const looked = JSON.parse(checkout.databridge("configure", "north", "--check", "--json").out);
  expect([looked.held, looked.blocked.length]).toEqual([[], 4]);
  expect(checkout.databridge("release", stack).code).toBe(0);
  expect(checkout.databridge("synth").code).toBe(0);
  commitAll("released");
  expect(configure()).toMatchObject({ code: 1, held: [] });
});

test("what is otherwise than committed is refused by its name, and may be looked at", () => {
  const changed = ["ansible/roles/users/tasks/main.yml", "exporters/ecflow/platform-ecflow-exporter"];
  for (const file of changed) appendFileSync(join(checkout.folder, file), "# more\n");
  expect(configure().problems).toEqual([expect.objectContaining({ path: "configure", value: changed.join(", ") })]);
  expect(JSON.parse(checkout.databridge("configure", "north", "--check", "--json").out).problems).toBeUndefined();
  git("checkout", "--", "ansible", "exporters");
  rmSync(join(checkout.folder, "synthesized", "hosts"), { recursive: true });
  expect(configure().problems.map(({ path }: { path: string }) => path)).toContain("synthesized");
});

test("Ansible has a copy of files and inventory, which nothing that is synthesized meanwhile changes", () => {
  const key = "ssh-ed25519 AAAA";
  for (const value of ["public.bastion=203.0.113.5", `hostKeys.bastion=${key}`])
    expect(checkout.databridge("learn", "north", `production.${value}`).code).toBe(0);
  const cache = join(checkout.folder, "cache");
  const programs = join(cache, "data-bridge-cdk", "ansible-2.19.14", "bin");
  spawnSync("sh", ["-c", `mkdir -p ${programs} && touch ${programs}/../installed`]);
  const script = `#!/bin/sh\nwhile [ "$1" != --inventory ]; do shift; done; "$2"\n`;
  spawnSync("sh", ["-c", `cat > ${programs}/ansible-playbook; chmod +x ${programs}/ansible-playbook`], {
    input: script,
  });
  const { code, out } = checkout.databridgeWith({ XDG_CACHE_HOME: cache }, "configure", "north", "--check", "--json");
  expect([code, JSON.parse(out).errors]).toEqual([1, ["Ansible did nothing at north-production-bastion"]]);
  const work = join(checkout.folder, ".databridge", "configure", "north");
  const log = readFileSync(join(work, "configure.log"), "utf8");
  const { _meta } = JSON.parse(log.slice(log.indexOf("\n{") + 1));
  const folder = _meta.hostvars["north-production-bastion"].databridge_folder;
  expect(folder).toBe(join(work, "files", "north-production-bastion"));
  expect(existsSync(join(folder, "etc", "ssh", "sshd_config"))).toBe(true);
});
