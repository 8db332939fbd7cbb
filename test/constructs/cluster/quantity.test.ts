import { coresOf, sizeOf } from "../../../constructs/cluster/quantity";
import { gib, mib, tib } from "../../../model/vocabulary";

test("quantities are written as Kubernetes gives them back", () => {
  expect([mib(256), mib(1024), mib(1536), gib(40), tib(2), gib(1.5)].map(sizeOf)).toEqual([
    ...["256Mi", "1Gi", "1536Mi"],
    ...["40Gi", "2Ti", "1536Mi"],
  ]);
  expect([50, 1000, 1500, 12_000, 2_000_000].map(coresOf)).toEqual(["50m", "1", "1500m", "12", "2k"]);
});
