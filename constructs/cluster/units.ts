import { lines } from "../hosts/lines";
import { type Node, portOf, unitOf } from "./nodes";
import { agentTokenFile, tokenFile } from "./secrets";

/** Where etcd keeps its data and snapshots, and the volume on which they are. */
const database = "/var/lib/rancher/rke2/server/db";
const volume = "/srv/etcd";

/** Where systemd wants the unit of a mount: by its path. @see systemd.mount(5) */
export const mountUnit = `${database.slice(1).replaceAll("/", "-")}.mount`;

/** etcd's data alone are on the volume, apart from images and logs, whose writing would slow it down. */
export const mount = (header: string): string =>
  lines(
    header,
    "[Unit]",
    "Description=etcd of the cluster, on its volume",
    `RequiresMountsFor=${volume}`,
    "",
    "[Mount]",
    `What=${volume}/db`,
    `Where=${database}`,
    "Type=none",
    "Options=bind",
  );

/** RKE2 brings its unit. Before a start, the token is put together with the CA that was learned: who joins holds servers against it. */
export const dropIn = (header: string, node: Node): string =>
  lines(
    header,
    ...(node.isServer ? ["[Unit]", `RequiresMountsFor=${database}`, ""] : []),
    "[Service]",
    `ExecStartPre=/usr/local/sbin/platform-cluster-token ${node.isServer ? `${tokenFile} server` : `${agentTokenFile} node`}`,
  );

/**
 * RKE2 hands it on to containerd, and to the API, which fetches keys of issuers. Nothing inside goes there.
 * @see https://docs.rke2.io/advanced, "Configuring an HTTP proxy"
 */
export const environment = (header: string, { place, said, proxy }: Node): string | undefined => {
  if (proxy === undefined) return undefined;
  const inside = [
    ...["127.0.0.0/8", "localhost", ".svc", ".cluster.local"],
    ...[place.tenancy.network.cidr, said.pods, said.services],
    `.${place.name}.${place.site.dns}`,
  ];
  return lines(header, `HTTP_PROXY=${proxy}`, `HTTPS_PROXY=${proxy}`, `NO_PROXY=${inside.join(",")}`);
};

/** What Ansible, and whoever looks, has to know of a node beyond its configuration. No value in it is secret. */
export const about = (node: Node): string => {
  const { said, isServer, begins, front, servers, host, proxy } = node;
  const join = portOf(node, "cluster-join");
  return `${JSON.stringify(
    {
      version: said.version,
      tarball: `https://github.com/rancher/rke2/releases/download/${encodeURIComponent(said.version)}/rke2.linux-amd64.tar.gz`,
      ...(said.sha256 === undefined ? {} : { sha256: said.sha256 }),
      kind: isServer ? "server" : "agent",
      unit: unitOf(node),
      begins,
      // Of servers behind a load balancer alone it opens nothing to each other but etcd.
      asks: [
        front,
        ...(node.shares ? servers.filter(({ id }) => id !== host.id).map(({ address }) => address) : []),
      ].map((address) => `https://${address}:${join}/cacerts`),
      ...(proxy === undefined ? {} : { proxy }),
      ...(isServer ? { listens: [`${host.address}:${portOf(node, "cluster-api")}`] } : {}),
    },
    undefined,
    2,
  )}\n`;
};
