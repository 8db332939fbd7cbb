"""Hosts come up as they are described, stop, and start again."""

import json
import time
from contextlib import nullcontext
from pathlib import Path

from sandbox_machine import containers, images, namespaces
from sandbox_machine.console import line, step
from sandbox_machine.locks import exclusively
from sandbox_machine.problems import Problem, Usage
from sandbox_machine.states import ours

from hosts_sandbox import image, metadata, networks, outsides, roots, volumes
from hosts_sandbox.description import read
from hosts_sandbox.state import FOREIGN, State, demand

PATIENCE = 120.0


def up(root, given, where, chosen):
    """Everything as it is described; of the hosts only the chosen ones boot, if some are."""
    description = read(given, where)
    ours(root, FOREIGN)
    if set(str(root)) & set(":,\\"):
        raise Usage(f"{root}: the path of an overlay has no colon, comma or backslash")
    if strange := [name for name in chosen if name not in description.hosts]:
        raise Usage(f"not described: {', '.join(strange)}")
    built = image.build()
    with exclusively(root):
        state = State.load(root) or State.create(root, description.name, built)
        if description.name != state.name:
            raise Usage(f"{root} holds {state.name}, not {description.name}")
        if not images.whole(state.image):
            raise Usage(f"the image {state.image} is gone: its hosts cannot boot · hosts.py down {root}")
        try:
            state.survive(namespaces.exists(state.namespace("router")))
            converge(state, description, chosen)
            state.given = given
        finally:
            state.save()
        wanted = [host for host in description.hosts.values() if not chosen or host.name in chosen]
        launch(state, description, [host for host in wanted if not containers.leader(state, host.name)])


def converge(state, description, chosen):
    """Ends what is wanted no more or otherwise, makes what is lacking, and leaves the rest running."""
    changed = remove_stale(state, description, chosen)
    with step(state.name, "networks") if changed or not state.standing("router") else nullcontext():
        networks.converge(state, description)
        outsides.converge(state, description)
        for host in description.hosts.values():
            if host.name not in state.standing("port"):
                networks.plug(state, host, description.networks[host.network])
                state.standing("port")[host.name] = port_words(host, description)
    metadata.converge(state, description)
    if networks.translate(state, description):
        line("✓", state.name, "router")
    if changed_rules := networks.enforce(state, description, list(description.hosts.values())):
        withdraw(state, description)
        line("✓", state.name, f"rules {' '.join(changed_rules)}")
    for host in description.hosts.values():
        change_volumes(state, host)


def port_words(host, description):
    return [host.network, host.address, networks.words(description.networks[host.network])]


def remove_stale(state, description, chosen):
    """Stops and removes what the description does not have like this; tells whether there was something."""
    standing = state.standing("port")
    gone = [name for name in standing if name not in description.hosts]
    roots_made = state.standing("root")
    rebuilt = [
        host.name
        for host in description.hosts.values()
        if roots_made.get(host.name, host.generation) != host.generation and (not chosen or host.name in chosen)
    ]
    wanted = {host.name: port_words(host, description) for host in description.hosts.values()}
    moved = [name for name, made in standing.items() if name in wanted and wanted[name] != made]
    ended = list(dict.fromkeys([*gone, *rebuilt, *moved]))
    halt(state, ended)
    for name in [*gone, *moved]:
        networks.unplug(state, name)
        del standing[name]
    for name in [*gone, *rebuilt]:
        roots.remove(state, name)
    for name in gone:
        line("✓", state.name, f"{name} removed")
    strangers = outsides.stale(state, description)
    for name in strangers:
        outsides.remove(state, name)
    segments = networks.stale(state, description)
    for name in segments:
        networks.remove(state, name)
    lacking = [h for h in description.hosts if h not in standing] + [
        o for o in description.outside if o not in state.standing("outside")
    ]
    return bool(ended or strangers or segments or lacking)


