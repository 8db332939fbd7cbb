"""The world outside a tenancy: who is there has a namespace of its own on a segment that all share, and may serve."""

import os
import re
import signal
import time
from dataclasses import asdict
from pathlib import Path

from sandbox_machine import namespaces, processes, worlds
from sandbox_machine.problems import Problem, Usage

NTP = Path(__file__).parent / "servers/ntp.py"
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
            command = namespaces.entering(state.namespace("out", outside.name), *server(state, outside))
            processes.launch(command, pid_file, state.outside(outside.name, "log"))
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
    state.outside(outside.name).mkdir(exist_ok=True)
    worlds.settle(state.namespace("out", outside.name), state.namespace("world"), outside.name, outside.addresses)


def server(state, outside):
    """Words that run what an outside serves."""
    if outside.serves == "apt":
        return worlds.web(f"{state.image}/repository", outside.addresses)
    if outside.serves == "ntp":
        return [*worlds.PYTHON, NTP, *outside.addresses]
    return worlds.resolver(names_file(state), outside.addresses)


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
    return worlds.entering(state.namespace("out", name), state.root / "resolv.conf", "/etc/resolv.conf", command)
