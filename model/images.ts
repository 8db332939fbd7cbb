import type { PlaceEntry, Said } from "./entries";
import { type FlowNeed, tcp } from "./site/need";
import { grouped } from "./words/grouped";

/**
 * Where registries send who asks them for an image. Those that are not listed give all by themselves.
 * @see https://docs.docker.com/desktop/setup/allow-list; GitHub, packages; Red Hat, "Configuring firewall for Quay.io"
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
  "quay.io": ["quay.io", "cdn.quay.io", "cdn01.quay.io", "cdn02.quay.io", "cdn03.quay.io"],
};

/** Names that have to be reached to pull from a registry. */
export const namesOfRegistry = (registry: string): readonly string[] => elsewhere[registry] ?? [registry];

/** The registry of an image: `ghcr.io` of `ghcr.io/example/it:1@sha256:…`. */
const registryOf = (image: string): string => image.split("/")[0]?.split(":")[0] ?? "";

/** Nodes pull what pods are made of, through the forward proxy, by the names of its registries. Hosts of others see to that themselves. */
export function imageNeeds({ clusters, workloads, releases }: PlaceEntry): readonly Said<FlowNeed>[] {
  const role = clusters[0]?.said.nodes;
  if (role === undefined) return [];
  const asked = [
    ...workloads.flatMap(({ said, because }) =>
      said.containers.map(({ image }) => ({ registry: registryOf(image), because })),
    ),
    ...releases.flatMap(({ said, because }) => said.images.map((registry) => ({ registry, because }))),
  ];
  return [...grouped(asked, ({ registry, because }) => `${because} ${registry}`).values()].flatMap((mine) => {
    const [first] = mine;
    if (!first) return [];
    const { registry, because } = first;
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
  });
}
