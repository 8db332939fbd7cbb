import {
  DashboardBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Dashboard as Rendered,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Registers } from "../../model/registers";
import { type Dashboard, dashboards, type Panel } from "../../model/site/telemetry";
import { duePanels, heardPanels } from "./dashboards/derived";
import { placed } from "./dashboards/grid";
import { panelOf } from "./dashboards/panel";
import { variables } from "./dashboards/variables";

/** All dashboards of which somebody states a panel, by name. */
export function dashboardsOf(registers: Registers): ReadonlyMap<Dashboard, Rendered> {
  const all = [...heardPanels(registers), ...registers.telemetry.panels, ...duePanels(registers)];
  return new Map(
    dashboards.flatMap((name) => {
      const panels = all.filter(({ on }) => on === name);
      return panels.length === 0 ? [] : [[name, dashboardOf(name, panels, registers)] as const];
    }),
  );
}

/** What each is called, and how far back it looks at first. */
const titles: Readonly<Record<Dashboard, { readonly title: string; readonly from: string }>> = {
  platform: { title: "Platform: all sites", from: "now-24h" },
  site: { title: "Site: hosts and services", from: "now-24h" },
  ecflow: { title: "ecFlow: servers and tasks", from: "now-24h" },
  forecast: { title: "Forecast: the day", from: "now-2d" },
  hpc: { title: "Supercomputers: queues and budgets", from: "now-24h" },
  data: { title: "Data: who asks for it, and gets it", from: "now-24h" },
  expiry: { title: "Expiry: what ends when", from: "now-24h" },
  collector: { title: "Telemetry: what gathers all this", from: "now-24h" },
};

/** They lead to each other by it. */
const tag = "databridge";

function dashboardOf(name: Dashboard, panels: readonly Panel[], { signals }: Registers): Rendered {
  const { title, from } = titles[name];
  const is = new DashboardBuilder(title)
    .uid(`${tag}-${name}`)
    .tags([tag])
    // Times of day are those of the forecast.
    .timezone("utc")
    .time({ from, to: "now" })
    .refresh("1m")
    .readonly()
    .variables(variables(name))
    .link({ build: others });
  return placed(panels)
    .reduce((all, each) => all.withPanel(panelOf(each, signals)), is)
    .build();
}

/** All dashboards of the tag, with what is picked here. Beside the title: by itself the SDK puts links into a menu. */
function others() {
  const { placement: _, ...link } = new DashboardLinkBuilder("Dashboards")
    .type(DashboardLinkType.Dashboards)
    .tags([tag])
    .includeVars(true)
    .keepTime(true)
    .build();
  return link;
}
