// What a description declares to pass, by addresses: read from the flows themselves, without the rules that are made of them.

/** @typedef {{ out: boolean, hosts: Set<string>, peers: string[], traffic: { proto: string, from: number, to: number } }} Permit */

/** Whether a party is ours. @param {any} party */
const isOurs = (party) => "group" in party && "hosts" in party;
/** Whether a stop is a load balancer. @param {any} stop */
const isBalancer = (stop) => "virtual" in stop;

/**
 * What hosts of a tenancy may send and take, from every connection that a flow is made of.
 * @param {readonly any[]} flows @param {any} place @returns {Permit[]}
 */
export function permitsOf(flows, place) {
  return flows.flatMap(({ from, proxy, relay, balancer, to, traffic, inCluster }) => {
    // It is in VXLAN between the nodes of a cluster, another flow.
    if (inCluster) return [];
    const ways = [
      ...(proxy ? [{ to: proxy.party, traffic: proxy.traffic }] : []),
      ...(relay ? [{ to: relay.party, traffic: relay.traffic }] : []),
      ...(balancer ? [{ to: balancer, traffic }] : []),
      { to, traffic },
    ];
    return ways.flatMap((way, i) => {
      const source = ways[i - 1]?.to ?? from;
      return [
        permit(source, true, way.to, way.traffic, place),
        permit(way.to, false, source, way.traffic, place),
      ].flat();
    });
  });
}

/** @param {any} at @param {boolean} out @param {any} peer @param {Permit["traffic"]} traffic @param {any} place @returns {Permit[]} */
function permit(at, out, peer, traffic, place) {
  if (isBalancer(at) || !isOurs(at) || at.group.place !== place.id) return [];
  return [
    {
      out,
      hosts: new Set(at.hosts.map((/** @type {any} */ { name }) => name)),
      peers: seen(peer, out, place),
      traffic,
    },
  ];
}

/** By which addresses hosts of a tenancy know somebody. @param {any} peer @param {boolean} out @param {any} place @returns {string[]} */
function seen(peer, out, place) {
  if (isBalancer(peer)) return known([out ? peer.virtual : peer.sources]);
  if (!isOurs(peer)) return known(peer.addresses);
  if (peer.group.place === place.id) return peer.hosts.map((/** @type {any} */ { address }) => `${address}/32`);
  return known(peer.hosts.map((/** @type {any} */ host) => host.public?.address ?? peer.egress));
}

/** @param {any[]} addresses @returns {string[]} */
const known = (addresses) => addresses.flatMap((address) => ("known" in address ? [address.known] : []));

/** @param {string} address */
const number = (address) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
/** @param {string} network @param {string} address */
export function contains(network, address) {
  const [base = "", length = "32"] = network.split("/");
  const size = 2 ** (32 - Number(length));
  return Math.floor(number(base) / size) === Math.floor(number(address) / size);
}

/**
 * @param {readonly Permit[]} permits @param {string} host @param {boolean} out @param {string} address of the other side
 * @param {string} proto @param {number} port
 */
export const permits = (permits, host, out, address, proto, port) =>
  permits.some(
    (each) =>
      each.out === out &&
      each.hosts.has(host) &&
      each.traffic.proto === proto &&
      each.traffic.from <= port &&
      port <= each.traffic.to &&
      each.peers.some((peer) => contains(peer, address)),
  );
