"""Free ports on loopback, a block per cloud."""

import json
import os
import socket
from pathlib import Path

from sandbox_machine.cache import cache
from sandbox_machine.locks import locked
from sandbox_machine.problems import Problem

LISTENERS = (
    "keystone",
    "placement",
    "glance",
    "neutron",
    "nova",
    "cinder",
    "swift",
    "swift-account",
    "swift-container",
    "swift-object",
    "octavia",
)
FIRST = 20000
BLOCK = 20
RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def claim(root):
    """Ports for the cloud in the folder `root`; none that has been given to another, even if nothing listens yet."""
    with locked(cache() / "sandbox-openstack-ports.json") as file:
        given = read(file)
        given.pop(str(root), None)
        # In the kernel's ephemeral range the client side of any connection may hold a port when a service wants it.
        end = int(RANGE.read_text().split()[0]) if RANGE.exists() else 32768
        for first in range(FIRST, end - BLOCK, BLOCK):
            numbers = range(first, first + len(LISTENERS))
            if first not in given.values() and all(map(free, numbers)):
                write(file, {**given, str(root): first})
                return dict(zip(LISTENERS, numbers, strict=True))
    raise Problem(f"no {len(LISTENERS)} free ports in a row between {FIRST} and {end}")


def release(root):
    """Gives the ports of a cloud back."""
    with locked(cache() / "sandbox-openstack-ports.json") as file:
        write(file, {owner: first for owner, first in read(file).items() if owner != str(root)})


def read(file):
    """What is given to clouds that are still there."""
    file.seek(0)
    text = file.read()
    return {owner: first for owner, first in json.loads(text or "{}").items() if os.path.isdir(owner)}


def write(file, given):
    file.seek(0)
    file.truncate()
    json.dump(given, file, indent=1)
    file.flush()


def free(port):
    """Whether nothing listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
