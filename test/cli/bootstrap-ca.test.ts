import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runBootstrapCa } from "../../cli/commands/bootstrap-ca";

let folder: string;
const said: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databridge-"));
  said.length = 0;
  jest.spyOn(console, "log").mockImplementation((text: string) => void said.push(text));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test("it makes three roots of trust, readable by their owner alone, and prints public parts and what comes next", async () => {
  const to = join(folder, "ca");
  expect(await runBootstrapCa(to)).toBe(0);
  const key = readFileSync(join(to, "ssh-user-ca.pub"), "utf8").split(" ").slice(0, 2).join(" ");
  expect(said.join("\n")).toContain(`databridge learn home trust.sshUserCa="${key}"`);
  expect(said.join("\n")).not.toContain("PRIVATE KEY");
  for (const secret of ["ssh-user-ca", "ssh-host-ca", "tls-root.key"])
    expect([secret, statSync(join(to, secret)).mode & 0o077]).toEqual([secret, 0]);
});

test("it never writes over what is there", async () => {
  const to = join(folder, "ca");
  await runBootstrapCa(to);
  const before = readFileSync(join(to, "tls-root.crt"), "utf8");
  await expect(runBootstrapCa(to)).rejects.toThrow("never written over");
  expect(readFileSync(join(to, "tls-root.crt"), "utf8")).toBe(before);
});

test("it refuses a folder inside the checkout, whether it is there or not", async () => {
  const inside = join(__dirname, "not", "there");
  await expect(runBootstrapCa(inside)).rejects.toThrow("is in the checkout");
  expect(existsSync(inside)).toBe(false);
});
