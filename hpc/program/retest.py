"""The tests once more, of what is current: a site changes by itself."""

from __future__ import annotations

from dataclasses import replace

from deploy import Deployment, Result, Wish, deploy
from lease import Lease
from login_node import Site
from order import Installation
from problems import DONE, Refused
from seen import Look, Seen


def retest(site: Site, wanted: Installation, look: Look) -> Result:
    """With the files that are wanted now, or, where another release is current, with those that came with it."""
    seen = look.installations.get(wanted.name, Seen())
    if not seen.current:
        raise Refused("nothing is published")
    if seen.current == wanted.digest:
        return deploy(site, wanted, look, Wish(again=True, test=True))
    work = f"{site.order.prefix}/{wanted.name}/work/{seen.current}"
    script = site.read("file", f"{work}/test.job")
    modules = site.read("file", f"{work}/site/modules").split()
    files = {**wanted.files, "test.job": script}
    current = replace(wanted, digest=seen.current, modules=modules, files=files)
    lease = Lease(site, wanted.name, seen.current)
    locked = lease.take().installations[wanted.name]
    try:
        Deployment(site, current, lease, locked, Wish()).run(("test",))
    finally:
        lease.free()
    return Result(DONE, f"{seen.current} is current, and its tests pass")
