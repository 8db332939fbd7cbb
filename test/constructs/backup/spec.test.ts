import { backups } from "../../../constructs/backup/spec";
import { said } from "../../model/platform";

test("a bucket that is kept", () =>
  expect(said(backups()).description).toEqual({ buckets: [{ name: "backups", fate: "keep" }] }));
