import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import type { Registers } from "../../model/registers";
import { identityOf } from "../../model/site/identity";
import { header } from "../hosts/header";
import { auditPolicy, kernel, podSecurity } from "./hardening";
import { type Node, nodeOf, unitOf } from "./nodes";
import { authentication } from "./people";
import { files, rke2Config } from "./rke2";
import { sharedAddress } from "./shared-address";
import { about, dropIn, environment, mount, mountUnit } from "./units";

/** What nodes of a cluster of ours have. */
export function filesOf(host: HostEntry, place: PlaceEntry, { sites }: Registers): readonly HostFile[] {
  const node = nodeOf(host, place);
  if (!node) return [];
  const at = header(host, place);
  const unit = unitOf(node);
  const people = node.isServer ? authentication(at, identityOf(sites)) : undefined;
  const proxy = environment(at, node);
  return [
    { path: files.config, role: "cluster", restarts: unit, text: rke2Config(node, people !== undefined) },
    { path: `/etc/systemd/system/${unit}.d/platform.conf`, role: "cluster", restarts: unit, text: dropIn(at, node) },
    ...(proxy === undefined
      ? []
      : [
          {
            path: `/etc/default/${unit.replace(/\.service$/, "")}`,
            role: "cluster" as const,
            restarts: unit,
            text: proxy,
          },
        ]),
    { path: "/etc/sysctl.d/70-cluster.conf", role: "cluster", text: kernel(at) },
    // A start reads it; what runs has joined. Every byte of it counts.
    ...(place.clusterCa === undefined
      ? []
      : [{ path: "/etc/rancher/rke2/cluster-ca.crt", role: "cluster" as const, text: `${place.clusterCa}\n` }]),
    { path: "/etc/platform/cluster.json", role: "cluster", text: about(node) },
    ...(node.isServer ? ofServers(node, at, unit, people) : []),
  ];
}

const ofServers = (node: Node, at: string, unit: string, people: string | undefined): readonly HostFile[] => [
  { path: files.audit, role: "cluster", restarts: unit, text: auditPolicy(at) },
  { path: files.admission, role: "cluster", restarts: unit, text: podSecurity(at) },
  ...(people === undefined ? [] : [{ path: files.people, role: "cluster" as const, restarts: unit, text: people }]),
  { path: `/etc/systemd/system/${mountUnit}`, role: "cluster", text: mount(at) },
  ...(node.shares
    ? [
        {
          path: "/var/lib/rancher/rke2/server/manifests/platform-shared-address.yaml",
          role: "cluster" as const,
          text: sharedAddress(node),
        },
      ]
    : []),
];
