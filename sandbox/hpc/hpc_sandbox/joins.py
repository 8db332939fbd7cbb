"""Tenancies of hosts that a supercomputer stands beside: there it is somebody outside, at its own addresses."""

import json
import sys
from pathlib import Path

from sandbox_machine import namespaces
from sandbox_machine.console import line
from sandbox_machine.locks import exclusively
from sandbox_machine.namespaces import port
from sandbox_machine.problems import Problem, Usage
from sandbox_machine.run import run

from hpc_sandbox import names, networks
from hpc_sandbox.state import demand

HOSTS = Path(__file__).resolve().parents[2] / "hosts/hosts.py"


def join(root, folders):
    """Puts a supercomputer beside tenancies of hosts, in place of those who stood in for it there."""
    with exclusively(root):
        state = demand(root)
        if not networks.standing(state):
            raise Usage(f"{state.name} does not stand · hpc.py up {root} FILE")
        for folder in folders:
            stand_beside(state, str(folder))


def part(root, folders):
    """Takes a supercomputer away from tenancies of hosts; who stood in for it is back."""
    with exclusively(root):
        state = demand(root)
        if strange := [str(folder) for folder in folders if str(folder) not in state.joins]:
            raise Usage(f"{state.name} does not stand beside {', '.join(strange)}")
        for folder in folders:
            leave(state, str(folder))
            line("✓", state.name, f"no longer beside {folder.name}")


def again(state):
    """Joins anew whatever was joined and still stands, once networks are new."""
    for folder, was in list(state.joins.items()):
        if standing(was):
            stand_beside(state, folder)
        else:
            leave(state, folder)


def suspend(state):
    """Ends all joins, and remembers them."""
    joins = dict(state.joins)
    for folder in joins:
        leave(state, folder)
    state.joins = joins


def stand_beside(state, folder):
    place, description = tenancy(folder), state.description
    if not standing(place):
        raise Usage(f"{place['name']} does not stand · hosts.py up {folder} FILE")
    taken = {address for other, join in state.joins.items() if other != folder for address in join["addresses"]}
    addresses = [place["egress"], *(host["public"] for host in place["hosts"] if host["public"])]
    addresses = [address for address in dict.fromkeys(addresses) if address]
    if both := taken.intersection(addresses):
        raise Usage(f"{place['name']}: {', '.join(sorted(both))} is an address of another tenancy beside {state.name}")
    if folder in state.joins:
        leave(state, folder)
    mine = {*description.login, description.nat}
    played = [outside["name"] for outside in place["outside"] if mine.intersection(outside["addresses"])]
    interface, world = port(place["id"]), place["world"]
    # Remembered first: what is half done can be undone.
    state.joins[folder] = {
        "name": place["name"],
        "interface": interface,
        "world": world,
        "played": played,
        "addresses": addresses,
        "names": place["names"],
        "neighbours": place["neighbours"],
    }
    state.save()
    with exclusively(Path(folder)):
        for name in played:
            namespaces.batch(world, f"link set {port(name)} down")
        networks.face(state, description, interface, world, port(state.id))
        namespaces.batch(networks.border(state), *(f"route add {one}/32 dev {interface}" for one in addresses))
    forget_neighbours(state.joins[folder])
    names.tell(state, description)
    line("✓", state.name, f"beside {place['name']}")


def leave(state, folder):
    join = state.joins.pop(folder)
    namespaces.unplug(networks.border(state), join["interface"])
    if standing(join):
        for name in join["played"]:
            namespaces.batch(join["world"], f"link set {port(name)} up")
        forget_neighbours(join)
    names.tell(state, state.description)
    state.save()


def forget_neighbours(join):
    """Lets those who were neighbours of one find the other."""
    for namespace in join["neighbours"]:
        if namespaces.exists(namespace):
            namespaces.batch(namespace, "neigh flush all")


def tenancy(folder):
    """What hosts.py tells of a tenancy; it may have hosts that are not up."""
    text = run(sys.executable, "-B", HOSTS, "status", folder, "--json", check=False)
    try:
        return json.loads(text)
    except ValueError as error:
        raise Problem(f"no hosts in {folder} · hosts.py up {folder} FILE") from error


def standing(place):
    """Whether the world of a tenancy is there."""
    return namespaces.exists(place["world"])
