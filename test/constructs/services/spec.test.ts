import { bastion, cluster, gitops, proxy, sharedServices, vault } from "../../../constructs/specs";
import { gather } from "../../../model/gather";
import { flowsOf, north, said, south, tenancy } from "../../model/platform";

const home = { site: "south", tenancy: "production" };

test("controllers work by the API, the API asks webhooks, and Vault is asked", () => {
  const { description, problems } = said(sharedServices({ vault: home }));
  expect(problems).toEqual([]);
  const flows = flowsOf(description);
  expect(flows.filter((flow) => flow.endsWith("-> cluster-api"))).toHaveLength(6);
  expect(flows.filter((flow) => !flow.endsWith("-> cluster-api"))).toEqual([
    "cluster-server -> cert-manager-webhook",
    "cluster-server -> external-secrets-webhook",
    "cert-manager -> vault through forward-proxy",
    "external-secrets -> vault through forward-proxy",
  ]);
});

test("what serves one site stands with its services, what serves all with the control plane", () => {
  const runs = [bastion({ from: [] }), proxy(), cluster({ servers: 1, workers: 1 }), sharedServices({ vault: home })];
  const { registers, problems } = gather([
    north({ production: tenancy({ runs }) }),
    south({
      production: tenancy({ network: { cidr: "10.36.0.0/20" }, runs: [bastion({ from: [] }), proxy(), vault()] }),
    }),
  ]);
  expect(problems.filter(({ path }) => path.includes("services"))).toEqual([]);
  const [place] = registers.places;
  expect(place?.namespaces.map(({ namespace, stack }) => [namespace, stack])).toEqual([
    ["cert-manager", "services"],
    ["external-secrets", "services"],
  ]);
});

test("charts are pinned to one version, and hold nothing secret", () => {
  for (const { description } of [
    said(sharedServices()),
    said(gitops({ artifacts: "oci://registry.example.org/platform" })),
  ])
    for (const { chart, values, pods } of description.releases ?? []) {
      expect(chart.version).toMatch(/^v?\d+\.\d+\.\d+$/);
      expect(JSON.stringify(values)).not.toMatch(/password|token|secretKey/i);
      expect(pods.length).toBeGreaterThan(0);
    }
});
