"""Free ports on loopback, a block per state."""

import json
import os
import socket
from pathlib import Path

from sandbox_machine.cache import cache
from sandbox_machine.locks import locked
from sandbox_machine.problems import Problem

FIRST = 20000
BLOCK = 20
RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def claim(root, listeners):
    """A port per listener of the state in the folder `root`; none that another has, even if nothing listens yet."""
    with locked(registry()) as file:
        given = read(file)
        given.pop(str(root), None)
        # In the kernel's ephemeral range the client side of any connection may hold a port when a service wants it.
        end = int(RANGE.read_text().split()[0]) if RANGE.exists() else 32768
        for first in range(FIRST, end - BLOCK, BLOCK):
            numbers = range(first, first + len(listeners))
            if first not in given.values() and all(map(free, numbers)):
                write(file, {**given, str(root): first})
                return dict(zip(listeners, numbers, strict=True))
    raise Problem(f"no {len(listeners)} free ports in a row between {FIRST} and {end}")


def release(root):
    """Gives the ports of a state back."""
    with locked(registry()) as file:
        write(file, {owner: first for owner, first in read(file).items() if owner != str(root)})


def registry():
    return cache() / "sandbox-ports.json"


def read(file):
    """What is given to states that are still there."""
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
