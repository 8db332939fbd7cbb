"""Processes by their pid files, which hold "pid starttime": a number that another process has got since is not ours."""

import os
import signal
import time
from pathlib import Path

GRACE = 5.0


def start_time(pid):
    """When a process started, in ticks since boot; None if it is gone or only waits to be reaped."""
    try:
        # The name, in parentheses, may hold spaces. (The environment is no mark: neutron overwrites its own.)
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else fields[19]


def record(file):
    """Writes the pid file of this very process, before it becomes the service: none is ever without."""
    pid = os.getpid()
    Path(file).write_text(f"{pid} {start_time(pid)}\n")


def running(cloud, service):
    """Pid of a service of this cloud, or None."""
    try:
        pid, started = cloud.path("run", f"{service}.pid").read_text().split()
    except (FileNotFoundError, ValueError):
        return None
    return int(pid) if start_time(pid) == started else None


def end(cloud, services, kill=False):
    """Ends services with all that they have forked, and waits until they are gone; tells which ones ran."""
    alive = {service: pid for service in services if (pid := running(cloud, service))}
    ended = list(alive)
    send(alive.values(), signal.SIGKILL if kill else signal.SIGTERM)
    limit = time.monotonic() + GRACE
    while alive:
        alive = {service: pid for service, pid in alive.items() if running(cloud, service) == pid}
        if alive and time.monotonic() > limit:
            send(alive.values(), signal.SIGKILL)
        time.sleep(0.02)
    for service in services:
        cloud.path("run", f"{service}.pid").unlink(missing_ok=True)
    return ended


def send(pids, number):
    """Signals process groups: each service leads its own."""
    for pid in pids:
        try:
            os.killpg(pid, number)
        except ProcessLookupError:
            continue
