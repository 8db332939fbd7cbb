/** Nothing spans two environments unless it says so. */
export const environments = ["production", "test", "experiments"] as const;
export type Environment = (typeof environments)[number];
