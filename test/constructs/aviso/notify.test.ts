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
  /** A task, where curl says what it would be told. */
  const notified = (words: string, input = "") => {
    const script = `set -eE -o pipefail\n${text.replace("/etc/platform/aviso/notifier", "/dev/null")}
      curl() { printf '%s\\n' "$@"; }
      platform_notify ${words}`;
    const { status, stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8", input });
    return [status, stderr.trim() || stdout.split("\n").find((line) => line.startsWith("{"))];
  };

  test("an event that there is not", () =>
    expect(notified("marz class=d1")).toEqual([
      2,
      'platform_notify: "marz" is no event, there are: mars, dissemination',
    ]));
  test("all keys that are wrong, said twice, or missing, at once", () =>
    expect(notified("mars class=d1 class=rd parm=1 'date=2026 11'")).toEqual([
      2,
      'platform_notify: "class=rd" is not taken; "parm=1" is not taken; "date=2026 11" is not taken; date is missing; levtype is missing; mars takes each of these once, as <key>=<value>: class date levtype',
    ]));
  test("what is right is said as it is", () =>
    expect(notified("mars levtype=sfc class=d1 date=20261127")).toEqual([
      0,
      '{"event_type": "mars", "identifier": {"levtype": "sfc", "class": "d1", "date": "20261127"}}',
    ]));
  test("and with what stands beside, where the event has that", () =>
    expect(notified("dissemination class=d1 date=20261127 levtype=pl", '{"location": "a"}')).toEqual([
      0,
      '{"event_type": "dissemination", "identifier": {"class": "d1", "date": "20261127", "levtype": "pl"}, "payload": {"location": "a"}}',
    ]));
});
