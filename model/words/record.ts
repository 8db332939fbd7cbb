/** The entry of a record, and never what every object inherits. */
export const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** Input is what a site file wrote, so arrays, dates and the like are no records. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A path in a description, from parts of which some may be empty. */
export const pathOf = (...parts: readonly string[]): string => parts.filter((part) => part !== "").join(".");
