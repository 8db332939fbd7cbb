"""The end of all hosts of a tenancy."""

from sandbox_machine import containers, namespaces, processes, states

from hosts_sandbox import metadata, volumes
from hosts_sandbox.state import FOREIGN, State


def down(root):
    """Ends everything and removes all of it; content with what is half made, or gone."""
    return states.remove(root, FOREIGN, State.load, end)


def end(state):
    hosts = [folder.name for folder in (state.root / "hosts").iterdir()]
    for name in hosts:
        containers.kill(state, name)
    for name in hosts:
        containers.await_end(state, name)
    for folder in (state.root / "volumes").iterdir():
        volumes.detach(state, folder.name)
    processes.end([metadata.pid_file(state), *(folder / "pid" for folder in (state.root / "outside").iterdir())])
    namespaces.clear(state.id)
