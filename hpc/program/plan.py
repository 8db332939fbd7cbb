"""What is next for an installation, from what is there."""

from __future__ import annotations

from dataclasses import dataclass

from order import Installation
from seen import Seen

NOTHING, WAITS, HELD, EXHAUSTED, GO = "nothing", "waits", "held", "exhausted", "go"


@dataclass(frozen=True)
class Plan:
    kind: str
    why: str = ""
    stages: tuple[str, ...] = ()


def plan(
    wanted: Installation, seen: Seen, tools: bool, attempts: int, again: bool, fetch: bool = False, due: bool = False
) -> Plan:
    """`due`: what is current is to be tested, though it was."""
    current = seen.current == wanted.digest
    tested = wanted.mark == seen.marks.get("staged") == seen.marks.get("tested")
    if current and tested and not due:
        return Plan(NOTHING, f"{wanted.digest} is current")
    if wanted.waits and not current:
        return Plan(WAITS, waiting(wanted.waits))
    if wanted.digest in seen.held and not current and not again:
        return Plan(HELD, f"{wanted.digest} was rolled back ({seen.held[wanted.digest]}): deploy --again publishes it")
    for kind in ("build", "test"):
        failures = seen.failures(kind, wanted.mark)
        # Of what has passed once, later tests tell how the site is.
        if len(failures) >= attempts and kind not in seen.jobs and not again and not tested:
            return Plan(
                EXHAUSTED,
                f"the {kind} of {wanted.digest} has failed {len(failures)} times, last: {failures[-1]}. Nothing more is"
                " tried until the order changes, or deploy --again",
            )
    stages = remaining(wanted, seen, again and not current, fetch)
    if due and "test" not in stages:
        stages = ("test",)
    # What is current is not built, and not published anew: its files of tests may be others than before.
    stages = tuple(each for each in stages if each in ("stage", "test")) if current else (*stages, "publish")
    return Plan(GO, stages=stages if tools else ("tools", *stages))


def waiting(keys: list[str]) -> str:
    what = f"the checksum {keys[0]}" if len(keys) == 1 else f"{len(keys)} checksums, the first {keys[0]}"
    return f"waits for {what}: databridge learn home"


def remaining(wanted: Installation, seen: Seen, again: bool, fetch: bool) -> tuple[str, ...]:
    """Stages that are not done yet. What runs already is only waited for, and nothing is staged meanwhile."""
    built = seen.releases.get(wanted.digest, False) and not again
    stale = seen.marks.get("staged") != wanted.mark
    stages: list[str] = []
    if not built and "build" not in seen.jobs:
        stages.append("sources")
    if stale and not seen.jobs:
        stages.append("stage")
    if fetch and not built and "build" not in seen.jobs:
        stages.append("fetch")
    if not built:
        stages.append("build")
    if stale and seen.jobs:
        stages += ["test", "stage"] if "test" in seen.jobs else ["stage"]
    if "sane" not in seen.marks or not built:
        stages.append("sanity")
    if seen.marks.get("tested") != wanted.mark or stale or not built:
        stages.append("test")
    return tuple(stages)
