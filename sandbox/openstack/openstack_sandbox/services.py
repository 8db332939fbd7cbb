"""The services of a cloud in the order of their start, and whether they answer."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from sandbox_machine import processes, sources
from sandbox_machine.console import line, step
from sandbox_machine.ports import free
from sandbox_machine.problems import Problem, Usage

from openstack_sandbox import database
from openstack_sandbox.ports import LISTENERS

PROBES = {
    "mariadb": None,
    "keystone": "/v3",
    "placement": "/",
    "glance": "/versions",
    "neutron": "/",
    "nova": "/",
    "cinder": "/",
    "swift": "/healthcheck",
    "octavia": "/",
}
SERVICES = tuple(PROBES)
PATIENCE = 180.0
PYTHON = "/usr/bin/python3"  # whatever else runs us: only this one has Debian's packages
HOME = Path(__file__).resolve().parent.parent
# No proxy: services speak to one another over HTTP on loopback.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def chosen(names):
    """Services by name, in the order of their start; all if none is named."""
    for name in names:
        if name not in SERVICES:
            raise Usage(f'no service "{name}" · there are {", ".join(SERVICES)}')
    return [service for service in SERVICES if not names or service in names]


def environment(cloud):
    """What programs of a cloud see: nothing of the caller's proxies, credentials or Python."""
    return {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": str(cloud.path("tmp")),
        "TMPDIR": str(cloud.path("tmp")),
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": f"{HOME}:{sources.HOME}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "ignore",
    }


def answers(cloud, service):
    """Whether a service answers without an error of its own."""
    if service == "mariadb":
        return database.answers(cloud)
    try:
        with DIRECT.open(cloud.url(service, PROBES[service]), timeout=5):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def start(cloud, services, lock):
    """Starts what does not run, and waits until each answers."""
    if not processes.running(cloud.pid_file("mariadb")) and "mariadb" in services:
        with step(cloud.name, "mariadb"):
            database.start(cloud)
    idle = [service for service in services if service != "mariadb" and not processes.running(cloud.pid_file(service))]
    taken = [service for service in idle if not all(free(cloud.ports[port]) for port in listeners(service))]
    if taken:
        raise Problem(f"{cloud.name}: another process has the port of {', '.join(taken)}")
    begin = time.monotonic()
    if idle:
        fork(cloud, idle, lock)
    await_all(cloud, [service for service in services if service != "mariadb"], idle, begin)


def listeners(service):
    """Names of the ports of a service."""
    return [port for port in LISTENERS if port == service or port.startswith(f"{service}-")]


def fork(cloud, services, lock):
    """Has the zygote start services. It holds the lock until each has its pid file, even if we are killed."""
    log = cloud.log("zygote")
    with log.open("a") as out:
        done = subprocess.run(
            [
                PYTHON,
                "-s",
                "-P",
                "-m",
                "openstack_sandbox.zygote",
                str(cloud.root),
                str(lock.fileno()),
                *services,
            ],
            env=environment(cloud),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            pass_fds=[lock.fileno()],
        )
    if done.returncode:
        raise Problem(f"{cloud.name}: the services could not be forked", log)


def await_all(cloud, services, fresh, begin):
    """Waits until services answer, and tells of each that has been started."""
    waiting = list(services)
    while waiting:
        for service in list(waiting):
            if not processes.running(cloud.pid_file(service)):
                line("✗", cloud.name, service, time.monotonic() - begin, sys.stderr)
                raise Problem(f"{cloud.name}: {service} has ended", cloud.log(service))
            if answers(cloud, service):
                waiting.remove(service)
                if service in fresh:
                    line("✓", cloud.name, service, time.monotonic() - begin)
        if waiting and time.monotonic() - begin > PATIENCE:
            line("✗", cloud.name, waiting[0], time.monotonic() - begin, sys.stderr)
            raise Problem(f"{cloud.name}: no answer from {', '.join(waiting)}", cloud.log(waiting[0]))
        time.sleep(0.05)


def stop(cloud, services, kill=False):
    """Ends services, the database last: the others write to it until they end."""
    rest = [service for service in services if service != "mariadb"]
    ended = processes.end([cloud.pid_file(service) for service in rest], kill)
    if "mariadb" in services:
        ended += processes.end([cloud.pid_file("mariadb")], kill)
    return [pid_file.stem for pid_file in ended]


def condition(cloud, service):
    """Pid of a service, and whether it answers."""
    pid = processes.running(cloud.pid_file(service))
    return {"service": service, "pid": pid, "answers": bool(pid) and answers(cloud, service)}


def remove_sockets(cloud):
    """Removes the folder of the sockets, which lies outside the state."""
    folder = Path(cloud.sockets)
    if folder.is_dir():
        for file in folder.iterdir():
            file.unlink()
        os.rmdir(folder)
