"""The processes of a cluster."""

import time

from sandbox_machine import processes
from sandbox_machine.console import step
from sandbox_machine.ports import free
from sandbox_machine.problems import Problem, Usage

from kubernetes_sandbox import options
from kubernetes_sandbox.api import well

PATIENCE = 120.0
# Each counts on those before it.
SERVICES = tuple(options.OF)


def chosen(names):
    """Services by name; all if none is named."""
    for name in names:
        if name not in SERVICES:
            raise Usage(f'no service "{name}" · there are {", ".join(SERVICES)}')
    return [service for service in SERVICES if not names or service in names]


def start(cluster, services):
    """Starts what does not run, one after another, and waits until each is well."""
    for service in services:
        if processes.running(cluster.pid_file(service)):
            continue
        if not free(cluster.ports[service]):
            raise Problem(f"{service}: another process has its port")
        with step("kubernetes", service):
            processes.launch(options.command(cluster, service), cluster.pid_file(service), cluster.log(service))
            until(cluster, service)


def until(cluster, service):
    """Waits until a service is well."""
    limit = time.monotonic() + PATIENCE
    while not well(cluster, service):
        if not processes.running(cluster.pid_file(service)):
            raise Problem(f"{service} has ended", cluster.log(service))
        if time.monotonic() > limit:
            raise Problem(f"{service} does not become well", cluster.log(service))
        time.sleep(0.1)


def stop(cluster, services, kill=False):
    """Ends services; tells which were alive."""
    return [pid_file.stem for pid_file in processes.end([cluster.pid_file(service) for service in services], kill)]


def condition(cluster, service):
    """Pid of a service, and whether it is well."""
    pid = processes.running(cluster.pid_file(service))
    fine = bool(pid) and well(cluster, service)
    return {"service": service, "port": cluster.ports[service], "pid": pid, "well": fine}
