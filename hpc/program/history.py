"""What the history of an installation comes to: what was in use and when, what was before, what may go."""

from __future__ import annotations

from seen import Event, Seen

MOVES = ("published", "rolled-back")


def recorded(history: list[Event]) -> Event | None:
    """The last time that `current` was moved."""
    moves = [event for event in history if event.what in MOVES]
    return moves[-1] if moves else None


def good(history: list[Event]) -> list[str]:
    """Digests that have been current, by when last, without what was rolled back and not published again since."""
    found: list[str] = []
    for event in history:
        if event.what == "published":
            found = [*(each for each in found if each != event.digest), event.digest]
        elif event.what == "rolled-back":
            at = found.index(event.digest) if event.digest in found else -1
            found = [*found[:at], event.digest]
    return found


def due(seen: Seen, digest: str, every: int, now: int) -> bool:
    """Whether what is current, and wanted, was tested longer ago than it may be. Seconds."""
    times = [event.time for event in seen.history if event.digest == digest and event.what.startswith("test-")]
    return seen.current == digest and now - max(times, default=0) >= every


def before(seen: Seen) -> str | None:
    """The release that was good before the current one, and is complete."""
    order = good(seen.history)
    at = order.index(seen.current) if seen.current in order else len(order)
    return next((each for each in reversed(order[:at]) if seen.releases.get(each) and each not in seen.held), None)


def left(history: list[Event]) -> dict[str, int]:
    """When each digest was in use last, that is not any more. Seconds."""
    moves = [event for event in history if event.what in MOVES]
    return {one.digest: two.time for one, two in zip(moves, moves[1:]) if one.digest != two.digest}


def removable(seen: Seen, wanted: str, keep: int, pinned: list[str], used_seconds: int, now: int) -> list[str]:
    """
    Never what is current, wanted, pinned, one of the last good ones, or was in use a while ago: jobs may still run with
    it. Nothing, where the history does not tell what was in use.
    """
    if not seen.current or not seen.history:
        return []
    gone = left(seen.history)
    kept = {seen.current, wanted, *pinned, *good(seen.history)[-keep:]}
    kept |= {digest for digest, time in gone.items() if now - time < used_seconds}
    return sorted({*seen.releases, *seen.work} - kept)
