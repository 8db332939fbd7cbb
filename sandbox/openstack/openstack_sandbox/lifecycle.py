"""Clouds come up, and are as new again."""

import time

from sandbox_machine.console import step
from sandbox_machine.locks import exclusively
from sandbox_machine.problems import Problem, Usage
from sandbox_machine.states import ours

from openstack_sandbox import services, template
from openstack_sandbox.api import Api
from openstack_sandbox.configuration.write import write
from openstack_sandbox.state import FOREIGN, Cloud

PATIENCE = 60.0


def up(root, name, hypervisors):
    """A cloud that runs and answers, whatever has been there before."""
    ours(root, FOREIGN)
    template.build()
    with exclusively(root) as lock:
        cloud = Cloud.load(root) or Cloud.create(root, name, hypervisors or 3)
        if name != cloud.name:
            raise Usage(f"{root} is the cloud {cloud.name}, not {name}")
        if hypervisors and hypervisors < cloud.hypervisors:
            raise Usage(f"{name} has {cloud.hypervisors} hypervisors, which may hold servers; it can only get more")
        if hypervisors and hypervisors > cloud.hypervisors:
            services.stop(cloud, ["nova"])
            cloud.hypervisors = hypervisors
            cloud.save()
        run(cloud, lock)


def reset(root):
    """The cloud as new, at the same ports."""
    with exclusively(root) as lock:
        cloud = Cloud.load(root)
        if cloud is None:
            raise Usage(f"no cloud in {root}")
        with step(cloud.name, "stopped"):
            services.stop(cloud, services.SERVICES, kill=True)
            for file in ("clouds.yaml", "operator-clouds.yaml"):
                cloud.path(file).unlink(missing_ok=True)
            cloud.clear()
        run(cloud, lock)


def run(cloud, lock):
    """Restores the databases if they are not there, and starts everything."""
    if not cloud.template:
        services.stop(cloud, services.SERVICES, kill=True)
        template.restore(cloud)
    start(cloud, services.SERVICES, lock)
    cloud.publish()


def start(cloud, chosen, lock):
    """Starts services, and waits until hypervisors and volume backend are ready for work."""
    cloud.make_folders()
    write(cloud)
    services.start(cloud, chosen, lock)
    for service, words in (("nova", f"{cloud.hypervisors} hypervisors"), ("cinder", "volume backend")):
        if service in chosen:
            with step(cloud.name, words):
                await_workers(cloud, service)


def await_workers(cloud, service):
    limit = time.monotonic() + PATIENCE
    while not workers_ready(cloud, service):
        if time.monotonic() > limit:
            raise Problem(f"{cloud.name}: {service} has no workers that are up", cloud.log(service))
        time.sleep(0.1)


def workers_ready(cloud, service):
    """Whether all hypervisors, or the volume backend, are known and up."""
    api = Api(cloud)
    if service == "nova":
        known = api.get("nova", "/v2.1/os-hypervisors/detail")["hypervisors"]
        return sum(hypervisor["state"] == "up" for hypervisor in known) >= cloud.hypervisors
    # Asked of the scheduler: a backend of which it has not heard yet gets no volume.
    return bool(api.get("cinder", f"/v3/{api.project}/scheduler-stats/get_pools")["pools"])


def status(cloud):
    """Each service, and whether all of the cloud is fit for work."""
    rows = [services.condition(cloud, service) for service in services.SERVICES]
    lacking = [row["service"] for row in rows if not row["answers"]]
    if not lacking:
        lacking = [f"{service} workers" for service in ("nova", "cinder") if not workers_ready(cloud, service)]
    return {"name": cloud.name, "healthy": not lacking, "lacking": lacking, "services": rows}
