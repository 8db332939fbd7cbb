"""Whether machines do what they are for."""

import subprocess

from sandbox_machine import containers, namespaces

from hpc_sandbox.machines import LOGIN, MANAGEMENT

# In which Slurm gives a node work, or would.
FIT = {"idle", "planned", "mixed", "allocated", "completing"}


def conditions(state, names):
    """Of each machine: up, boots, stopped, or what Slurm says of a node that it does not use."""
    slurm = nodes(state)
    return {name: condition(state, name, slurm) for name in names}


def condition(state, name, slurm):
    if not containers.supervised(state, name):
        return "stopped"
    if not containers.leader(state, name):
        return "boots"
    if name == LOGIN:
        answers = namespaces.ask(state.namespace("host", name), "127.0.0.1", 22, length=4) == b"SSH-"
        return "up" if answers else "boots"
    if name == MANAGEMENT:
        return "up" if slurm is not None else "boots"
    said = (slurm or {}).get(name, "boots")
    return "up" if said in FIT else said


def nodes(state):
    """What Slurm says of each node; None if it says nothing."""
    if not containers.leader(state, MANAGEMENT):
        return None
    command = containers.entering(state, MANAGEMENT, ["timeout", "5", "sinfo", "--noheader", "-N", "-o", "%N %T"])
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return dict(row.split() for row in done.stdout.splitlines()) if done.returncode == 0 else None
