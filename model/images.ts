import type { PlaceEntry, Said } from "./entries";
import { type FlowNeed, tcp } from "./site/need";
import { grouped } from "./words/grouped";

/**
 * Where registries send who asks them for an image. Those that are not listed give all by themselves.
 * That of Kubernetes sends who asks from Europe to these, and promises none of them: where a pull is denied, the proxy's log has the
 * name of today.
 * @see https://docs.docker.com/desktop/setup/allow-list; GitHub, packages; Red Hat, "Configuring firewall for Quay.io";
 * kubernetes/registry.k8s.io, "Stability"; kubernetes/k8s.io, infra/gcp/terraform, oci-proxy
 */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  "docker.io": [
    "registry-1.docker.io",
    "auth.docker.io",
    "production.cloudflare.docker.com",
    "production.cloudfront.docker.com",
    "docker-images-prod.6aa30f8b08e16409b46e0173d6de2f56.r2.cloudflarestorage.com",
  ],
  "ghcr.io": ["ghcr.io", "pkg-containers.githubusercontent.com"],
  "registry.k8s.io": [
    "registry.k8s.io",
    ...["north1", "southwest1", "west1", "west2", "west3", "west4", "west8", "west9", "west10"].map(
      (region) => `europe-${region}-docker.pkg.dev`,
    ),
    ...["eu-central-1", "eu-west-1"].map(
      (region) => `prod-registry-k8s-io-${region}.s3.dualstack.${region}.amazonaws.com`,
    ),
    "d39mqg4b1dx9z1.cloudfront.net",
  ],
  "quay.io": ["quay.io", "cdn.quay.io", "cdn01.quay.io", "cdn02.quay.io", "cdn03.quay.io"],
};

/** Names that have to be reached to pull from a registry. */
export const namesOfRegistry = (registry: string): readonly string[] => elsewhere[registry] ?? [registry];

/** The registry of an image: `ghcr.io` of `ghcr.io/example/it:1@sha256:…`. */
const registryOf = (image: string): string => image.split("/")[0]?.split(":")[0] ?? "";

/** Nodes pull what pods are made of, through the forward proxy, by the names of its registries. Hosts of others see to that themselves. */
export function imageNeeds({ clusters, workloads, releases }: PlaceEntry): readonly Said<FlowNeed>[] {
  const nodes = clusters[0]?.said.nodes;
  if (nodes === undefined) return [];
  const asked = [
    ...workloads.flatMap(({ said, because }) =>
      said.containers.map(({ image }) => ({ registry: registryOf(image), role: nodes, because })),
    ),
    ...releases.flatMap(({ said, because }) =>
      said.images.flatMap((registry) => said.pods.map(({ on: role = nodes }) => ({ registry, role, because }))),
    ),
  ];
  return [...grouped(asked, ({ registry, role, because }) => `${because} ${registry} ${role}`).values()].flatMap(
    (mine) => {
      const [first] = mine;
      if (!first) return [];
      const { registry, role, because } = first;
      const said: FlowNeed = {
        need: "flow",
        from: { role },
        to: { outside: "internet" },
        through: "forward-proxy",
        traffic: tcp(443),
        names: namesOfRegistry(registry),
        why: `nodes pull images from ${registry}`,
        remedy: "add proxy()",
      };
      return [{ said, because }];
    },
  );
}
