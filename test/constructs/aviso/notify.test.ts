import { spawnSync } from "node:child_process";
import { include } from "../../../constructs/aviso/notify";
import { filesOf } from "../../../constructs/files";
import { ecflow } from "../../../constructs/specs";
import { eventsSchema } from "../../../model/site/aviso";
import { bridge, described, events } from "./platform";

const notifiers = { "ecflow-prod": { account: "notifier", owner: "ecflow" } };

/** What suites include on a host. */
function includedAt(name: string, is: Parameters<typeof bridge>[0] = { notifiers }) {
  const runs = bridge(is).map((each) =>
    each.kind === "ecflow" ? ecflow("prod", { submitsTo: ["polaris"], standby: true }) : each,
  );
  const { registers } = described(runs);
  const place = registers.places.find(({ id }) => id === "north-production");
  const host = place?.hosts.find((each) => each.name === name);
  if (!place || !host) throw new Error(`no host ${name}`);
  return filesOf(host, place, registers).find(({ path }) => path === "/etc/platform/hpc/include/aviso.h");
}

test("hosts that notify and have tasks run have how, by the name of its certificate, where it is met; others have not", () => {
  const { role, text = "" } = includedAt("ecflow-prod") ?? {};
  expect(role).toBe("hpc");
  expect(text).toContain("--connect-to aviso.north.example.org:443:aviso.production.north.example.org:");
  expect(text).toContain('mars) keys="class date levtype" ;;');
  expect(includedAt("ecflow-prod-standby")).toBeDefined();
  expect(includedAt("fdb-catalogue")).toBeUndefined();
  expect(includedAt("ecflow-prod", {})).toBeUndefined();
});

test("nothing of it is a variable of ecFlow", () => expect(includedAt("ecflow-prod")?.text).not.toContain("%"));

describe("what could not be a notification is told before anybody is asked", () => {
  const all = eventsSchema.parse({ mars: events.mars, dissemination: { ...events.mars, payload: true } });
  const text = include("# north", all, "notifier", { name: "aviso.example.org", at: "aviso.invalid:1" });
  /** What a task says, line by line, in which curl says what it would send. */
  const said = (words: string, { input = "", secret = "/dev/null" } = {}): readonly string[] => {
    const script = `set -eE -o pipefail
      trap 'echo "ended with $?" >&2; exit 1' ERR
      ${text.replace("/etc/platform/aviso/notifier", secret)}
      curl() { cat; }
      ${words}`;
    const { stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8", input });
    return `${stdout}${stderr}`.trim().split("\n");
  };

  test("an event that there is not", () =>
    expect(said("platform_notify marz class=d1")).toEqual([
      'platform_notify: "marz" is no event, there are: mars, dissemination',
      "ended with 2",
    ]));
  test("all keys that are wrong, said twice, or missing, at once", () =>
    expect(said("platform_notify mars class=d1 class=rd parm=1 'date=2026 11'")).toEqual([
      'platform_notify: "class=rd" is not taken; "parm=1" is not taken; "date=2026 11" is not taken; date is missing; levtype is missing; mars takes each of these once, as <key>=<value>: class date levtype',
      "ended with 2",
    ]));
  test("an event that lacks what stands beside", () =>
    expect(said("platform_notify dissemination class=d1 date=20261127 levtype=pl")[0]).toMatch(
      /^platform_notify: no payload is at its input; dissemination takes/,
    ));
  test("what is right is said as it is, and with what stands beside", () => {
    expect(said("platform_notify mars levtype=sfc class=d1 date=20261127")).toEqual([
      '{"event_type": "mars", "identifier": {"levtype": "sfc", "class": "d1", "date": "20261127"}}',
    ]);
    const input = '{"location": "a"}';
    expect(said("platform_notify dissemination class=d1 date=20261127 levtype=pl", { input })).toEqual([
      '{"event_type": "dissemination", "identifier": {"class": "d1", "date": "20261127", "levtype": "pl"}, "payload": {"location": "a"}}',
    ]);
  });
  test("a password that its account cannot read; a task may go on without", () => {
    const secret = "/nowhere/notifier";
    const lacking = "cat: /nowhere/notifier: No such file or directory";
    const words = "platform_notify mars levtype=sfc class=d1 date=20261127";
    expect(said(words, { secret })).toEqual([lacking, "ended with 1"]);
    expect(said(`${words} || echo goes on`, { secret })).toEqual(["goes on", lacking]);
  });
});

test("a task that says what it does says no password, and goes on saying it", () => {
  const text = include("# north", eventsSchema.parse(events), "notifier", { name: "aviso.example.org", at: "it:1" });
  const secret = "/proc/sys/kernel/ostype";
  const script = `${text.replace("/etc/platform/aviso/notifier", secret)}
    curl() { :; }
    set -x
    platform_notify mars levtype=sfc class=d1 date=20261127
    true`;
  const { stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  expect(stderr).toMatch(/^\+ platform_notify mars/);
  expect(stderr).toMatch(/^\+ true$/m);
  expect(stderr).not.toContain("Linux");
});
