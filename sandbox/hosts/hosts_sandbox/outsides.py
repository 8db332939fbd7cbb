"""The world outside a tenancy: who is there has a namespace of its own on a segment that all share, and may serve."""

import os
import re
import signal
import time
from dataclasses import asdict
from pathlib import Path

from sandbox_machine import processes
from sandbox_machine.problems import Problem, Usage

from hosts_sandbox import namespaces, rules

SERVERS = Path(__file__).parent / "servers"
PYTHON = ("/usr/bin/python3", "-B")
PORTS = {"apt": 80, "dns": 53}
PATIENCE = 20.0
FQDN = re.compile(r"^fqdn:\s*[\"']?([\w.-]+)", re.MULTILINE)


def words(outside):
    """What an outside was made from; its names are only told, and may change."""
    made = asdict(outside)
    del made["names"]
    return {**made, "addresses": list(outside.addresses)}


def stale(state, description):
    wanted = {name: words(outside) for name, outside in description.outside.items()}
    return [name for name, made in state.standing("outside").items() if wanted.get(name) != made]


def remove(state, name):
    if state.outside(name).is_dir():
        processes.end([state.outside(name, "pid")])
        for file in state.outside(name).iterdir():
            file.unlink()
        state.outside(name).rmdir()
    namespaces.remove(state.namespace("out", name))
    del state.standing("outside")[name]


def converge(state, description):
    """Makes who is lacking, starts what they serve, and tells the resolvers all names."""
    for name, outside in description.outside.items():
        if name not in state.standing("outside"):
            make(state, outside)
            state.standing("outside")[name] = words(outside)
    tell_names(state, description)
    for outside in description.outside.values():
        pid_file = state.outside(outside.name, "pid")
        if outside.serves and not processes.running(pid_file):
            entered = ["nsenter", f"--net={namespaces.FOLDER / state.namespace('out', outside.name)}"]
            processes.launch([*entered, *server(state, outside)], pid_file, state.outside(outside.name, "log"))
    for outside in description.outside.values():
        await_server(state, outside)


def await_server(state, outside):
    """Waits until a server that has connections takes them."""
    port = PORTS.get(outside.serves)
    limit = time.monotonic() + PATIENCE
    for address in outside.addresses if port else ():
        while namespaces.ask(state.namespace("out", outside.name), address, port) is None:
            if not processes.running(state.outside(outside.name, "pid")) or time.monotonic() > limit:
                raise Problem(f"{outside.name} does not serve {outside.serves}", state.outside(outside.name, "log"))
            time.sleep(0.02)


def make(state, outside):
    namespace, world = state.namespace("out", outside.name), state.namespace("world")
    state.outside(outside.name).mkdir(exist_ok=True)
    namespaces.add(namespace, "net.ipv4.ping_group_range=0 2147483647")
    namespaces.cable(namespace, "eth0", world, rules.port(outside.name))
    namespaces.batch(
        namespace,
        *(f"addr add {address}/32 dev eth0" for address in outside.addresses),
        "link set eth0 up",
        "route add default dev eth0",
    )
    namespaces.batch(world, f"link set {rules.port(outside.name)} master br0 up")


def server(state, outside):
    """Words that run what an outside serves."""
    if outside.serves == "apt":
        return [*PYTHON, SERVERS / "apt.py", f"{state.image}/repository", *outside.addresses]
    if outside.serves == "ntp":
        return [*PYTHON, SERVERS / "ntp.py", *outside.addresses]
    # It knows these names and no others: there is nobody further out to ask.
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
        *(f"--listen-address={address}" for address in outside.addresses),
        f"--addn-hosts={names_file(state)}",
    ]


def names_file(state):
    return state.root / "names"


def names(description):
    """All names that the world knows: those of who is outside, and of hosts with a public address."""
    known = {}
    for outside in description.outside.values():
        if outside.addresses:
            known[outside.name] = outside.addresses[0]
        known |= outside.names
    for host in description.hosts.values():
        if host.public:
            known |= dict.fromkeys([*host.names, *FQDN.findall(host.user_data)], host.public)
    return known


def tell_names(state, description):
    text = "".join(f"{address} {name}\n" for name, address in names(description).items())
    if names_file(state).exists() and names_file(state).read_text() == text:
        return
    names_file(state).write_text(text)
    for outside in description.serving("dns"):
        if pid := processes.running(state.outside(outside.name, "pid")):
            os.kill(pid, signal.SIGHUP)
    servers = [address for outside in description.serving("dns") for address in outside.addresses]
    (state.root / "resolv.conf").write_text("".join(f"nameserver {server}\n" for server in servers))


def entering(state, name, command):
    """Words that run a command of the machine as somebody outside, with the names that the world knows."""
    if name not in state.standing("outside"):
        raise Usage(f"nobody outside is called {name} · {', '.join(state.standing('outside'))}")
    bound = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'
    entered = ["nsenter", f"--net={namespaces.FOLDER / state.namespace('out', name)}"]
    return [*entered, "unshare", "--mount", "sh", "-c", bound, state.root / "resolv.conf", *command]
