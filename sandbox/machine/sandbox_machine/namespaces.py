"""Network namespaces: what machines, their networks and the world outside live in."""

import ctypes
import hashlib
import os
import signal
import socket
import threading
from pathlib import Path

from sandbox_machine.run import run

FOLDER = Path("/run/netns")
NEW_NETWORK = 0x40000000
PORT = "p"  # begins the names of interfaces that have none of their own
# No IPv6 anywhere: security groups here are IPv4, and a link-local address would go around them.
SETTINGS = ("net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1")


def add(name, *settings):
    """A namespace with nothing but loopback; one that was left half made is none."""
    remove(name)
    run("ip", "netns", "add", name)
    inside(name, "sysctl", "-qw", *SETTINGS, *settings)
    batch(name, "link set lo up")


def exists(name):
    return (FOLDER / name).exists()


def of(prefix):
    """Names of the namespaces that begin like this."""
    return sorted(entry.name for entry in FOLDER.glob(f"{prefix}-*"))


def remove(name):
    """Removes a namespace with its interfaces; what still runs in it must have been ended before."""
    if exists(name):
        run("ip", "netns", "del", name)


def entering(name, *command):
    """Words that run a program in the namespace; cheaper than `ip netns exec`, which mounts."""
    return ["nsenter", f"--net={FOLDER / name}", *command]


def inside(name, *command, **keywords):
    """Runs a program in the namespace."""
    return run(*entering(name, *command), **keywords)


def batch(name, *lines):
    """Several `ip` commands at once."""
    run("ip", "-n", name, "-batch", "-", text="\n".join(lines) + "\n")


def cable(one, plug, other, socket_name):
    """Joins two namespaces by a pair of interfaces."""
    # The kernel takes its time to remove those of a namespace that is gone.
    for namespace, interface in ((one, plug), (other, socket_name)):
        unplug(namespace, interface)
    batch(one, f"link add {plug} type veth peer name {socket_name} netns {other}")


def bridge(name, *settings):
    """A namespace that is a network: who is joined to its bridge is on it."""
    add(name, *settings)
    batch(name, "link add br0 type bridge forward_delay 0", "link set br0 up")


def join(name, interface):
    """Joins an interface in the namespace of a network to its bridge."""
    batch(name, f"link set {interface} master br0 up")


def unplug(name, interface):
    """Removes an interface, and the other end of its cable."""
    run("ip", "-n", name, "link", "del", interface, check=False)


def port(name):
    """Name of an interface: at most 15 characters, whatever it is of."""
    return f"{PORT}{hashlib.sha256(name.encode()).hexdigest()[:10]}"


def clear(prefix):
    """Removes all namespaces that begin like this, with shells and programs that somebody has left in them."""
    for name in of(prefix):
        for pid in run("ip", "netns", "pids", name).split():
            os.kill(int(pid), signal.SIGKILL)
        remove(name)


def ask(name, address, port, length=0, seconds=1.0):
    """The first bytes that a server says to somebody in the namespace; None if it does not answer."""
    found = []

    def connect():
        try:
            # A thread has a network namespace of its own; the rest of the process stays where it is.
            with (FOLDER / name).open() as file:
                if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), NEW_NETWORK):
                    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
            with socket.create_connection((address, port), seconds) as connection:
                connection.settimeout(seconds)
                found.append(connection.recv(length) if length else b"")
        except OSError:
            return

    thread = threading.Thread(target=connect)
    thread.start()
    thread.join()
    return found[0] if found else None
