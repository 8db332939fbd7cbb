import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { type Closed, closedAt, closuresOf, minuteText } from "../../model/hours";
import { calendarSchema } from "../../model/words/calendar";

const program = join(__dirname, "../../hpc/program");

/** What the program's own functions make of cases, all in one run. @param script gives `answer` of each `case` */
function asked(script: string, cases: readonly unknown[]): readonly unknown[] {
  const text = `import json, sys\nsys.path.insert(0, ${JSON.stringify(program)})\n${script}\nprint(json.dumps([answer(case) for case in json.load(sys.stdin)]))`;
  const input = JSON.stringify(cases);
  const { status, stdout, stderr } = spawnSync("python3", ["-B", "-c", text], { encoding: "utf8", input });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const said = (closed: Closed | undefined) => (closed ? `${closed.why}; opens ${minuteText(closed.opens)}` : "");

test("nothing is published when the calendar of the model says that nothing may be interrupted", () => {
  const day = fc.date({ min: new Date("2026-01-01"), max: new Date("2026-01-20"), noInvalidDate: true });
  const clock = fc.integer({ min: 0, max: 1439 }).map((m) => new Date(m * 60_000).toISOString().slice(11, 16));
  const period = fc.tuple(day, day).map((days) => {
    const [from, to] = days.map((each) => each.toISOString().slice(0, 10)).sort();
    return { from, to, why: "frozen" };
  });
  const calendar = fc.record({
    forecast: fc.option(
      fc
        .tuple(clock, clock)
        .filter(([a, b]) => a !== b)
        .map((both) => both.join("-")),
      { nil: undefined },
    ),
    freezes: fc.array(period, { maxLength: 2 }),
  });
  const samples = fc.sample(fc.tuple(calendar, day), { numRuns: 400, seed: 11 });
  const found = asked(
    "from hours import Closed, closed\nrules = lambda each: [Closed(r['why'], r.get('daily') and tuple(r['daily']), r.get('days') and tuple(r['days'])) for r in each]\nanswer = lambda case: closed(rules(case['rules']), case['now'])",
    samples.map(([{ forecast, freezes }, now]) => ({
      now: now.getTime() / 1000,
      rules: closuresOf({ calendar: calendarSchema.parse({ forecast, freezes }) }),
    })),
  );
  const expected = samples.map(([is, now]) => said(closedAt({ calendar: calendarSchema.parse(is) }, now)));
  expect(found).toEqual(expected);
  expect(expected.filter((each) => each === "").length).toBeGreaterThan(50);
  expect(expected.filter((each) => /; .*; opens/.test(each)).length).toBeGreaterThan(5);
});

const history = (...events: readonly (readonly [number, string, string])[]) =>
  events.map(([time, what, digest]) => ({ time, what, digest }));
const seen = `
from seen import Event, Running, Seen
def seen_of(case):
    made = Seen(link=case.get("link"), releases=case.get("releases", {}), work=case.get("work", []), held=case.get("held", {}), marks=case.get("marks", {}))
    made.history = [Event(e["time"], e["what"], e["digest"], "who") for e in case.get("history", [])]
    mark = case.get("mark", "m")
    made.failed.update({kind: [f"{i} {mark if of == 'same' else of} x" for i, of in enumerate(marks)] for kind, marks in case.get("failed", {}).items()})
    made.jobs = {kind: Running(id, "out", "RUNNING") for kind, id in case.get("jobs", {}).items()}
    return made
`;

describe("retention", () => {
  const all = { aaaaaaaaaaaa: true, bbbbbbbbbbbb: true, cccccccccccc: true, dddddddddddd: true };
  const moves = history(
    [100, "published", "aaaaaaaaaaaa"],
    [200, "published", "bbbbbbbbbbbb"],
    [300, "published", "cccccccccccc"],
  );
  const now = 10_000;
  const case_ = (is: object) => ({
    link: "releases/cccccccccccc",
    releases: all,
    work: Object.keys(all),
    history: moves,
    keep: 1,
    used: 0,
    pinned: [],
    now,
    ...is,
  });
  test.each<[string, object, readonly string[]]>([
    ["leaves what is current, wanted and the last published", {}, ["aaaaaaaaaaaa", "bbbbbbbbbbbb"]],
    ["leaves as many as are to be kept", { keep: 2 }, ["aaaaaaaaaaaa"]],
    ["leaves what somebody has pinned", { pinned: ["aaaaaaaaaaaa"] }, ["bbbbbbbbbbbb"]],
    ["leaves what was current lately", { used: now - 250 }, ["aaaaaaaaaaaa"]],
    ["leaves all where nobody knows what was current", { history: [] }, []],
    ["leaves all where nothing is current", { link: null }, []],
    [
      "leaves what was gone back to after what was wrong, and counts that for nothing",
      {
        history: [
          ...history(
            [100, "published", "bbbbbbbbbbbb"],
            [200, "published", "aaaaaaaaaaaa"],
            [300, "rolled-back", "bbbbbbbbbbbb"],
            [400, "published", "cccccccccccc"],
          ),
        ],
        keep: 2,
      },
      ["aaaaaaaaaaaa"],
    ],
    [
      "leaves what was gone back to, and from",
      {
        history: [...moves, ...history([400, "rolled-back", "aaaaaaaaaaaa"])],
        link: "releases/aaaaaaaaaaaa",
        used: now - 350,
      },
      ["bbbbbbbbbbbb"],
    ],
  ])("%s", (_, is, gone) =>
    expect(
      asked(
        `${seen}from history import removable\nanswer = lambda c: removable(seen_of(c), "dddddddddddd", c["keep"], c["pinned"], c["used"], c["now"])`,
        [case_(is)],
      ),
    ).toEqual([gone]));
});

test("one goes back to what was published before, is complete, and was not left for being wrong", () => {
  const moves = history([1, "published", "a"], [2, "published", "b"], [3, "published", "c"]);
  const releases = { a: true, b: true, c: true };
  const before = (is: object) =>
    asked(`${seen}from history import before\nanswer = lambda c: before(seen_of(c))`, [is])[0];
  const full = (name: string) => name.repeat(12);
  const named = (is: { releases?: Record<string, boolean>; held?: Record<string, string> }) => ({
    link: `releases/${full("c")}`,
    history: moves.map((each) => ({ ...each, digest: full(each.digest) })),
    releases: Object.fromEntries(
      Object.entries({ ...releases, ...is.releases }).map(([name, built]) => [full(name), built]),
    ),
    held: Object.fromEntries(Object.entries(is.held ?? {}).map(([name, why]) => [full(name), why])),
  });
  expect([before(named({})), before(named({ releases: { b: false } })), before(named({ held: { b: "x" } }))]).toEqual([
    full("b"),
    full("a"),
    full("a"),
  ]);
});

test("one never goes back to what was rolled back, unless somebody has published it since", () => {
  const full = (name: string) => name.repeat(12);
  /** `+a` published, `-a` gone back to. */
  const after = (moves: string) => {
    const events = moves.split(" ").map((move, at): readonly [number, string, string] => {
      return [at, move.startsWith("+") ? "published" : "rolled-back", full(move.slice(1))];
    });
    const releases = Object.fromEntries(events.map(([, , digest]) => [digest, true]));
    return { link: `releases/${events.at(-1)?.[2]}`, history: history(...events), releases };
  };
  const cases = {
    "+a +b -a +c": "a",
    "+a +b +c -b": "a",
    "+a +b -a": null,
    "+a +b +c -a +d": "a",
    "+a +b -a +b": "a",
    "+a +b -a -b": null,
    "+a +b +a": "b",
  };
  expect(
    asked(
      `${seen}from history import before\nanswer = lambda c: before(seen_of(c))`,
      Object.keys(cases).map((moves) => after(moves)),
    ),
  ).toEqual(Object.values(cases).map((each) => each && full(each)));
});

describe("what is next", () => {
  const planned = (is: object) =>
    asked(
      `${seen}from order import Installation, Job
from plan import plan
job = Job("p", None, "a", 1)
def answer(c):
    wanted = Installation("c", "t", "d" * 12, c.get("waits", []), {}, [], [], [], [], {"build": job, "test": job})
    case = {**c, "mark": wanted.mark, "marks": {key: wanted.mark if value == "same" else value for key, value in c.get("marks", {}).items()}}
    found = plan(wanted, seen_of(case), c.get("tools", True), 3, c.get("again", False), c.get("fetch", False), c.get("due", False))
    return [found.kind, *found.stages]`,
      [is],
    )[0];
  const digest = "d".repeat(12);
  const current = { link: `releases/${digest}`, releases: { [digest]: true } };
  const done = { staged: "same", sane: "1", tested: "same" };
  test.each<[string, object, readonly string[]]>([
    ["of nothing, all", { tools: false }, ["go", "tools", "sources", "stage", "build", "sanity", "test", "publish"]],
    [
      "where a login node fetches, that too",
      { fetch: true },
      ["go", "sources", "stage", "fetch", "build", "sanity", "test", "publish"],
    ],
    ["of what is current, nothing", { link: `releases/${digest}`, marks: done }, ["nothing"]],
    ["of what is current, its tests once more", { link: `releases/${digest}`, marks: done, due: true }, ["go", "test"]],
    [
      "where the tools of it are gone, those too",
      { link: `releases/${digest}`, marks: done, due: true, tools: false },
      ["go", "tools", "test"],
    ],
    [
      "of what is current, with other tests, these",
      { ...current, marks: { ...done, staged: "old" } },
      ["go", "stage", "test"],
    ],
    ["once those are staged, they alone", { ...current, marks: { ...done, tested: "old" } }, ["go", "test"]],
    [
      "but nothing is staged while a job of it runs",
      { ...current, marks: { ...done, staged: "old" }, jobs: { test: "7" } },
      ["go", "test", "stage", "test"],
    ],
    [
      "if they fail again and again, nothing",
      { ...current, marks: { ...done, tested: "old" }, failed: { test: ["same", "same", "same"] } },
      ["exhausted"],
    ],
    [
      "by somebody who says so, they are tried all the same",
      { ...current, marks: { ...done, tested: "old" }, failed: { test: ["same", "same", "same"] }, again: true },
      ["go", "test"],
    ],
    [
      "failures of other files do not count",
      { failed: { build: ["old", "old", "same"] } },
      ["go", "sources", "stage", "build", "sanity", "test", "publish"],
    ],
    [
      "failures after it was published once do not count",
      { releases: { [digest]: true }, marks: done, failed: { test: ["same", "same", "same"] } },
      ["go", "publish"],
    ],
    [
      "what was built of other files is staged before it is tested",
      { jobs: { build: "7" }, marks: { staged: "old" } },
      ["go", "build", "stage", "sanity", "test", "publish"],
    ],
    ["of what is current and waits for a fact, nothing", { ...current, marks: done, waits: ["x"] }, ["nothing"]],
    ["of what waits for a fact, nothing", { waits: ["a checksum"] }, ["waits"]],
    ["of what was rolled back, nothing", { held: { [digest]: "why" } }, ["held"]],
    [
      "but by somebody who says so",
      { held: { [digest]: "why" }, again: true },
      ["go", "sources", "stage", "build", "sanity", "test", "publish"],
    ],
    ["after three failures, nothing", { failed: { build: ["same", "same", "same"] } }, ["exhausted"]],
    [
      "while a job of it runs, that is waited for",
      { jobs: { build: "7" }, marks: { staged: "same" } },
      ["go", "build", "sanity", "test", "publish"],
    ],
    [
      "of what is built, its tests",
      { releases: { [digest]: true }, marks: { staged: "same", sane: "1" } },
      ["go", "test", "publish"],
    ],
    ["of what is tested, that it is published", { releases: { [digest]: true }, marks: done }, ["go", "publish"]],
  ])("%s", (_, is, stages) => expect(planned(is)).toEqual(stages));
});

test("what a banner says of maintenance hides no denial, and a denial in a banner is none", () => {
  const lines = (...all: readonly string[]) => all.join("\n");
  const banner = "Welcome. Maintenance on Monday. Permission denied to all but users.";
  expect(
    asked(
      "from said import why\nanswer = lambda said: [type(why('s', said)).__name__, 'in maintenance' in str(why('s', said))]",
      [
        lines(banner, "", "u@h: Permission denied (publickey)."),
        lines(banner, "", "", "Connection closed by 1.2.3.4 port 22"),
        lines("@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @", "a", "b", "c", "Host key verification failed."),
        "ssh: connect to host h port 22: Connection timed out",
      ],
    ),
  ).toEqual([
    ["LoginNeeded", false],
    ["Lost", true],
    ["HostKeyChanged", false],
    ["Lost", false],
  ]);
});

test("a job is over once Slurm says so and what it left is seen, or has had time to be", () => {
  const polled = (state: string, ended: boolean, left: boolean, kind = "build", settled = false) => ({
    state,
    ended,
    left,
    kind,
    settled,
  });
  const cases = [
    polled("COMPLETED", true, true),
    polled("COMPLETED", true, false),
    polled("COMPLETED", true, false, "build", true),
    polled("GONE", true, false),
    polled("TIMEOUT", true, false),
    polled("FAILED", true, false),
    polled("FAILED", true, false, "test"),
    polled("FAILED", true, true, "test"),
    polled("REQUEUED", false, true, "build", true),
  ];
  expect(
    asked(
      "from waiting import Polled\nanswer = lambda c: Polled(c['state'], c['ended'], c['left']).final(c['kind'], c['settled'])",
      cases,
    ),
  ).toEqual([true, false, true, false, true, true, false, true, false]);
});

test("what squeue warns of is no state, and a state that nobody knows is no end", () => {
  const folder = mkdtempSync(join(tmpdir(), "databridge-slurm-"));
  try {
    const state = (squeue: string, sacct = "exit 0") => {
      for (const [name, body] of Object.entries({ squeue, sacct }))
        writeFileSync(join(folder, name), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
      const script = `PATH=${folder}:$PATH; source ${join(program, "../site/look.sh")}; is=$(state 7); printf '%s' "$is"; ended "$is" && printf ' ended'; true`;
      return spawnSync("bash", ["-c", script], { encoding: "utf8" }).stdout;
    };
    expect([
      state("echo 'squeue: warning: slow' >&2; echo 'RUNNING None'"),
      state("echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1", "echo 'CANCELLED by 1000'"),
      state("exit 0", "echo TIMEOUT+"),
      state("exit 0"),
      state("echo 'Unable to contact slurm controller' >&2; exit 1", "echo COMPLETED"),
      state("echo 'SOMETHING_NEW None'"),
    ]).toEqual([
      "RUNNING None",
      "CANCELLED by 1000 ended",
      "TIMEOUT+ ended",
      "GONE ended",
      "UNKNOWN Unable to contact slurm controller",
      "SOMETHING_NEW None",
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("ReFrame's word is no verdict if it ran other checks than there are modules, or cannot be read", () => {
  const report = (...results: readonly string[]) =>
    JSON.stringify({
      runs: [{ testcases: results.map((result) => ({ name: "n", result, fail_phase: "sanity", fail_reason: "r" })) }],
    });
  const cases = [report("pass", "pass"), report("pass", "fail"), report("pass"), "{", "[]"];
  expect(
    asked(
      `from problems import Refused
from verdict import failures
def answer(case):
    try:
        return failures(case, 2)
    except Refused as error:
        return str(error).split(":")[0]`,
      cases,
    ),
  ).toEqual([
    [],
    ["n: sanity: r"],
    "ReFrame has run 1 checks, and there are 2 modules",
    "ReFrame's report cannot be read",
    "ReFrame's report cannot be read",
  ]);
});

test("a row of what a site lacks says it once, and in the words of the first sentence", () => {
  const lmod =
    'Lmod has detected the following error: The following module(s) are unknown: "LUMI/24.03"    Please check the spelling or version number. Also try "module spider ..."';
  expect(
    asked("from preflight import row\nanswer = lambda case: [row(*case).what, row(*case).found, row(*case).ok]", [
      ["init", "2026.11/lumi-c", "bad", lmod],
      ["module", "cpe/24.03", "ok"],
      ["python", "ok", "3.11.7"],
      ["account", "project_1", "untold", "sacctmgr: error: refused"],
    ]),
  ).toEqual([
    [
      "init 2026.11/lumi-c",
      'Lmod has detected the following error: The following module(s) are unknown: "LUMI/24.03"',
      false,
    ],
    ["module cpe/24.03", "", true],
    ["python", "3.11.7", true],
    ["account project_1", "sacctmgr: error: refused", null],
  ]);
  expect(
    asked(
      "from types import SimpleNamespace\nfrom preflight import modules_of\nanswer = lambda case: modules_of([SimpleNamespace(name=n, init=i, toolchain=t) for n, i, t in case])",
      [
        [
          ["a/c", ["module load X"], ["gcc", "mpi"]],
          ["b/c", ["module load X"], ["gcc"]],
          ["b/g", ["module load Y"], ["gcc"]],
          ["b/none", [], []],
        ],
      ],
    ),
  ).toEqual([["module load X", "#modules a/c,b/c gcc mpi", "module load Y", "#modules b/g gcc"]]);
});

test("an order that would lead out of its folder, or lacks something, is refused before anybody logs in", () => {
  const folder = mkdtempSync(join(tmpdir(), "databridge-order-"));
  try {
    const order = {
      site: "s",
      place: "p",
      connection: "s",
      user: "u",
      ssh: "c",
      troika: "t",
      troikaProgram: "troika",
      prefix: "/p",
      group: null,
      umask: "0022",
      fetch: "login",
      keep: 1,
      usedSeconds: 0,
      attempts: 3,
      pinned: [],
      testSeconds: 1,
      closed: [],
      tools: { digest: "a".repeat(12), python: "python3", init: [], requirements: "" },
      installations: ["i.json"],
    };
    const job = { partition: "p", qos: null, account: "a", seconds: 1 };
    const installation = {
      cycle: "c",
      target: "t",
      digest: "b".repeat(12),
      waits: [],
      files: {},
      sources: [],
      modules: [],
      init: [],
      toolchain: [],
      build: job,
      test: job,
    };
    const refused = (is: object, at: object = {}): string => {
      writeFileSync(join(folder, "order.json"), JSON.stringify({ ...order, ...at }));
      writeFileSync(join(folder, "i.json"), JSON.stringify({ ...installation, ...is }));
      const { status, stderr } = spawnSync("python3", [program, "--order", folder, "status", "--only", "no/where"], {
        encoding: "utf8",
      });
      return `${status} ${stderr.trim().split("\n").at(-1)}`;
    };
    expect(refused({})).toBe("2 no/where: s has no such installation, but c/t");
    expect(refused({ files: { "../x": "" } })).toBe("2 '../x' is no path in a folder");
    expect(refused({ cycle: "a b" })).toBe("2 'a b' is no name");
    expect(refused({ digest: "x" })).toBe("2 'x' is no digest of 12 hexadecimal digits");
    expect(refused({}, { prefix: "/a;b" })).toBe("2 '/a;b' is no absolute path");
    expect(refused({ sources: [1, 2].map(() => ({ file: "a.tar.gz", sha256: "0".repeat(64), urls: [] })) })).toBe(
      "2 c/t: several sources are called a.tar.gz",
    );
    expect(refused({ sources: [{ file: "a.tar.gz", sha256: "../x", urls: [] }] })).toBe(
      "2 '../x' is no checksum of 64 hexadecimal digits",
    );
    expect(refused({}, { closed: [{ why: "w", daily: ["2:00", "09:00"] }] })).toBe(
      "2 '2:00' is no time of day, as 02:00",
    );
    const { digest: _, ...without } = installation;
    writeFileSync(join(folder, "i.json"), JSON.stringify(without));
    expect(spawnSync("python3", [program, "--order", folder, "status"], { encoding: "utf8" }).status).toBe(2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
