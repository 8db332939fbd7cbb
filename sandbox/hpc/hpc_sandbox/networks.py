"""Networks of a supercomputer: its own, in which all machines are, its border, and the world beyond.

The login node has its addresses themselves. Other nodes go out by the border, which translates, or not at all.
"""

from sandbox_machine import namespaces, processes, tables, worlds
from sandbox_machine.namespaces import port

from hpc_sandbox import names, rules
from hpc_sandbox.machines import GATEWAY, INTERNAL, LOGIN, MANAGEMENT, machines

BORDER = ("net.ipv4.ip_forward=1", "net.ipv4.conf.all.arp_ignore=1")
# What the login node has as a gateway, on a cable that nobody else is on.
BESIDE = "169.254.1.1"
INTERNET = "internet"  # who serves the web outside, if somebody is called so


def border(state):
    return state.namespace("border")


def standing(state):
    return namespaces.exists(border(state))


def make(state, description):
    """All networks, with everybody who is outside, or none of them."""
    try:
        lay(state, description)
    except BaseException:
        remove(state)
        raise


def lay(state, description):
    internal, world = state.namespace("internal"), state.namespace("world")
    namespaces.bridge(internal)
    namespaces.bridge(world)
    for machine in machines(description).values():
        plug(state, machine, description)
    namespaces.add(border(state), *BORDER)
    tables.restore(border(state), rules.filter(description))
    tables.restore(border(state), rules.translation(description))
    namespaces.cable(border(state), "internal", internal, "border")
    namespaces.join(internal, "border")
    namespaces.batch(border(state), f"addr add {GATEWAY}/{INTERNAL.prefixlen} dev internal", "link set internal up")
    lead_out(state, description)
    face(state, description, "world", world, "border")
    namespaces.batch(border(state), "route add default dev world")
    for outside in description.outside.values():
        state.outside(outside.name).mkdir(exist_ok=True)
        worlds.settle(state.namespace("out", outside.name), world, outside.name, outside.addresses)
    serve(state, description)


def plug(state, machine, description):
    """The namespace of a machine, with its address on eth0; of nodes that reach something outside, the way there."""
    namespace, internal = state.namespace("host", machine.name), state.namespace("internal")
    namespaces.add(namespace)
    namespaces.cable(namespace, "eth0", internal, port(machine.name))
    goes_out = description.nat and machine.name not in (LOGIN, MANAGEMENT)
    namespaces.batch(
        namespace,
        f"addr add {machine.address}/{INTERNAL.prefixlen} dev eth0",
        "link set eth0 up",
        *([f"route add default via {GATEWAY}"] if goes_out else []),
    )
    namespaces.join(internal, port(machine.name))


def lead_out(state, description):
    """The login node's own way out: a cable to the border, and its addresses at its end."""
    login = state.namespace("host", LOGIN)
    namespaces.cable(login, "outside", border(state), "login")
    namespaces.batch(
        border(state),
        f"addr add {BESIDE}/32 dev login",
        "link set login up",
        *(f"route add {address}/32 dev login" for address in description.login),
    )
    namespaces.batch(
        login,
        *(f"addr add {address}/32 dev outside" for address in description.login),
        "link set outside up",
        f"route add {BESIDE} dev outside scope link",
        f"route add default via {BESIDE} dev outside src {description.login[0]}",
    )


def face(state, description, interface, world, other):
    """Joins the border to a world, and answers there for the addresses of the supercomputer."""
    namespaces.cable(border(state), interface, world, other)
    namespaces.join(world, other)
    # Else it would take its time to answer for somebody else's address.
    namespaces.inside(border(state), "sysctl", "-qw", f"net.ipv4.neigh.{interface}.proxy_delay=0")
    namespaces.batch(
        border(state),
        *([f"addr add {description.nat}/32 dev {interface}"] if description.nat else []),
        f"link set {interface} up",
        *(f"neigh add proxy {address} dev {interface}" for address in description.login),
    )


def serve(state, description):
    """Starts what does not run of the resolver and of the web outside."""
    names.tell(state, description)
    servers = [(border(state), state.root / "resolver", worlds.resolver(names.file(state), [GATEWAY]))]
    if web := description.outside.get(INTERNET):
        folder = state.outside(INTERNET, "www")
        folder.mkdir(parents=True, exist_ok=True)
        command = worlds.web(folder, web.addresses)
        servers.append((state.namespace("out", INTERNET), state.outside(INTERNET, "web"), command))
    for namespace, place, command in servers:
        pid_file, log = place.with_suffix(".pid"), place.with_suffix(".log")
        if not processes.running(pid_file):
            processes.launch(namespaces.entering(namespace, *command), pid_file, log)


def served(state):
    """Pid files of what runs beside the machines."""
    web = [state.outside(INTERNET, "web.pid")] if INTERNET in state.description.outside else []
    return [state.root / "resolver.pid", *web]


def remove(state):
    """Removes all namespaces, with what still runs in them."""
    processes.end(served(state))
    namespaces.clear(state.id)
