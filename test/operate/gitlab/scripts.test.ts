import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../../..");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databridge-ci-"));
  for (const name of ["bin", "tmp"]) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program of this name that notes its words, then does this. */
function program(name: string, does: string): void {
  const file = join(folder, "bin", name);
  writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> "${folder}/called"\n${does}\n`);
  chmodSync(file, 0o755);
}
const called = (): string => readFileSync(join(folder, "called"), "utf8");
/** Runs lines as GitLab's runner does. */
const run = (script: string, env: Readonly<Record<string, string>>) =>
  spawnSync("bash", ["--norc", "-eo", "pipefail", "-c", script], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: `${join(folder, "bin")}:${process.env.PATH}`, TMPDIR: join(folder, "tmp"), ...env },
  });

describe(".ci/login", () => {
  const env = { VAULT_SERVER_URL: "https://vault.example.org", VAULT_ID_TOKEN: "a.jwt.of-this-job", CI_JOB_ID: "7" };
  const login = (then: string) =>
    run(`trap 'ssh-agent -k > /dev/null' EXIT\n. ${root}/.ci/login team north-production\n${then}`, env);
  const asVault = `
case "$*" in
  *pipelines/login*) cat > "\${0%/bin/bao}/stdin"; echo a-token ;;
  *) [ "$VAULT_TOKEN" = a-token ] && echo signed ;;
esac`;
  beforeEach(() => program("ssh-add", "exit 0"));

  test("hands the token of the job over where no other process reads it", () => {
    program("bao", asVault);
    const { status, stdout, stderr } = login('echo "$VAULT_ADDR $VAULT_TOKEN"');
    expect([status, stdout, stderr]).toEqual([0, "https://vault.example.org a-token\n", ""]);
    expect(called()).toContain("auth/pipelines/login role=team jwt=-\n");
    expect(called()).not.toContain(env.VAULT_ID_TOKEN);
    expect(readFileSync(join(folder, "stdin"), "utf8")).toBe(env.VAULT_ID_TOKEN);
  });
  test("has two keys signed, hands them to an agent, and leaves no file", () => {
    program("bao", asVault);
    expect(login("true").status).toBe(0);
    for (const account of ["jump", "ansible"]) {
      expect(called()).toMatch(
        new RegExp(`ssh/sign/${account}-north-production .* valid_principals=${account}@north-production`),
      );
      expect(called()).toMatch(new RegExp(`ssh-add -q .*/${account}\n`));
    }
    expect(filesOf("tmp")).toEqual([]);
  });
  test.each([
    ["Vault lets nobody in", "exit 2", /^bao write -field=token .*\n$/],
    ["a key is not signed", `${asVault.replace("&& echo signed", "&& exit 3")}`, /ssh\/sign\/jump/],
  ])("where %s it fails, goes no further, and leaves no file", (_, does, tried) => {
    program("bao", does);
    const { status, stdout } = login("echo went on");
    expect([status !== 0, stdout]).toEqual([true, ""]);
    expect(called()).toMatch(tried);
    expect(called()).not.toContain("ansible");
    expect(filesOf("tmp")).toEqual([]);
  });
  /** Agents have a folder of their own for their socket. */
  const filesOf = (name: string) => readdirSync(join(folder, name)).filter((each) => !each.startsWith("ssh-"));
});

describe(".ci/push", () => {
  const env = { CI_PROJECT_URL: "https://git.example.org/a/b", CI_COMMIT_REF_NAME: "main", CI_COMMIT_SHA: "c0ffee" };
  const push = (more: Readonly<Record<string, string>>) =>
    run(`${root}/.ci/push oci://registry.example.org/platform/north:test north-test-tenancy north-test-modules`, {
      ...env,
      ...more,
    });
  beforeEach(() => {
    for (const stack of ["north-test-tenancy", "north-test-modules", "north-production-tenancy"]) {
      mkdirSync(join(folder, "cdktf.out/stacks", stack), { recursive: true });
      writeFileSync(join(folder, "cdktf.out/stacks", stack, "cdk.tf.json"), "{}");
    }
    writeFileSync(join(folder, "config"), '{"auths":{}}');
    program("flux", `[ -f "$DOCKER_CONFIG/config.json" ] && (cd "$5" && find . -type f | sort) > "${folder}/pushed"`);
  });

  test("pushes these stacks alone, as of which commit, by what it logs in with", () => {
    program("npx", "exit 0");
    const { status, stderr } = push({ DATABRIDGE_REGISTRY: join(folder, "config") });
    expect([status, stderr]).toEqual([0, ""]);
    expect(readFileSync(join(folder, "pushed"), "utf8").trim().split("\n")).toEqual([
      "./stacks/north-test-modules/cdk.tf.json",
      "./stacks/north-test-tenancy/cdk.tf.json",
    ]);
    expect(called()).toMatch(
      /^flux push artifact oci:\/\/registry\.example\.org\/platform\/north:test --path \S+ --source https:\/\/git\.example\.org\/a\/b --revision main@sha1:c0ffee$/m,
    );
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  });
  test("pushes nothing where the output is not what reviewers have read, or nothing says by what it may", () => {
    program("npx", "exit 1");
    expect(push({ DATABRIDGE_REGISTRY: join(folder, "config") }).status).toBe(1);
    const { status, stderr } = push({});
    expect([status !== 0, stderr]).toEqual([true, expect.stringContaining("DATABRIDGE_REGISTRY")]);
    expect(existsSync(join(folder, "pushed"))).toBe(false);
  });
});
