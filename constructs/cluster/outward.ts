import { namesOfRegistry } from "../../model/images";
import type { Place } from "../../model/site/component";
import type { SnapshotCopies } from "../../model/site/copies";
import { type Need, tcp } from "../../model/site/need";

/**
 * Where hosts of a cluster get what they run: all of it through the forward proxy, by name.
 * @see https://docs.rke2.io/install/methods, tarball; https://docs.rke2.io/install/airgap, images: GitHub and Docker Hub
 */
const sources = {
  /** The release, and where GitHub sends who asks for it. */
  release: ["github.com", "release-assets.githubusercontent.com"],
  /** RKE2's own images, `rancher/*`. */
  images: namesOfRegistry("docker.io"),
  /** kube-vip, where servers share an address. @see https://kube-vip.io/docs/installation/daemonset */
  sharedAddress: namesOfRegistry("ghcr.io"),
} as const;

export interface Outward {
  readonly node: { readonly role: string };
  readonly server: { readonly role: string };
  /** @default - there are no copies */
  readonly snapshots: SnapshotCopies | undefined;
  /** Whether the servers share an address. */
  readonly shared: boolean;
}

/** What nodes need of the internet. */
export function outwardOf({ identity = {} }: Place, { node, server, snapshots, shared }: Outward): readonly Need[] {
  const issuers = [identity.people, identity.pipelines].flatMap((issuer) =>
    issuer === undefined ? [] : [new URL(issuer.issuer).hostname],
  );
  return [
    leaves(node, sources.release, "RKE2 is installed from its release"),
    leaves(node, sources.images, "nodes pull RKE2's images"),
    ...(shared ? [leaves(server, sources.sharedAddress, "servers pull what moves the address that they share")] : []),
    ...(issuers.length > 0
      ? [leaves(server, [...new Set(issuers)], "the API fetches the keys of who vouches for people and pipelines")]
      : []),
    ...(snapshots === undefined ? [] : [leaves(server, [snapshots.endpoint], "snapshots of etcd go to another site")]),
  ];
}

const leaves = (from: { readonly role: string }, names: readonly string[], why: string): Need => ({
  need: "flow",
  from,
  to: { outside: "internet" },
  through: "forward-proxy",
  traffic: tcp(443),
  names,
  why,
});
