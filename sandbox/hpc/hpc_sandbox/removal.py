"""The end of a supercomputer."""

from sandbox_machine import containers, states

from hpc_sandbox import joins, networks
from hpc_sandbox.state import FOREIGN, State


def down(root):
    """Ends everything and removes all of it; content with what is half made, or gone."""
    return states.remove(root, FOREIGN, State.load, end)


def end(state):
    names = [folder.name for folder in (state.root / "hosts").iterdir()]
    for name in names:
        containers.kill(state, name)
    for name in names:
        containers.await_end(state, name)
    for folder in list(state.joins):
        joins.leave(state, folder)
    networks.remove(state)
