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


def plan(wanted: Installation, seen: Seen, tools: bool, attempts: int, again: bool, fetch: bool = False) -> Plan:
    if seen.current == wanted.digest:
        return Plan(NOTHING, f"{wanted.digest} is current")
    if wanted.waits:
        return Plan(WAITS, f"waits for {', '.join(wanted.waits)}")
    if not again:
        if wanted.digest in seen.held:
            return Plan(
                HELD, f"{wanted.digest} was rolled back ({seen.held[wanted.digest]}): deploy --again publishes it"
            )
        for kind, lines in seen.failed.items():
            if len(lines) >= attempts and kind not in seen.jobs:
                last = lines[-1].partition(" ")[2]
                return Plan(
                    EXHAUSTED,
                    f"the {kind} of {wanted.digest} has failed {len(lines)} times, last: {last}. Nothing more is tried until"
                    " the order changes, or deploy --again",
                )
    return Plan(GO, stages=remaining(wanted, seen, tools, again, fetch))


def remaining(wanted: Installation, seen: Seen, tools: bool, again: bool, fetch: bool) -> tuple[str, ...]:
    """Stages that are not done yet. What runs already is only waited for."""
    built = seen.releases.get(wanted.digest, False) and not again
    stages: list[str] = []
    if not tools:
        stages.append("tools")
    if not built and "build" not in seen.jobs:
        stages.append("sources")
    if seen.marks.get("staged") != wanted.mark and not seen.jobs:
        stages.append("stage")
    if fetch and not built and "build" not in seen.jobs:
        stages.append("fetch")
    if not built:
        stages.append("build")
    if "sane" not in seen.marks or not built:
        stages.append("sanity")
    if "tested" not in seen.marks or not built:
        stages.append("test")
    return (*stages, "publish")
