/** Labels by which series are selected. @see Prometheus, querying basics: string literals are escaped as in Go */
export const selecting = (labels: Readonly<Record<string, string>>, more: readonly string[] = []): string =>
  `{${[
    ...Object.entries(labels)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`),
    ...more,
  ].join(",")}}`;
