import type { Panel } from "../../../model/site/telemetry";

type Shape = Panel["as"];

/**
 * How many of a shape are beside each other at most, each as wide as the other, and how high they are. What is to be read first is first.
 * Tables below which there is nothing are long.
 */
const rows = [
  ["stat", { most: 6, height: 3 }],
  ["table", { most: 3, height: 8 }],
  ["state-timeline", { most: 1, height: 8 }],
  ["bar-gauge", { most: 3, height: 7 }],
  ["timeseries", { most: 2, height: 8 }],
] as const satisfies readonly (readonly [Shape, { readonly most: number; readonly height: number }])[];

/** @see Grafana, dashboard JSON model: panel size and position */
const columns = 24;

export interface Placed {
  readonly panel: Panel;
  readonly at: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

/** Panels by shape, in rows that are as long as each other, in the order in which they came. */
export function placed(panels: readonly Panel[]): readonly Placed[] {
  let y = 0;
  return rows.flatMap(([shape, { most, height }]) => {
    const all = panels.filter(({ as }) => as === shape);
    const isEnd = shape === "table" && panels.every(({ as }) => as === "table" || as === "stat");
    const h = isEnd ? 2 * height + 4 : height;
    return chunked(all, Math.ceil(all.length / Math.ceil(all.length / most))).flatMap((row) => {
      const edge = (i: number): number => Math.round((i * columns) / row.length);
      const those = row.map((panel, i) => ({ panel, at: { x: edge(i), y, w: edge(i + 1) - edge(i), h } }));
      y += h;
      return those;
    });
  });
}

const chunked = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  items.length === 0 ? [] : [items.slice(0, size), ...chunked(items.slice(size), size)];
