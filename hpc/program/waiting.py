"""Until a job has ended. No connection is held meanwhile, and one that is lost is no failure of the job."""

from __future__ import annotations

import time
from dataclasses import dataclass

from lease import Lease
from login_node import Site
from problems import Lost, Refused
from seen import Running
from slurm import ended, told, word

# Seconds: the first pause, the longest, and how long a site may be silent beyond what its job may take.
FIRST, LONGEST, MARGIN = 3.0, 60.0, 1800
# A job is gone from Slurm's memory a moment before its accounting knows of it.
GONE = 3


@dataclass(frozen=True)
class Ended:
    state: str
    built: bool


def wait(site: Site, lease: Lease, kind: str, job: Running, seconds: int) -> Ended:
    pause, before, gone, heard = FIRST, "", 0, time.monotonic()
    while True:
        try:
            state, built = poll(site, lease, kind, job)
        except Lost as error:
            silent = time.monotonic() - heard
            if silent > seconds + MARGIN:
                raise
            site.console.note(f"job {job.id}: {error}\n  asked again in {pause:.0f} s")
        else:
            heard = time.monotonic()
            now = told(state)
            if now != before:
                site.console.note(f"job {job.id}: {now}")
            before = now
            gone = gone + 1 if word(state) == "GONE" else 0
            if ended(state) and (gone == 0 or gone >= GONE or built):
                return Ended(state, built)
        if pause > FIRST * 2:
            site.hang_up()
        time.sleep(pause)
        pause = min(pause * 1.3, LONGEST)


def poll(site: Site, lease: Lease, kind: str, job: Running) -> tuple[str, bool]:
    answer = site.once("poll", lease.installation, lease.digest, *lease.words(), kind, job.id, limit=60)
    states = [rest[0] for key, *rest in answer if key == "state"]
    if not states:
        raise Refused("the login node does not say how the job is")
    state, exits = states[0], [rest[0].split() for key, *rest in answer if key == "exit"]
    # Where there is no accounting, the job itself has said how it has ended.
    if word(state) == "GONE" and exits and exits[0][0] == job.id:
        state = "COMPLETED" if exits[0][1] == "0" else "FAILED"
    return state, ["built"] in answer
