import { cluster } from "../../../constructs/cluster/spec";
import { bastion, proxy } from "../../../constructs/edge/spec";
import { gitops } from "../../../constructs/gitops/spec";
import { sharedServices } from "../../../constructs/services/spec";
import { vault, vaultAgent } from "../../../constructs/vault/spec";
import { gather } from "../../../model/gather";
import type { Registers } from "../../../model/registers";
import type { Applies } from "../../../model/site/gitops";
import { givingVolumes, north, south, tenancy } from "../../model/platform";

const at = { site: "south", tenancy: "production" };
const runs = [bastion({ from: [] }), proxy(), vaultAgent({ at }), cluster(), sharedServices({ vault: at })];

/** A site beside that of the controller; what its cloud is asked by is known. */
export const platform = (
  applies: Applies = {},
  {
    cloud,
    test,
    locks,
  }: Partial<{ cloud: Partial<typeof givingVolumes>; test: object; locks: Record<string, unknown> }> = {},
): Registers =>
  gather(
    [
      north(
        {
          production: tenancy({ runs }),
          test: tenancy({ environment: "test", network: { cidr: "10.52.0.0/20" }, public: {}, runs: [], ...test }),
        },
        { cloud: { ...givingVolumes, ...cloud } },
      ),
      south({
        production: tenancy({
          network: { cidr: "10.36.0.0/20" },
          runs: [vault({ from: [] }), ...runs, gitops({ artifacts: "oci://registry.example.org/platform", applies })],
        }),
      }),
    ],
    locks,
  ).registers;
