"""What is not as it was published. Pure: what was seen comes in, what a person reads goes out."""

from __future__ import annotations

from history import recorded
from seen import Seen


def drift(seen: Seen) -> list[str]:
    found = []
    last = recorded(seen.history)
    if last and seen.link != f"releases/{last.digest}":
        found.append(
            f"current is {seen.link or 'gone'}, and the history says {last.digest} ({last.what} by {last.who})"
        )
    elif seen.link and not last:
        found.append(f"current is {seen.link}, of which the history says nothing")
    found += [f"{file} is {how}" for file, how in seen.damaged]
    found += [f"module {name} of the site is {how} since it was built" for name, how in seen.toolchain]
    return found
