"""Names that the machines of a supercomputer know: of who is outside, and of the tenancies that it stands beside."""

import os
import signal
from pathlib import Path

from sandbox_machine import processes
from sandbox_machine.files import write_whole

from hpc_sandbox.machines import GATEWAY, LOGIN, machines


def file(state):
    return state.root / "names"


def tell(state, description):
    """Tells the resolver all names, and whoever acts as somebody outside where it is."""
    rows = {"127.0.0.1 localhost", f"{description.login[0]} {description.host}"}
    rows |= {f"{description.login[0]} {description.tunnel.node}"} if description.tunnel else set()
    for outside in description.outside.values():
        rows |= {f"{address} {name}" for name, address in outside.names.items()}
    for join in state.joins.values():
        if (theirs := Path(join["names"])).exists():
            rows |= set(theirs.read_text().splitlines())
    text = "".join(f"{row}\n" for row in sorted(rows))
    if file(state).exists() and file(state).read_text() == text:
        return
    write_whole(file(state), text)
    if pid := processes.running(state.root / "resolver.pid"):
        os.kill(pid, signal.SIGHUP)


def files(description):
    """What each machine has to find others by, by path: text and mode."""
    known = machines(description)
    rows = ["127.0.0.1 localhost", *(f"{one.address} {one.name}" for one in known.values())]
    rows += [f"{known[LOGIN].address} {description.tunnel.inside}"] if description.tunnel else []
    return {
        "/etc/hosts": ("".join(f"{row}\n" for row in rows), 0o644),
        "/etc/resolv.conf": (f"nameserver {GATEWAY}\n", 0o644),
    }
