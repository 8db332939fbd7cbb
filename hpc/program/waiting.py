"""Until a job has ended. No connection is held meanwhile, and one that is lost is no failure of the job."""

from __future__ import annotations

import time
from dataclasses import dataclass

from lease import Lease
from login_node import Site
from problems import Lost, Refused
from seen import Running
from slurm import told, word

# Seconds: the first pause, the longest, and how long a site may be silent beyond what its job may take.
FIRST, LONGEST, MARGIN = 3.0, 60.0, 1800
# Seconds in which accounting comes to know of a job that Slurm has forgotten, and a login node to see what a node has written.
SETTLES, LATELY = 90, 10.0


@dataclass(frozen=True)
class Polled:
    """`left`: what the job was for is there."""

    state: str
    ended: bool
    left: bool

    def final(self, kind: str, settled: bool) -> bool:
        """A job that has ended well has left something; a test that has failed, too."""
        more = word(self.state) in ("GONE", "COMPLETED") or (kind == "test" and word(self.state) == "FAILED")
        return self.ended and (self.left or settled or not more)


def wait(site: Site, lease: Lease, kind: str, job: Running, seconds: int) -> Polled:
    pause, before = FIRST, ""
    heard = time.monotonic()
    over: float | None = None
    while True:
        try:
            polled = poll(site, lease, kind, job)
        except Lost as error:
            silent = time.monotonic() - heard
            if silent > seconds + MARGIN:
                raise
            site.console.note(f"job {job.id}: {error}\n  asked again in {pause:.0f} s")
        else:
            heard = time.monotonic()
            now = told(polled.state)
            if now != before:
                site.console.note(f"job {job.id}: {now}")
            before = now
            over = (over or heard) if polled.ended else None
            if polled.final(kind, over is not None and heard - over > SETTLES):
                return polled
        if over is not None:
            pause = min(pause, LATELY)
        elif pause > FIRST * 2:
            site.hang_up()
        time.sleep(pause)
        pause = min(pause * 1.3, LONGEST)


def poll(site: Site, lease: Lease, kind: str, job: Running) -> Polled:
    answer = site.once("poll", lease.installation, lease.digest, *lease.words(), kind, job.id, limit=60)
    states = [rest[0] for key, *rest in answer if key == "state"]
    if not states:
        raise Refused("the login node does not say how the job is")
    return Polled(states[0], ["ended"] in answer, ["left"] in answer)
