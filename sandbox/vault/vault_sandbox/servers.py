"""The processes of the servers, and what each says of itself."""

import time

from sandbox_machine import processes
from sandbox_machine.console import step
from sandbox_machine.ports import free
from sandbox_machine.problems import Problem

from vault_sandbox import configuration, wheel
from vault_sandbox.api import Api

PATIENCE = 60.0


def start(vault, servers):
    """Starts what does not run, and waits until each answers."""
    idle = [server for server in servers if not processes.running(vault.pid_file(server))]
    for server in idle:
        if not all(free(vault.ports[listener]) for listener in (server, f"{server}-raft")):
            raise Problem(f"{server}: another process has its port")
        command = (wheel.program(), "server", f"-config={configuration.write(vault, server)}")
        processes.launch(command, vault.pid_file(server), vault.log(server))
    for server in idle:
        with step("vault", f"{server} answers"):
            until(vault, server, lambda health: health is not None, "does not answer")


def until(vault, server, holds, otherwise):
    """Waits until a server says of itself what is expected."""
    limit = time.monotonic() + PATIENCE
    api = Api(vault, server)
    while not holds(api.health()):
        if not processes.running(vault.pid_file(server)):
            raise Problem(f"{server} has ended", vault.log(server))
        if time.monotonic() > limit:
            raise Problem(f"{server} {otherwise}", vault.log(server))
        time.sleep(0.05)


def stop(vault, servers, kill=False):
    """Ends servers; tells which were alive."""
    return [pid_file.stem for pid_file in processes.end([vault.pid_file(server) for server in servers], kill)]


def condition(vault, server):
    """Pid of a server, and what it says of itself."""
    pid = processes.running(vault.pid_file(server))
    health = Api(vault, server).health() if pid else None
    return {
        "server": server,
        "address": vault.url(server),
        "pid": pid,
        "answers": health is not None,
        "sealed": health["sealed"] if health else None,
        "active": bool(health) and not health["sealed"] and not health["standby"],
    }
