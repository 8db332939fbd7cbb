"""What of a supercomputer stands on this machine."""

from sandbox_machine import containers, namespaces, processes

from hpc_sandbox import joins, networks
from hpc_sandbox.condition import conditions
from hpc_sandbox.machines import machines


def status(state):
    """Each machine with its condition; who is outside; beside which tenancies it stands."""
    description = state.description
    found = conditions(state, machines(description))
    rows = [
        {
            "name": machine.name,
            "address": machine.address,
            "condition": found[machine.name],
            "pid": containers.leader(state, machine.name),
            "namespace": state.namespace("host", machine.name),
        }
        for machine in machines(description).values()
    ]
    outside = [
        {
            "name": one.name,
            "addresses": one.addresses,
            "namespace": state.namespace("out", one.name),
            "runs": namespaces.exists(state.namespace("out", one.name)),
        }
        for one in description.outside.values()
    ]
    beside = [
        {"name": join["name"], "folder": folder, "stands": joins.standing(join)} for folder, join in state.joins.items()
    ]
    serves = all(processes.running(pid_file) for pid_file in networks.served(state))
    return {
        "name": state.name,
        "id": state.id,
        "image": state.image,
        "healthy": serves and all(row["condition"] == "up" for row in rows) and all(one["runs"] for one in outside),
        "machines": rows,
        "outside": outside,
        "beside": beside,
    }
