"""Words of Slurm for how a job is. @see squeue(1), sacct(1): JOB STATE CODES"""

from __future__ import annotations

MEANT = {
    "TIMEOUT": "it has exceeded its wall time",
    "DEADLINE": "its deadline has passed",
    "CANCELLED": "somebody has cancelled it",
    "NODE_FAIL": "its node has failed",
    "BOOT_FAIL": "its node did not boot",
    "OUT_OF_MEMORY": "it has used more memory than it asked for",
    "PREEMPTED": "another job has taken its place",
    "REVOKED": "another cluster runs it",
    "FAILED": "its script has failed",
    "COMPLETED": "its script has ended well",
    "GONE": "Slurm knows of no such job any more",
}


def word(state: str) -> str:
    """`CANCELLED by 1000` and `TIMEOUT+` have one word that counts."""
    return (state.split() or ["UNKNOWN"])[0].rstrip("+")


def told(state: str) -> str:
    """A state with its reason, as people read it."""
    name, _, reason = state.partition(" ")
    name = word(name)
    if name in MEANT:
        return f"{name}: {MEANT[name]}"
    return f"{name.lower()} ({reason})" if reason and reason != "None" else name.lower()
