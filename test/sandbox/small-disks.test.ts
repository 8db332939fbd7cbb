import { bastion, proxy } from "../../constructs/edge/spec";
import { gather } from "../../model/gather";
import { gib, tib } from "../../model/vocabulary";
import { withSmallDisks } from "../../sandbox/small-disks";
import { north, saying, tenancy } from "../model/platform";

test("volumes are as large as described, and no larger than a file can be", () => {
  const host = { name: "box", roles: ["box"], subnet: "services" as const, slot: 60, flavor: "small" };
  const volumes = [
    { name: "small", size: gib(10), fate: "keep" as const },
    { name: "large", size: tib(40), fate: "keep" as const },
  ];
  const { registers } = gather([
    north({ production: tenancy({ runs: [bastion(), proxy(), saying({ hosts: [{ ...host, volumes }] })] }) }),
  ]);
  const [place] = withSmallDisks(registers).places;
  expect(place?.hosts.flatMap((each) => each.volumes.map(({ name, size }) => [name, size.gib]))).toEqual([
    ["small", 10],
    ["large", 8192],
  ]);
});
