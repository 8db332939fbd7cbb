"""Supercomputers come up as they are described, and their machines stop and start again."""

import shutil
import time

from sandbox_machine import containers, images
from sandbox_machine.console import line, step
from sandbox_machine.locks import exclusively
from sandbox_machine.problems import Problem, Usage
from sandbox_machine.states import ours

from hpc_sandbox import accounts, image, joins, networks, public, roots
from hpc_sandbox.condition import conditions
from hpc_sandbox.description import read
from hpc_sandbox.machines import machines
from hpc_sandbox.state import FOREIGN, State, demand

PATIENCE = 120.0


def up(root, given, where):
    """Everything as it is described. What is described otherwise than before is booted anew, and has no jobs yet."""
    description = read(given, where)
    ours(root, FOREIGN)
    if set(str(root)) & set(":,\\"):
        raise Usage(f"{root}: the path of an overlay has no colon, comma or backslash")
    built = image.build()
    with exclusively(root):
        state = State.load(root) or State.create(root, description.name, built, given)
        if description.name != state.name:
            raise Usage(f"{root} holds {state.name}, not {description.name}")
        if state.given != given:
            undo(state)
            state.given, state.image = given, str(built)
            state.save()
        if not images.whole(state.image):
            raise Usage(f"the image {state.image} is gone: its machines cannot boot · hpc.py down {root}")
        if not networks.standing(state):
            with step(state.name, "networks"):
                networks.make(state, description)
            joins.again(state)
        networks.serve(state, description)
        accounts.make_folders(state, description)
        launch(state, [name for name in machines(description) if not containers.leader(state, name)])
        public.publish(state)


def undo(state):
    """Ends what runs and forgets what machines have written; keys and the shared file system stay."""
    halt(state, [folder.name for folder in state.root.joinpath("hosts").iterdir()], kill=True)
    for folder in state.root.joinpath("hosts").iterdir():
        shutil.rmtree(folder)
    joins.suspend(state)
    networks.remove(state)


def launch(state, names):
    """Boots machines side by side, and waits until each does what it is for."""
    begin = time.monotonic()
    description = state.description
    containers.make_room(len(names))
    for name in names:
        containers.await_end(state, name)
        roots.lay(state, description, name)
        containers.start(state, name, shared=accounts.shared(state, description))
    waiting = list(names)
    while waiting:
        for name, condition in conditions(state, waiting).items():
            if condition == "up":
                waiting.remove(name)
                line("✓", state.name, name, time.monotonic() - begin)
            elif not containers.supervised(state, name):
                raise Problem(f"{state.name} {name} has ended", state.host(name, "console.log"))
        if waiting and time.monotonic() - begin > PATIENCE:
            raise Problem(f"{state.name}: not up: {', '.join(waiting)}", state.host(waiting[0], "console.log"))
        time.sleep(0.1)


def halt(state, names, kill=False):
    """Stops machines side by side; what they have written stays."""
    running = [name for name in names if containers.supervised(state, name)]
    for name in running:
        containers.kill(state, name) if kill else containers.power_off(state, name)
    for name in names:
        begin = time.monotonic()
        containers.await_end(state, name)
        if name in running:
            line("✓", state.name, f"{name} stopped", time.monotonic() - begin)


def start(root, names):
    """Boots machines that do not run."""
    with exclusively(root):
        state = demand(root)
        launch(state, [name for name in named(state, names) if not containers.leader(state, name)])


def stop(root, names, kill):
    with exclusively(root):
        state = demand(root)
        halt(state, named(state, names), kill)


def named(state, names):
    """Names of machines, all if none is given."""
    known = list(machines(state.description))
    if strange := [name for name in names if name not in known]:
        raise Usage(f"no such machine: {', '.join(strange)} · {', '.join(known)}")
    return list(names or known)
