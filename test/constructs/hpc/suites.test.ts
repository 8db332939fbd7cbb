import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { head, tail } from "../../../constructs/hpc/suites";

/** Runs a job whose client is played: it writes down what it is asked, and answers as the first line for that says, each line once. */
function ran(work: string, answers: Readonly<Record<string, readonly string[]>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "databridge-"));
  try {
    const client = `#!/bin/bash
echo "$*" >> ${folder}/asked
[[ $1 != --query* ]] || echo told
f=${folder}/answer"\${1%%=*}"
[ -s "$f" ] || exit 0
line=$(head -n 1 "$f"); sed -i 1d "$f"
echo "$line" >&2; exit 1
`;
    writeFileSync(join(folder, "ecflow_client"), client, { mode: 0o755 });
    writeFileSync(join(folder, "sleep"), "#!/bin/sh\n", { mode: 0o755 });
    writeFileSync(join(folder, "asked"), "");
    for (const [word, lines] of Object.entries(answers))
      writeFileSync(join(folder, `answer${word}`), lines.map((line) => `${line}\n`).join(""));
    const script = `${head.replaceAll(/^%include.*$/gm, "").replaceAll(/%(\w+)%/g, "x")}${work}\n${tail}`;
    const { status, stderr } = spawnSync("bash", ["-c", script], {
      encoding: "utf8",
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
    });
    const asked = readFileSync(join(folder, "asked"), "utf8").trim().split("\n");
    return { status, stderr, asked: asked.map((line) => line.replace(/--init=\d+/, "--init")) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What ecFlow 5.9.2 says behind a tunnel, and behind a relay, while the server is away. */
const away = [
  "Server reply: SslClient::handle_handshake: error(Connection reset by peer) on login01:3141 possibly non-ssl server",
  "Server reply: SslClient::handle_handshake: error(stream truncated) on 203.0.113.12:3141 possibly non-ssl server",
];
const untrusted =
  "Server reply: SslClient::handle_handshake: error(certificate verify failed) on x:3141 possibly non-ssl server";

test("a job reports its begin, what it says, and its end", () => {
  const { status, asked } = ran("ecflow_client --event=a");
  expect([status, asked]).toEqual([0, ["--init", "--event=a", "--complete"]]);
});

test("a command that fails ends it, and is told with its line", () => {
  const { status, asked } = ran("true\nfalse\necflow_client --event=a");
  expect(status).toBe(1);
  expect(asked).toEqual(["--init", expect.stringMatching(/^--abort=line \d+ ended with 1$/)]);
});

test("a server that is away behind a relay or a tunnel is asked again, by shells that the job begins too", () => {
  for (const work of ["ecflow_client --event=a", "bash -c 'ecflow_client --event=a'"]) {
    const { status, asked } = ran(work, { "--event": away, "--complete": away });
    expect(status).toBe(0);
    expect(asked.filter((each) => each === "--event=a")).toHaveLength(3);
    expect(asked.filter((each) => each === "--complete")).toHaveLength(3);
  }
});

test("one that is not trusted, or refuses, is not", () => {
  for (const refusal of [untrusted, "Server reply: [ authentication failed ]"]) {
    const { status, asked, stderr } = ran("ecflow_client --event=a", { "--event": [refusal] });
    expect([status, asked.filter((each) => each === "--event=a").length]).toEqual([1, 1]);
    expect(stderr).toContain(refusal);
  }
});

test("what it is told comes by standard output, nothing else", () => {
  const { status, asked } = ran('ecflow_client --event="got-$(ecflow_client --query=state /s)"');
  expect([status, asked[2]]).toEqual([0, "--event=got-told"]);
});
