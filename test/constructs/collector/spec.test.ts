import { fileOf } from "../../../constructs/collector/queue";
import { collector } from "../../../constructs/collector/spec";
import { hours, mbitPerSecond, minutes } from "../../../model/vocabulary";
import { flowsOf, hostsOf, said } from "../../model/platform";

const home = { site: "home", tenancy: "production" };

test("its disk holds what comes in during the outage that it survives, be it all metrics or all logs", () => {
  const { description, problems } = said(collector({ survives: hours(24), at: mbitPerSecond(20), deliversTo: home }));
  expect(problems).toEqual([]);
  // 216 GB, a quarter more and half a GiB in each of two files.
  expect(hostsOf(description)).toEqual(["collector collector services/20 medium queue:504 GiB:keep"]);
  expect(fileOf(216e9)).toBeGreaterThan(1.25 * 216e9);
});

test("however little comes in, a file may grow by a step", () => {
  const { description } = said(collector({ survives: minutes(1), at: mbitPerSecond(1) }));
  expect(hostsOf(description)).toEqual(["collector collector services/20 medium queue:2 GiB:keep"]);
});

test("hosts bring it what they write, and it delivers to home", () => {
  const { description } = said(collector({ survives: hours(1), at: mbitPerSecond(1), deliversTo: home }));
  expect(flowsOf(description)).toEqual([
    "every host -> logs",
    "collector -> telemetry",
    "every host -> internet tcp-443 through forward-proxy",
  ]);
});

test("what it cannot size is refused", () => {
  expect(said(collector({ survives: 0, at: -1, deliversTo: home } as never)).problems).toEqual(["survives 0", "at -1"]);
});
