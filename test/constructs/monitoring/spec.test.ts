import { monitoring } from "../../../constructs/monitoring/spec";
import { tib } from "../../../model/vocabulary";
import { flowsOf, hostsOf, said, servicesOf } from "../../model/platform";

test("collectors deliver to it and people read it, both through the proxy", () => {
  const { description, problems } = said(monitoring({ volume: tib(4), deliversTo: "front-ends" }));
  expect(problems).toEqual([]);
  expect(hostsOf(description)).toEqual(["monitoring monitoring services/21 large metrics:4 TiB:keep"]);
  expect(servicesOf(description)).toEqual([
    "telemetry on monitoring tcp-4317 mtls",
    "dashboards on monitoring tcp-3000 tls+password",
  ]);
  expect(description.services?.map(({ entrance }) => entrance)).toEqual([
    { relay: "proxy" },
    { relay: "proxy", port: 443 },
  ]);
  expect(flowsOf(description)).toEqual(["operators -> dashboards", "monitoring -> front-ends tcp-443"]);
});

test("it keeps everything to itself by default", () =>
  expect(flowsOf(said(monitoring()).description)).toEqual(["operators -> dashboards"]));