def withdraw(state, description):
    """A rule that is gone ends the connections that it has admitted."""
    had = state.description.hosts if state.given else {}
    for host in description.hosts.values():
        for rule in had[host.name].rules if host.name in had else ():
            if rule not in host.rules:
                networks.forget_connections(state, host, rule)


def change_volumes(state, host):
    """Volumes are made, grown and attached while the host runs; what goes is detached at its next start."""
    had = set(state.standing("disk").get(host.name, {}))
    volumes.create(state, host)
    pid = containers.leader(state, host.name)
    if not pid:
        return
    devices = volumes.attach(state, host)
    if set(state.standing("disk")[host.name]) == had:
        return
    containers.attach(state, host.name, devices)
    roots.describe_disks(state, host, pid)


def launch(state, description, hosts):
    """Boots hosts side by side, and waits until each has done its first boot and answers."""
    begin = time.monotonic()
    containers.make_room(len(hosts))
    for host in hosts:
        containers.await_end(state, host.name)
        if state.standing("root").get(host.name) != host.generation:
            roots.create(state, host, description)
        volumes.detach(state, host.name)
        devices = volumes.attach(state, host)
        roots.describe_disks(state, host)
        containers.start(state, host.name, devices)
    state.save()
    waiting = {host.name: host for host in hosts}
    while waiting:
        for name in list(waiting):
            if ready(state, name):
                del waiting[name]
                report(state, name, time.monotonic() - begin)
            elif not containers.supervised(state, name):
                raise Problem(f"{state.name} {name} has ended", state.host(name, "console.log"))
        if waiting and time.monotonic() - begin > PATIENCE:
            raise Problem(f"{state.name}: not up: {', '.join(waiting)}", state.host(next(iter(waiting)), "console.log"))
        time.sleep(0.1)


def ready(state, name):
    """Whether cloud-init has finished and sshd answers."""
    pid = containers.leader(state, name)
    if not pid or not Path(f"/proc/{pid}/root/run/cloud-init/result.json").exists():
        return False
    return namespaces.ask(state.namespace("host", name), "127.0.0.1", 22, length=4) == b"SSH-"


def report(state, name, seconds):
    """Says that a host is up, and what its first boot complained about."""
    pid = containers.leader(state, name)
    errors = json.loads(Path(f"/proc/{pid}/root/run/cloud-init/result.json").read_text())["v1"]["errors"]
    line("✓", state.name, name, seconds)
    for error in errors:
        line("✗", state.name, f"{name} cloud-init: {error}")


def halt(state, names, kill=False):
    """Stops hosts side by side; their roots, volumes and ports stay."""
    running = [name for name in names if containers.supervised(state, name)]
    for name in running:
        containers.kill(state, name) if kill else containers.power_off(state, name)
    for name in names:
        begin = time.monotonic()
        containers.await_end(state, name)
        volumes.detach(state, name)
        if name in running:
            line("✓", state.name, f"{name} stopped", time.monotonic() - begin)


def start(root, names):
    """Boots hosts that do not run, as they were described last."""
    with exclusively(root):
        state = demand(root)
        hosts = state.description.hosts
        wanted = [hosts[name] for name in named(state, names) if not containers.leader(state, name)]
        launch(state, state.description, wanted)


def stop(root, names, kill):
    with exclusively(root):
        state = demand(root)
        halt(state, named(state, names), kill)


def grow(root, host, volume, mib):
    """Makes a volume larger; the description that is remembered follows."""
    with exclusively(root):
        state = demand(root)
        named(state, [host])
        volumes.grow(state, host, volume, mib)
        row = next(row for row in state.given["hosts"] if row["name"] == host)
        next(row for row in row["volumes"] if row["name"] == volume)["MiB"] = mib
        state.save()


def named(state, names):
    """Names of hosts that are described, all if none is given."""
    known = [row["name"] for row in state.given.get("hosts", [])]
    if strange := [name for name in names if name not in known]:
        raise Usage(f"no such host: {', '.join(strange)} · {', '.join(known)}")
    return list(names or known)
