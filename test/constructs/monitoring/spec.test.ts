import { monitoring } from "../../../constructs/monitoring/spec";
import { tib } from "../../../model/vocabulary";
import { flowsOf, hostsOf, said, servicesOf } from "../../model/platform";

const delivery = { to: "front-ends", by: "otlp", url: "https://telemetry.example.org" } as const;

test("collectors deliver to it and people read it, both through the proxy", () => {
  const { description, problems } = said(monitoring({ volume: tib(4), delivery }));
  expect(problems).toEqual([]);
  expect(hostsOf(description)).toEqual(["monitoring monitoring services/21 large metrics:4 TiB:keep"]);
  expect(servicesOf(description)).toEqual([
    "telemetry on monitoring tcp-4318 mtls",
    "dashboards on monitoring tcp-3000 tls+password",
    "gateway-metrics on monitoring tcp-8888 none",
    "prometheus-metrics on monitoring tcp-9090 none",
    "alertmanager-metrics on monitoring tcp-9093 none",
    "log-store-metrics on monitoring tcp-9428 none",
  ]);
  expect(description.services?.flatMap(({ entrance }) => entrance ?? [])).toEqual([
    { relay: "proxy" },
    { relay: "proxy", port: 443 },
  ]);
  expect(flowsOf(description)).toEqual(["operators -> dashboards", "monitoring -> front-ends tcp-443"]);
});

test("it keeps everything to itself by default", () =>
  expect(flowsOf(said(monitoring()).description)).toEqual(["operators -> dashboards"]));
