import { filesOf } from "../../../constructs/files";
import { hardened } from "../../../constructs/hosts/units";
import { backups, bastion, ecflow, proxy, vault, vaultAgent } from "../../../constructs/specs";
import { learned, north, south, tenancy } from "../../model/platform";

const at = { site: "north", tenancy: "production" };
const runs = [
  bastion(),
  proxy(),
  backups(),
  vault({ copies: { at: { site: "south", tenancy: "production" }, endpoint: "object.example.org" } }),
  vaultAgent({ at }),
  ecflow("prod", { standby: true, submitsTo: ["polaris"], rest: {} }),
];
const { registers } = learned([
  north({ production: tenancy({ runs }) }),
  south({ production: tenancy({ network: { cidr: "10.36.0.0/20" }, runs: [bastion(), proxy(), backups()] }) }),
]);
const units = registers.places.flatMap((place) =>
  place.hosts.flatMap((host) =>
    filesOf(host, place, registers)
      .filter(({ path }) => path.endsWith(".service"))
      .map(({ path, text }) => ({ unit: path.replace(/.*\//, ""), lines: text.split("\n") })),
  ),
);

test("every unit that is somebody's, or that fetches secrets, does without what it needs not", () => {
  const confined = units.filter(
    ({ unit, lines }) => unit === "vault-agent.service" || lines.some((line) => line.startsWith("User=")),
  );
  expect([...new Set(confined.map(({ unit }) => unit))].sort()).toEqual([
    "ecflow-prod-exporter.service",
    "ecflow-prod-follow.service",
    "ecflow-prod-keep.service",
    "ecflow-prod-rest.service",
    "ecflow-prod.service",
    "hpc-exporter-ecflow.service",
    "hpc-fetch-ecflow.service",
    "hpc-trust-ecflow.service",
    "openbao-copies.service",
    "openbao-snapshot.service",
    "openbao.service",
    "vault-agent.service",
  ]);
  for (const { unit, lines } of confined) {
    expect([unit, hardened.filter((line) => !lines.includes(line))]).toEqual([unit, []]);
    expect([unit, lines.filter((line) => line.startsWith("UMask="))]).toEqual([unit, [expect.any(String)]]);
  }
});
