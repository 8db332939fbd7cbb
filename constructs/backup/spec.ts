import type { Component } from "../../model/site/component";

/** A bucket in which other sites keep their backups. */
export const backups = (): Component => ({
  kind: "backups",
  name: "backups",
  problems: [],
  describe: () => ({ buckets: [{ name: "backups", fate: "keep" }] }),
});
