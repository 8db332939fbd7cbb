import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parse } from "yaml";
import { filesOf } from "../../../constructs/files";
import { ecflowCommands, writtenByLogins } from "../../../constructs/hpc/ecflow";
import { bastion, ecflow, proxy } from "../../../constructs/specs";
import type { SupercomputerFacts } from "../../../model/site/supercomputer";
import {
  copiedEvery,
  hours,
  logServer,
  minutes,
  operatorCertificate,
  person,
  registeredKey,
  service,
  shared,
  signedKey,
  tunnel,
} from "../../../model/vocabulary";
import { learned, north, tenancy } from "../../model/platform";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databridge-hpc-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const fingerprint = `SHA256:${"A".repeat(43)}`;
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKxmFPPkLtHkgmbJG9pqvyxLGM1uBdPmMFSCZ9o1yDMF";
const submits = [bastion(), proxy(), ecflow("prod", { submitsTo: ["polaris"], standby: true, relayPort: 3200 })];

/** `north` with other facts about its supercomputer. */
function platform(facts: Partial<SupercomputerFacts>, environment: "production" | "experiments" = "production") {
  const { supercomputer, ...rest } = north({ [environment]: tenancy({ environment, runs: submits }) });
  if (!supercomputer) throw new Error("north has a supercomputer");
  const site = { ...rest, supercomputer: { ...supercomputer, facts: { ...supercomputer.facts, ...facts } } };
  return learned([site]);
}

function filesAt(facts: Partial<SupercomputerFacts> = {}, host = "ecflow-prod", environment?: "experiments") {
  const { registers, problems } = platform(facts, environment);
  expect(problems).toEqual([]);
  const [place] = registers.places;
  const entry = place?.hosts.find(({ name }) => name === host);
  if (!place || !entry) throw new Error("no such host");
  const files = filesOf(entry, place, registers).filter(({ role }) => role === "hpc");
  const text = (path: string) => files.find((file) => file.path === path)?.text ?? "";
  return {
    text,
    paths: files.map(({ path }) => path),
    commands: ecflowCommands(entry, place, registers),
    entry,
    place,
    registers,
  };
}

const hpc = (name: string) => `/etc/platform/hpc/${name}`;
const unit = (name: string) => `/etc/systemd/system/${name}`;

/** How ssh understands a host of a file. */
function understood(text: string, host: string): ReadonlyMap<string, string> {
  const file = join(folder, "ssh_config");
  writeFileSync(file, text);
  const lines = execFileSync("ssh", ["-G", "-F", file, host], { encoding: "utf8" }).trim().split("\n");
  return new Map(lines.map((line) => [line.replace(/ .*/, ""), line.replace(/^\S+ ?/, "")]));
}

describe("ssh", () => {
  test("logs in by the key of the environment alone, asks nobody, and takes no key unseen", () => {
    const { text } = filesAt();
    const is = understood(text(hpc("ssh_config")), "polaris");
    expect(Object.fromEntries(is)).toMatchObject({
      hostname: "polaris.example.org",
      hostkeyalias: "polaris",
      user: "svc",
      identityfile: "/etc/platform/hpc/polaris",
      identitiesonly: "yes",
      batchmode: "yes",
      stricthostkeychecking: "true",
      userknownhostsfile: "/var/lib/platform-hpc/known_hosts",
      globalknownhostsfile: "/etc/platform/hpc/known_hosts",
      controlmaster: "auto",
      controlpersist: "600",
      connecttimeout: "15",
      serveraliveinterval: "30",
      preferredauthentications: "publickey",
      forwardagent: "no",
    });
    expect(is.get("controlpath")).toMatch(/^\/run\/hpc-[a-z]+\/[0-9a-f]{40}$/);
    expect(is.has("certificatefile")).toBe(false);
  });
  test.each([
    [
      "the operator",
      operatorCertificate({ ca: "https://ca.example.org", fingerprint: "ab", lifetime: hours(12), renewal: "person" }),
    ],
    ["our Vault", signedKey(hours(12))],
  ])("shows the certificate that %s made", (_, auth) => {
    const is = understood(filesAt({ auth, agreement: "A-1" }).text(hpc("ssh_config")), "polaris");
    expect([is.get("identityfile"), is.get("certificatefile")]).toEqual([
      "/etc/platform/hpc/polaris",
      "/etc/platform/hpc/polaris-cert.pub",
    ]);
  });
  test("passes by a host that stands before, which it knows by keys of its own", () => {
    const jump = { host: "gate.example.org", login: shared("198.51.100.9"), hostKeys: [key], user: "gate" };
    const { text, registers } = filesAt({ jump, hostKeys: [key] });
    expect(understood(text(hpc("ssh_config")), "polaris").get("proxyjump")).toBe("polaris-jump");
    expect(Object.fromEntries(understood(text(hpc("ssh_config")), "polaris-jump"))).toMatchObject({
      hostname: "gate.example.org",
      hostkeyalias: "polaris-jump",
      user: "gate",
      identityfile: "/etc/platform/hpc/polaris",
    });
    const to = registers.flows.find(({ as }) => as !== undefined)?.to;
    expect(to && "addresses" in to && to.addresses.map(({ name }) => name)).toEqual(["198.51.100.9/32"]);
  });
  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?$/);
  test("understands whatever names of hosts and users a site file may have", () => {
    fc.assert(
      fc.property(word, word, fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,12}$/), (host, domain, user) => {
        const accounts = { production: { ...service(user, "p"), work: "/scratch/p" } };
        const { text } = filesAt({ host: `${host}.${domain}.org`, accounts });
        const is = understood(text(hpc("ssh_config")), "polaris");
        expect([is.get("hostname"), is.get("user")]).toEqual([`${host}.${domain}.org`, user]);
      }),
      { numRuns: 15 },
    );
  });
  test("knows keys that are stated in full, by the name of the supercomputer", () => {
    const file = join(folder, "known_hosts");
    writeFileSync(file, filesAt({ hostKeys: [fingerprint, key] }).text(hpc("known_hosts")));
    const found = execFileSync("ssh-keygen", ["-l", "-F", "polaris", "-f", file], { encoding: "utf8" });
    expect(found).toContain("\npolaris ED25519 SHA256:");
    expect(() => execFileSync("ssh-keygen", ["-F", "polaris.example.org", "-f", file])).toThrow();
  });
});

