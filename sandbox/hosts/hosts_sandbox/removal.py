"""The end of all hosts of a tenancy."""

import os
import shutil
import signal

from hosts_sandbox import containers, metadata, namespaces, networks, processes, volumes
from hosts_sandbox.state import State, exclusively, ours


def down(root):
    """Ends everything and removes all of it; content with what is half made, or gone."""
    if not root.exists():
        return False
    ours(root)
    with exclusively(root):
        if state := State.load(root):
            end(state)
        shutil.rmtree(root)
    return True


def end(state):
    hosts = [folder.name for folder in (state.root / "hosts").iterdir()]
    for name in hosts:
        containers.kill(state, name)
    for name in hosts:
        containers.await_end(state, name)
    for folder in (state.root / "volumes").iterdir():
        volumes.detach(state, folder.name)
    processes.end(metadata.pid_file(state))
    for folder in (state.root / "outside").iterdir():
        processes.end(folder / "pid")
    for namespace in namespaces.of(state.id):
        # Shells and programs that somebody has left in it.
        for pid in networks.pids(namespace):
            os.kill(pid, signal.SIGKILL)
        namespaces.remove(namespace)
