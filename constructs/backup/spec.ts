import type { Component } from "../../model/site/component";
import { copiesBucket } from "../../model/site/copies";

/** A bucket in which other sites keep their backups. */
export const backups = (): Component => ({
  kind: "backups",
  name: "backups",
  problems: [],
  describe: () => ({ buckets: [{ name: copiesBucket, fate: "keep" }] }),
});