test("keys that a site file may state are found in known_hosts, each with its fingerprint", () => {
  const blob = (bytes: Uint8Array) =>
    Buffer.concat([
      Buffer.from([0, 0, 0, 11]),
      Buffer.from("ssh-ed25519"),
      Buffer.from([0, 0, 0, 32]),
      Buffer.from(bytes),
    ]);
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(fc.uniqueArray(bytes, { minLength: 1, maxLength: 3, selector: (each) => each.join() }), (keys) => {
      const blobs = keys.map(blob);
      const file = join(folder, "known_hosts");
      const { text } = filesAt({ hostKeys: blobs.map((each) => `ssh-ed25519 ${each.toString("base64")}`) });
      writeFileSync(file, text(hpc("known_hosts")));
      const found = execFileSync("ssh-keygen", ["-l", "-F", "polaris", "-f", file], { encoding: "utf8" });
      const prints = blobs.map((each) => createHash("sha256").update(each).digest("base64").replace(/=+$/, ""));
      expect(found.match(/SHA256:\S+/g)).toEqual(prints.map((print) => `SHA256:${print}`));
    }),
    { numRuns: 10 },
  );
});

describe("Troika", () => {
  const sites = (facts: Partial<SupercomputerFacts>, environment?: "experiments") =>
    parse(filesAt(facts, "ecflow-prod", environment).text(hpc("troika.yml"))).sites;
  test("has a site for the supercomputer, and tells ssh to take no key unseen", () => {
    expect(sites({}).polaris).toMatchObject({
      type: "slurm",
      connection: "ssh",
      host: "polaris",
      user: "svc",
      ssh_strict_host_key_checking: true,
      ssh_options: ["-F", "/etc/platform/hpc/ssh_config"],
      unknown_directive: "fail",
      post_kill: ["abort_on_ecflow"],
    });
  });
  test("has a site for each person beside, in experiments alone", () => {
    const people = { jdoe: { ...person("doejohn", "p"), work: "/scratch/doe" } };
    const accounts = { production: { ...service("svc", "p"), work: "/scratch/p" } };
    expect(Object.keys(sites({ people, accounts }))).toEqual(["polaris", "localhost"]);
    expect(Object.keys(sites({ people, accounts }, "experiments"))).toEqual(["polaris-jdoe", "localhost"]);
    expect(sites({ people, accounts }, "experiments")["polaris-jdoe"].user).toBe("doejohn");
  });
});

describe("an ecFlow server", () => {
  test("is told commands without quotes, each in one line", () => {
    const { commands, entry, place, registers } = filesAt();
    expect(commands).toEqual({
      ECF_JOB_CMD: "/usr/local/bin/troika submit -o %ECF_JOBOUT% %SCHOST% %ECF_JOB%",
      ECF_KILL_CMD: "ECF_DENIED=1 /usr/local/bin/troika kill -o %ECF_JOBOUT% %SCHOST% %ECF_JOB%",
      ECF_STATUS_CMD: "/usr/local/bin/troika monitor -o %ECF_JOBOUT% %SCHOST% %ECF_JOB%",
    });
    expect(writtenByLogins(entry, place, registers)).toEqual(["/run/hpc-ecflow"]);
  });
  test("that logs in nowhere is told none, and has no file of it", () => {
    const { registers } = learned([north({ production: tenancy({ runs: [bastion(), proxy(), ecflow("own")] }) })]);
    const [place] = registers.places;
    for (const host of place?.hosts ?? []) {
      expect(place && ecflowCommands(host, place, registers)).toEqual({});
      expect(place && filesOf(host, place, registers).filter(({ role }) => role === "hpc")).toEqual([]);
    }
  });
});

