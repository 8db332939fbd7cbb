"""The world outside: a segment on which everybody is a neighbour, and who is there."""

from pathlib import Path

from sandbox_machine import namespaces
from sandbox_machine.namespaces import port

SERVERS = Path(__file__).parent / "servers"
PYTHON = ("/usr/bin/python3", "-B")


def settle(namespace, world, name, addresses):
    """Somebody outside: a namespace with these addresses, on the segment of a world."""
    namespaces.add(namespace, "net.ipv4.ping_group_range=0 2147483647")
    namespaces.cable(namespace, "eth0", world, port(name))
    namespaces.batch(
        namespace,
        *(f"addr add {address}/32 dev eth0" for address in addresses),
        "link set eth0 up",
        "route add default dev eth0",
    )
    namespaces.join(world, port(name))


def web(folder, addresses):
    """Words that serve a folder at port 80."""
    return [*PYTHON, SERVERS / "web.py", folder, *addresses]


def resolver(names, addresses):
    """Words that answer with the names in a file, and with no others: there is nobody further out to ask."""
    return [
        "dnsmasq",
        "--keep-in-foreground",
        "--conf-file=/dev/null",
        "--user=root",
        "--group=root",
        "--pid-file",
        "--log-facility=-",
        "--log-queries",
        "--no-resolv",
        "--no-hosts",
        "--local=/#/",
        "--bind-interfaces",
        *(f"--listen-address={address}" for address in addresses),
        f"--addn-hosts={names}",
    ]


def entering(namespace, file, place, command):
    """Words that run a command of the machine in a namespace, where `place` is another file: names that it knows."""
    bound = 'file=$1 place=$2; shift 2; mount --bind "$file" "$place" && exec "$@"'
    return namespaces.entering(namespace, "unshare", "--mount", "sh", "-c", bound, "sh", file, place, *command)
