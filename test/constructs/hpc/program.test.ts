import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const role = join(__dirname, "..", "..", "..", "ansible", "roles", "hpc", "files");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databridge-hpc-"));
  for (const name of ["bin", "home", "there", "state"]) mkdirSync(at(name));
  // What would leave this machine is played.
  program("ssh", 'for command; do :; done\ncd "$HOME" && exec sh -c "$command"');
  program("ssh-keyscan", `cat ${at("scanned")} 2>/dev/null`);
  program("ecflow_client", "exit 1");
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (...names: readonly string[]) => join(folder, ...names);
const program = (name: string, text: string) =>
  writeFileSync(at("bin", name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
const me = execFileSync("id", ["-un"], { encoding: "utf8" }).trim();
const read = (name: string) => readFileSync(at(name), "utf8");

/** A key pair. @returns its public half without comment */
function keyPair(name: string): string {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", at(name)]);
  return read(`${name}.pub`).split(" ").slice(0, 2).join(" ").trim();
}
const fingerprint = (name: string) =>
  execFileSync("ssh-keygen", ["-lf", at(name)], { encoding: "utf8" }).split(" ")[1] ?? "";

/** One connection, about which more is said. */
function describedWith(more: object, fingerprints: readonly string[] = []) {
  const connection = {
    host: "polaris.example.org",
    user: "svc",
    as: me,
    key: at("key"),
    machines: ["polaris"],
    login: { kind: "registered-key", portal: "the portal" },
    state: at("state"),
    ...more,
  };
  const about = {
    ssh: at("ssh_config"),
    known: at("known"),
    fetched: at("fetched"),
    roots: at("roots"),
    machines: [{ alias: "polaris", hosts: ["polaris.example.org"], fingerprints }],
    connections: { polaris: connection },
  };
  writeFileSync(at("about.json"), JSON.stringify(about));
}

const environment = () => ({
  ...process.env,
  PLATFORM_HPC: at("about.json"),
  PLATFORM_HPC_CLIENT: join(role, "ecflow_client"),
  PATH: `${at("bin")}:${process.env.PATH}`,
  HOME: at("home"),
});

/** Runs the program for it, to its end. */
function runs(
  words: readonly string[],
  more: object = {},
  { input = "", fingerprints = [] as readonly string[] } = {},
) {
  describedWith(more, fingerprints);
  const { status, stdout, stderr } = spawnSync("python3", [join(role, "platform-hpc"), ...words], {
    encoding: "utf8",
    input,
    env: environment(),
  });
  return { status, stdout: stdout.trim(), told: stderr.trim() };
}

describe("host keys that are fetched", () => {
  const pin = (fingerprints: readonly string[]) => runs(["pin"], {}, { fingerprints });
  const shows = (...keys: readonly string[]) =>
    writeFileSync(at("scanned"), keys.map((key) => `# a comment\npolaris.example.org ${key}\n`).join(""));
  test("are kept if they are published, and no others are", () => {
    const [good, other] = [keyPair("good"), keyPair("other")];
    shows(other, good);
    expect(pin([fingerprint("good")])).toEqual({ status: 0, stdout: `changed: ${at("fetched")}`, told: "" });
    expect(read("fetched")).toBe(`polaris ${good}\n`);
    expect(pin([fingerprint("good")]).stdout).toBe("");
  });
  test("are none where a host shows none that is published, which is told aloud", () => {
    shows(keyPair("other"));
    keyPair("good");
    const { status, told } = pin([fingerprint("good")]);
    expect(status).toBe(1);
    expect(told).toContain(`SHOWS NONE OF THE KEYS THAT ARE PUBLISHED, but ${fingerprint("other")}`);
    expect(read("fetched")).toBe("");
  });
  test("stay while a host is away, and go when they are published no more", () => {
    const good = keyPair("good");
    shows(good);
    pin([fingerprint("good")]);
    rmSync(at("scanned"));
    expect(pin([fingerprint("good")])).toMatchObject({
      status: 1,
      stdout: "",
      told: "polaris: polaris.example.org does not answer at port 22",
    });
    expect(read("fetched")).toBe(`polaris ${good}\n`);
    keyPair("next");
    pin([fingerprint("next")]);
    expect(read("fetched")).toBe("");
  });
});

describe("whether one can log in", () => {
  beforeEach(() => {
    keyPair("key");
    writeFileSync(at("known"), `polaris ${keyPair("host")}\n`);
  });
  const answer = (text: string, code = 255) => {
    writeFileSync(at("answer"), text);
    program("ssh", `cat ${at("answer")} >&2; exit ${code}`);
  };
  test("is tried by a connection of its own", () => {
    program("ssh", `printf '%s\\n' "$@" > ${at("asked")}`);
    expect(runs(["check"])).toEqual({ status: 0, stdout: "polaris: logs in to polaris.example.org as svc", told: "" });
    expect(read("asked")).toContain("\nControlPath=none\npolaris\ntrue\n");
  });
  test.each([
    [
      "svc@polaris: Permission denied (publickey).",
      "does not let us in: the key is not registered, or not yet: the portal",
    ],
    [
      "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.",
      "shows another host key than is known",
    ],
    ["No ED25519 host key is known for polaris and you have requested strict checking.", "of which nothing is known"],
    ["ssh: connect to host polaris.example.org port 22: Connection timed out", "is not reached"],
    ["ssh: connect to host polaris.example.org port 22: Connection refused", "is not reached"],
    [
      "ssh: Could not resolve hostname polaris.example.org: Name or service not known",
      "is not known here by that name",
    ],
    [
      "** LUMI is in scheduled MAINTENANCE until 18:00 **\nConnection closed by 193.167.209.163 port 22",
      "is in maintenance",
    ],
    ["something new", "polaris.example.org: something new"],
  ])("is told in words: %s", (said, meant) => {
    answer(said);
    const { status, told } = runs(["check"]);
    expect(status).toBe(1);
    expect(told).toContain(meant);
    expect(told).toContain(said.split("\n")[0]);
  });
  test("is not tried without a host key, a key, or a certificate that holds", () => {
    answer("", 0);
    writeFileSync(at("known"), "");
    expect(runs(["check"]).told).toContain("no host key of polaris is known: platform-hpc pin fetches it");
    writeFileSync(at("known"), `polaris ${keyPair("again")}\n`);
    expect(runs(["check"], { key: at("none") }).told).toContain(
      "the agent of Vault brings it, once somebody has written it",
    );
    writeFileSync(at("cut"), read("key").slice(0, 100));
    expect(runs(["check"], { key: at("cut") }).told).toContain("no private key without a pass phrase");
    const login = { kind: "operator-certificate", ca: "https://ca.example.org", renewal: "person" };
    expect(runs(["check"], { login, certificate: at("key-cert.pub") }).told).toContain(
      "a person has it made by https://ca.example.org, and hands it to platform-hpc certify polaris",
    );
    keyPair("ca");
    execFileSync("ssh-keygen", ["-q", "-s", at("ca"), "-I", "x", "-n", "svc", "-V", "-2h:-1h", at("key.pub")]);
    expect(runs(["check"], { login, certificate: at("key-cert.pub") }).told).toMatch(/has ended at \d{4}-.*a person/);
  });
  test("is told of names that are there alone", () =>
    expect(runs(["check", "vega"])).toMatchObject({ status: 2, told: "vega: not one of polaris" }));
});

test("a tunnel that cannot be opened is told, and tried again: it does not end", async () => {
  program(
    "ssh",
    `echo "$*" >> ${at("asked")}; echo "Error: remote port forwarding failed for listen port 3141" >&2; exit 255`,
  );
  expect(runs(["tunnel", "polaris"]).told).toBe("polaris: jobs report otherwise");
  describedWith({ tunnel: "polaris-tunnel" });
  const running = spawn("python3", [join(role, "platform-hpc"), "tunnel", "polaris"], { env: environment() });
  const told = await new Promise((resolve) => {
    running.stderr.once("data", (text) => resolve(`${text}`));
    running.once("exit", (code) => resolve(`ended with ${code}`));
  });
  expect(told).toContain("polaris.example.org does not lend the port");
  expect([running.exitCode, read("asked")]).toEqual([null, `-F ${at("ssh_config")} polaris-tunnel\n`]);
  running.kill();
});

describe("a certificate that an operator makes for people", () => {
  const login = { kind: "operator-certificate", ca: "https://ca.example.org", renewal: "person" };
  const more = () => ({ login, certificate: at("key-cert.pub") });
  const certified = (validity: string, ...how: readonly string[]) => {
    if (!existsSync(at("ca"))) keyPair("ca");
    execFileSync("ssh-keygen", ["-q", "-s", at("ca"), "-I", "x", "-n", "svc", "-V", validity, ...how, at("mine.pub")]);
    return read("mine-cert.pub");
  };
  test("is for a key that is made here, and stays", () => {
    const made = runs(["key", "polaris"], more());
    expect(made.status).toBe(0);
    expect(statSync(at("key")).mode & 0o777).toBe(0o400);
    expect(runs(["key", "polaris"], more()).stdout).toBe(made.stdout);
    writeFileSync(at("mine.pub"), `${made.stdout}\n`);
    const input = certified("-1m:+12h");
    expect(runs(["certify", "polaris"], more(), { input })).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^changed: .* which holds until \d{4}-/),
    });
    expect(read("key-cert.pub")).toBe(input);
  });
  test("is not taken where it has ended, is for another key, or for a host", () => {
    writeFileSync(at("mine.pub"), `${runs(["key", "polaris"], more()).stdout}\n`);
    const taken = (input: string) => runs(["certify", "polaris"], more(), { input }).told;
    expect(taken(certified("-2h:-1h"))).toContain("has ended at");
    expect(taken(certified("-1m:+1h", "-h"))).toContain("is a certificate for no user");
    expect(taken("no certificate")).toContain("is no certificate");
    rmSync(at("mine.pub"));
    keyPair("mine");
    expect(taken(certified("-1m:+1h"))).toContain("is for another key");
    expect(existsSync(at("key-cert.pub"))).toBe(false);
  });
  test("is no matter where one logs in by a key", () =>
    expect(runs(["certify", "polaris"]).told).toContain("logs in by no certificate of an operator"));
});

