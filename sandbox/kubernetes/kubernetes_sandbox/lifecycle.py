"""A cluster comes up, and goes."""

from sandbox_machine import ports, states
from sandbox_machine.console import step
from sandbox_machine.locks import exclusively
from sandbox_machine.problems import Usage
from sandbox_machine.states import ours

from kubernetes_sandbox import builds, certificates, configuration, nodes, services, volumes
from kubernetes_sandbox.state import FOREIGN, Cluster


def up(root, wanted, api):
    """A cluster whose services are well and whose nodes are ready, whatever has been there before."""
    ours(root, FOREIGN)
    if wanted is not None:
        nodes.sound(wanted)
    for option in api:
        if "=" not in option:
            raise Usage(f"--api {option} · as the API server has it, without dashes: audit-log-maxsize=10")
    builds.build()
    with exclusively(root):
        cluster = Cluster.load(root)
        if cluster and (wanted not in (None, cluster.nodes) or (api and api != cluster.api)):
            raise Usage(f"{root} has other nodes, or another API server · kubernetes.py down {root}")
        cluster = cluster or Cluster.create(root, nodes.EQUAL if wanted is None else wanted, api)
        cluster.make_folders()
        with step("kubernetes", "certificates"):
            certificates.make(cluster)
        configuration.write(cluster)
        services.start(cluster, services.SERVICES)
        nodes.make(cluster)
        cluster.ready = True
        cluster.save()
        cluster.publish()


def status(cluster):
    """Each service, and whether all of the cluster is fit for work."""
    rows = [services.condition(cluster, service) for service in services.SERVICES]
    return {"healthy": all(row["well"] for row in rows), "services": rows}


def down(root):
    """Ends a cluster and removes all of it; content with one that is half made, or gone."""

    def end(cluster):
        services.stop(cluster, services.SERVICES, kill=True)
        volumes.remove(cluster)

    removed = states.remove(root, FOREIGN, Cluster.load, end)
    if removed:
        ports.release(root)
    return removed
