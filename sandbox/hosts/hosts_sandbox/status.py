"""What of a tenancy stands on this machine."""

from sandbox_machine import containers, namespaces, processes

from hosts_sandbox import lifecycle, outsides, volumes


def status(state):
    """Each host with its condition, disks and namespace; who is outside, and whether what they serve runs."""
    hosts = [row(state, host) for host in state.description.hosts.values()]
    outside = [stranger(state, name, made) for name, made in state.standing("outside").items()]
    healthy = all(host["condition"] == "up" for host in hosts) and all(one["runs"] for one in outside)
    return {
        "name": state.name,
        "id": state.id,
        "image": state.image,
        "healthy": healthy,
        "egress": state.description.egress,
        "world": state.namespace("world"),
        "names": str(outsides.names_file(state)),
        "neighbours": [state.namespace("router"), *(one["namespace"] for one in outside)],
        "hosts": hosts,
        "outside": outside,
    }


def row(state, host):
    name, serials = host.name, {volume.name: volume.serial for volume in host.volumes}
    supervised, pid = containers.supervised(state, name), containers.leader(state, name)
    condition = "up" if pid and lifecycle.ready(state, name) else "boots" if supervised else "stopped"
    disks = [
        {
            "name": volume,
            "device": f"/dev/{device}",
            "MiB": volumes.file(state, name, volume).stat().st_size >> 20,
            "serial": serials.get(volume),
            "path": f"/dev/disk/by-id/virtio-{serials.get(volume)}",
        }
        for volume, device in state.standing("disk").get(name, {}).items()
    ]
    return {
        "name": name,
        "address": host.address,
        "public": host.public,
        "condition": condition,
        "pid": pid,
        "generation": state.standing("root").get(name),
        "namespace": state.namespace("host", name),
        "volumes": disks,
    }


def stranger(state, name, made):
    pid = processes.running(state.outside(name, "pid"))
    runs = bool(pid) or not made["serves"] and namespaces.exists(state.namespace("out", name))
    return {**made, "namespace": state.namespace("out", name), "pid": pid, "runs": runs}
