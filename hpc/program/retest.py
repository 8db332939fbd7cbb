"""The tests once more, of what is current, with the job that came with it: a site changes by itself."""

from __future__ import annotations

from deploy import Deployment, Wish, verify
from lease import Lease
from login_node import Site
from order import Installation
from problems import Refused
from seen import Seen


def due(seen: Seen, digest: str, every: int, now: int) -> bool:
    """Whether what is current, and wanted, was tested longer ago than it may be. Seconds."""
    times = [event.time for event in seen.history if event.digest == digest and event.what.startswith("test-")]
    return seen.current == digest and now - max(times, default=0) >= every


def retest(site: Site, wanted: Installation, seen: Seen) -> None:
    if not seen.current:
        raise Refused("nothing is published")
    work = f"{site.order.prefix}/{wanted.name}/work/{seen.current}"
    script = site.text("file", f"{work}/test.job")
    modules = site.text("file", f"{work}/site/modules").split()
    current = Installation(**{**wanted.__dict__, "digest": seen.current, "modules": modules})
    lease = Lease(site, wanted.name, seen.current)
    locked = lease.take().installations[wanted.name]
    try:
        with site.console.stage("test"):
            run = Deployment(site, current, lease, locked, Wish())
            verify(run, run.job("test", script), wanted.jobs["test"].seconds)
    finally:
        lease.free()