describe("jobs", () => {
  const trusted = ".ecflowrc/ssl/server.crt";
  test("know servers of the platform, beside those of others", () => {
    writeFileSync(at("roots"), "ROOT ONE\n");
    mkdirSync(at("home", ".ecflowrc", "ssl"), { recursive: true });
    writeFileSync(at("home", trusted), "ROOT OF OTHERS\n");
    expect(runs(["trust"])).toEqual({ status: 0, stdout: "changed: ~/.ecflowrc/ssl/server.crt at polaris", told: "" });
    expect(runs(["trust"]).stdout).toBe("");
    writeFileSync(at("roots"), "ROOT TWO\n");
    runs(["trust"]);
    expect(
      read(`home/${trusted}`)
        .split("\n")
        .filter((line) => line.startsWith("ROOT")),
    ).toEqual(["ROOT OF OTHERS", "ROOT TWO"]);
  });
  test("know nobody before a root is learned", () =>
    expect(runs(["trust"]).told).toBe("polaris: no root of the platform's certificates has been learned yet"));

  describe("report by files", () => {
    const more = () => ({ reports: "files", spool: at("there", "reports"), client: at("there", "bin") });
    const report = (...words: readonly string[]) =>
      spawnSync(at("there", "bin", "ecflow_client"), words, {
        encoding: "utf8",
        env: {
          PATH: process.env.PATH,
          PLATFORM_REPORTS: at("there", "reports"),
          ECF_NAME: "/s/t",
          ECF_PASS: "word",
          ECF_TRYNO: "2",
          ECF_RID: "77",
        },
      });
    const server = (stats: string, others = "exit 0") =>
      program(
        "ecflow_client",
        `if [ "$1" = --stats ]; then echo "   Status                             ${stats}"; exit 0; fi\n` +
          `printf '[%s]' "$ECF_NAME" "$ECF_PASS" "$ECF_TRYNO" "$ECF_RID" "$ECF_DENIED" "$@" >> ${at("told")}; echo >> ${at("told")}; ${others}`,
      );
    const moved = () => readdirSync(at("state", "reports", "polaris"));
    beforeEach(() => {
      // As rsync does with --remove-source-files.
      program("rsync", 'for to; do from=$last; last=$to; done; mv "${from#*:}"*.report "$to" 2>/dev/null; exit 0');
      expect(runs(["trust"], more())).toMatchObject({ status: 0 });
    });
    test("which are told to their server in their order, as they were said", () => {
      server("RUNNING");
      for (const words of [
        ["--init=77"],
        ["--meter=step", "50"],
        ["--label=info", "half way, 'at' last"],
        ["--complete"],
      ])
        expect(report(...words).status).toBe(0);
      expect(runs(["collect"], more())).toEqual({ status: 0, stdout: "", told: "" });
      expect(read("told").trim().split("\n")).toEqual([
        "[/s/t][word][2][77][1][--init=77]",
        "[/s/t][word][2][77][1][--meter=step][50]",
        "[/s/t][word][2][77][1][--label=info][half way, 'at' last]",
        "[/s/t][word][2][77][1][--complete]",
      ]);
      expect([moved(), readdirSync(at("there", "reports"))]).toEqual([[], []]);
    });
    test("that nobody else reads", () => {
      report("--complete");
      const [file = ""] = readdirSync(at("there", "reports"));
      expect(statSync(at("there", "reports", file)).mode & 0o777).toBe(0o600);
      expect(statSync(at("there", "reports")).mode & 0o777).toBe(0o700);
    });
    test("and cannot ask: what would is refused at once", () => {
      for (const words of [["--wait=t == complete"], ["--queue=q", "active"], ["--ping"], []])
        expect(report(...words).status).toBe(1);
      expect(readdirSync(at("there", "reports"))).toEqual([]);
    });
    test("which wait while their server is halted or away, in their order", () => {
      report("--init=77");
      server("HALTED");
      expect(runs(["collect"], more()).told).toContain("they are told later");
      program("ecflow_client", "exit 1");
      report("--complete");
      expect(runs(["collect"], more()).told).toContain("they are told later");
      expect(readdirSync(at("there", "reports")).filter((name) => name.endsWith(".report"))).toHaveLength(2);
      server("RUNNING");
      runs(["collect"], more());
      expect(read("told").match(/--\w+/g)).toEqual(["--init", "--complete"]);
    });
    test("of which one that its server does not believe is told, and holds no other up", () => {
      report("--init=77");
      report("--complete");
      server("RUNNING", 'case "$1" in --init*) printf "zombie\\nECF_PASS = word\\n" >&2; exit 1;; esac');
      const { status, told } = runs(["collect"], more());
      expect([status, told]).toEqual([0, "/s/t --init=77: its server does not believe it: zombie"]);
      expect([moved(), read("told").match(/--\w+/g)]).toEqual([[], ["--init", "--complete"]]);
    });
    test.each([
      ["--terminate=yes"],
      ["--label=x", "y", "--halt=yes"],
      ["--init=7", "--terminate=yes"],
      ["--complete=--halt"],
      ["--meter=a", "-1"],
    ])("in which nobody commands the server: %p %p", (...words) => {
      server("RUNNING");
      writeFileSync(at("there", "reports", "1.report"), ["/s/t", "word", "1", "7", ...words, ""].join("\0"));
      expect(runs(["collect"], more()).told).toContain("thrown away, since it is no report of a job");
      expect(existsSync(at("told"))).toBe(false);
    });
  });

  describe("leave output", () => {
    const more = () => ({ output: at("there", "output") });
    beforeEach(() => program("rsync", `cat > ${at("names")}; printf '%s\\n' "$@" > ${at("asked")}; exit \${CODE:-0}`));
    test("of which what was written since the last time is copied, in one run", () => {
      mkdirSync(at("there", "output", "s"), { recursive: true });
      writeFileSync(at("there", "output", "s", "a file.1"), "text");
      execFileSync("touch", ["-d", "-30 days", at("there", "output", "old")]);
      execFileSync("truncate", ["-s", "70M", at("there", "output", "large")]);
      expect(runs(["fetch"], more())).toEqual({ status: 0, stdout: "", told: "" });
      expect(read("names")).toBe("s/a file.1\0");
      expect(read("asked")).toContain(`polaris:${at("there", "output")}/\n${at("there", "output")}/\n`);
      rmSync(at("names"));
      execFileSync("touch", ["-d", "-5 minutes", at("there", "output", "s", "a file.1")]);
      runs(["fetch"], more());
      expect(existsSync(at("names"))).toBe(false);
    });
    test("which is copied again where that failed", () => {
      mkdirSync(at("there", "output"), { recursive: true });
      writeFileSync(at("there", "output", "a.1"), "text");
      program("rsync", "cat > /dev/null; echo broken >&2; exit 12");
      expect(runs(["fetch"], more())).toMatchObject({ status: 1, told: "polaris: broken" });
      expect(existsSync(at("state", "polaris.fetched"))).toBe(false);
    });
    test("nowhere yet, at first", () => expect(runs(["fetch"], more())).toEqual({ status: 0, stdout: "", told: "" }));
  });
});
