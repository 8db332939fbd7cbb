import { collector } from "../../../constructs/collector/spec";
import { hours, mbitPerSecond } from "../../../model/vocabulary";
import { flowsOf, hostsOf, said } from "../../model/platform";

const home = { site: "home", tenancy: "production" };

test("its queue holds what comes in during the outage that it survives", () => {
  const { description, problems } = said(collector({ survives: hours(24), at: mbitPerSecond(20), deliversTo: home }));
  expect(problems).toEqual([]);
  expect(hostsOf(description)).toEqual(["collector collector services/20 medium queue:202 GiB:keep"]);
});

test("it scrapes every host and delivers to home", () => {
  const { description } = said(collector({ survives: hours(1), at: mbitPerSecond(1), deliversTo: home }));
  expect(flowsOf(description)).toEqual(["collector -> host-metrics", "collector -> telemetry"]);
});

test("what it cannot size is refused", () => {
  expect(said(collector({ survives: 0, at: -1, deliversTo: home } as never)).problems).toEqual(["survives 0", "at -1"]);
});
