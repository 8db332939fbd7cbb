"""What the router's metadata service says of the hosts; it answers those whose rules let them ask."""

import json
from pathlib import Path

from sandbox_machine import namespaces, processes, worlds
from sandbox_machine.files import write_whole

SERVER = Path(__file__).parent / "servers/metadata.py"
ADDRESS = "169.254.169.254"


def pid_file(state):
    return state.root / "metadata.pid"


def converge(state, description):
    """Notes what is known of each host, and starts the service if it does not run."""
    known = {
        host.address: {
            "id": instance(state, host),
            "name": host.name,
            "address": host.address,
            "public": host.public,
            "user_data": host.user_data,
        }
        for host in description.hosts.values()
    }
    file = state.root / "metadata.json"
    write_whole(file, json.dumps(known, indent=1) + "\n")
    if not processes.running(pid_file(state)):
        command = namespaces.entering(state.namespace("router"), *worlds.PYTHON, SERVER, file)
        processes.launch(command, pid_file(state), state.root / "metadata.log")


def instance(state, host):
    """Id of the server: another generation is another server."""
    return f"{state.id}-{host.name}-{host.generation}"
