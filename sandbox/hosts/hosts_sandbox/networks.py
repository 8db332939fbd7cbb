"""Networks of a tenancy and its router: a bridge in a namespace each, joined by cables."""

from sandbox_machine import namespaces, tables
from sandbox_machine.namespaces import port

from hosts_sandbox import metadata, rules

FORWARDING = ("net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.all.arp_ignore=1")
# A bridged frame meets the tables of its namespace: that is where security groups are.
BRIDGED = ("net.bridge.bridge-nf-call-iptables=1", "net.bridge.bridge-nf-call-ip6tables=1")
NO_IPV6 = "*filter\n:FORWARD DROP [0:0]\nCOMMIT\n"


def words(network):
    """What a network was made from; when they change, it is made anew."""
    return [network.cidr, network.gateway]


def stale(state, description):
    """Networks that stand, and are wanted no more or otherwise."""
    wanted = {name: words(network) for name, network in description.networks.items()}
    return [name for name, made in state.standing("network").items() if wanted.get(name) != made]


def remove(state, name):
    namespaces.remove(state.namespace("net", name))
    state.standing("filter").pop(name, None)
    del state.standing("network")[name]


def converge(state, description):
    """Makes what is lacking: the world, the router, the networks and the router's port in each."""
    world, router = state.namespace("world"), state.namespace("router")
    if not state.standing("router"):
        namespaces.bridge(world)
        namespaces.add(router, *FORWARDING)
        namespaces.batch(router, f"addr add {metadata.ADDRESS}/32 dev lo")
        tables.restore(router, rules.router_filter())
        state.standing("router")["addresses"] = []
    standing = state.standing("network")
    for name, network in description.networks.items():
        if name in standing:
            continue
        namespace = state.namespace("net", name)
        namespaces.bridge(namespace, *BRIDGED)
        namespaces.inside(namespace, "ip6tables-restore", text=NO_IPV6)
        if network.gateway:
            plug = port(name)
            namespaces.cable(router, plug, namespace, "router")
            namespaces.join(namespace, "router")
            namespaces.batch(router, f"addr add {network.gateway}/{network.length} dev {plug}", f"link set {plug} up")
        standing[name] = words(network)
    face_the_world(state, description, router, world)


def face_the_world(state, description, router, world):
    """The router's addresses on the segment that all of the world shares; everybody there is a neighbour."""
    standing = state.standing("router")
    had, wanted = standing["addresses"], []
    if description.egress:
        wanted = list(dict.fromkeys([description.egress, *(h.public for h in description.hosts.values() if h.public)]))
    if wanted and not had:
        namespaces.cable(router, "world", world, "router")
        namespaces.join(world, "router")
        namespaces.batch(router, "link set world up", "route add default dev world")
    gone = [f"addr del {address}/32 dev world" for address in had if address not in wanted]
    new = [f"addr add {address}/32 dev world" for address in wanted if address not in had]
    if had and not wanted:
        namespaces.batch(router, "link del world")
    elif gone or new:
        namespaces.batch(router, *new, *gone)
    standing["addresses"] = wanted


def translate(state, description):
    """Applies address translation; tells whether it has changed."""
    standing = state.standing("router")
    hosts = description.hosts.values()
    text = (
        rules.router_translation(description.egress, hosts, description.networks.values()) if description.egress else ""
    )
    if standing.get("translation", "") != text:
        tables.restore(state.namespace("router"), text or tables.table("nat", [":POSTROUTING ACCEPT"], []))
        # Connections remember the translation they began with.
        namespaces.inside(state.namespace("router"), "conntrack", "-F")
        standing["translation"] = text
        return True
    return False


def enforce(state, description, hosts):
    """Applies the security groups of all hosts that have a port; tells which networks changed."""
    changed = []
    for name in description.networks:
        text = rules.network_filter([host for host in hosts if host.network == name])
        standing = state.standing("filter")
        if standing.get(name) != text:
            tables.restore(state.namespace("net", name), text)
            standing[name] = text
            changed.append(name)
    return changed


def forget_connections(state, host, rule):
    """Ends what a rule has admitted that is there no more; what others still admit goes on."""
    way = ("-s", "-d") if rule.direction == "in" else ("-d", "-s")
    match = [way[1], host.address] + (["-p", rule.proto] if rule.proto else [])
    namespaces.inside(state.namespace("net", host.network), "conntrack", "-D", *match, check=False)


def plug(state, host, network):
    """The namespace of a host, with its address on eth0, joined to its network."""
    namespace, segment = state.namespace("host", host.name), state.namespace("net", host.network)
    namespaces.add(namespace)
    namespaces.cable(namespace, "eth0", segment, port(host.name))
    digest = port(f"{state.id} {host.name}")
    hardware = ":".join(["fa:16:3e", digest[1:3], digest[3:5], digest[5:7]])
    namespaces.batch(
        namespace,
        f"link set eth0 address {hardware}",
        f"addr add {host.address}/{network.length} dev eth0",
        "link set eth0 up",
        *([f"route add default via {network.gateway}"] if network.gateway else []),
    )
    namespaces.join(segment, port(host.name))


def unplug(state, name):
    namespaces.remove(state.namespace("host", name))