describe("jobs report", () => {
  const site = (facts: Partial<SupercomputerFacts>) => filesAt(facts).text(hpc("include/site-polaris.h"));
  test("to the relay of the bridge, by its public address and its port, where they reach it", () =>
    expect(site({})).toMatch(/^export ECF_HOST=203\.0\.113\.\d+ ECF_PORT=3200 ECF_SSL=1\n$/));
  test("to a login node, from which a tunnel leads to the server and not to the one that waits", () => {
    const facts = { jobs: { callback: tunnel("login3.example.org", "login3") } };
    expect(site(facts)).toBe("export ECF_HOST=login3 ECF_PORT=3141 ECF_SSL=1\n");
    const { text, paths } = filesAt(facts);
    expect(Object.fromEntries(understood(text(hpc("ssh_config")), "polaris-tunnel"))).toMatchObject({
      hostname: "login3.example.org",
      hostkeyalias: "polaris",
      user: "svc",
      controlmaster: "false",
      exitonforwardfailure: "yes",
      sessiontype: "none",
      remoteforward: "[*]:3141 [localhost]:3141",
    });
    expect(paths).toContain(unit("hpc-polaris-tunnel.service"));
    expect(filesAt(facts, "ecflow-prod-standby").paths).not.toContain(unit("hpc-polaris-tunnel.service"));
  });
  test("as files, which the host fetches each minute", () => {
    const base = "/scratch/project/databridge/north-production/ecflow-prod";
    const { text, paths } = filesAt({ jobs: { callback: "poll" } });
    expect(text(hpc("include/site-polaris.h"))).toBe(
      `export PLATFORM_REPORTS=${base}/reports PATH=${base}/bin:$PATH\n`,
    );
    expect(text(unit("hpc-collect-ecflow.timer"))).toContain("\nOnCalendar=minutely\n");
    expect(text(unit("hpc-collect-ecflow.service"))).toContain(
      "\nEnvironmentFile=/etc/platform/ecflow-prod/environment\n",
    );
    expect(paths.filter((path) => path.includes("tunnel"))).toEqual([]);
  });
  test("with the client of a module, or of a folder", () => {
    expect(site({ jobs: { ecflow: "ecflow/5.15.8" } })).toContain("\nmodule load ecflow/5.15.8\n");
    expect(site({ jobs: { ecflow: "/appl/local/destine/bin" } })).toContain(
      "export PATH=/appl/local/destine/bin:$PATH\n",
    );
  });
  test("from compute nodes to the relay only where they do so", () => {
    const from = (facts: Partial<SupercomputerFacts>) =>
      platform(facts).registers.flows.filter((flow) => "theirs" in flow.from && flow.from.theirs === "polaris.compute");
    expect(from({})).toHaveLength(1);
    expect(from({ jobs: { callback: "poll" } })).toEqual([]);
    expect(from({ jobs: { callback: tunnel("login3.example.org", "login3") } })).toEqual([]);
  });
});

describe("output of jobs", () => {
  const base = "/scratch/project/databridge/north-production/ecflow-prod";
  test("is copied to the same path on the host, on its volume, by the server that does not wait", () => {
    const { text } = filesAt({ jobs: { output: copiedEvery(minutes(10)) } });
    expect(text(unit("hpc-fetch-ecflow.timer"))).toContain("\nOnCalendar=*:0/10\n");
    expect(text("/etc/tmpfiles.d/platform-hpc.conf").split("\n").slice(1)).toEqual([
      "d /run/hpc-ecflow 0700 ecflow ecflow -",
      "e /srv/home/jobs/polaris 0750 ecflow ecflow 30d",
      `L+ ${base}/output - - - - /srv/home/jobs/polaris`,
      "",
    ]);
    expect(JSON.parse(text(hpc("suites.json"))).polaris.ECF_OUT).toBe(`${base}/output`);
    expect(filesAt({}, "ecflow-prod-standby").paths).not.toContain(unit("hpc-fetch-ecflow.timer"));
  });
  test("stays where a log server shows it", () => {
    const { text, paths } = filesAt({ jobs: { output: logServer("logs.example.org") } });
    expect(JSON.parse(text(hpc("suites.json"))).polaris).toMatchObject({
      ECF_LOGHOST: "logs.example.org",
      ECF_LOGPORT: "9316",
    });
    expect(paths.filter((path) => path.includes("fetch"))).toEqual([]);
  });
});

test("the key belongs to the account that logs in; of each person it is another secret", () => {
  const people = { jdoe: { ...person("doejohn", "p"), work: "/scratch/doe" } };
  const { registers, problems } = platform({ people, auth: registeredKey("hpc/polaris") }, "experiments");
  expect(problems).toEqual([]);
  const read = registers.secrets.flatMap(({ path, readers }) => readers.map(({ file, owner }) => [path, file, owner]));
  expect(read.filter(([path]) => path?.includes("/hpc/"))).toEqual([
    ["experiments/hpc/polaris-jdoe", "/etc/platform/hpc/polaris-jdoe", "ecflow"],
  ]);
});
