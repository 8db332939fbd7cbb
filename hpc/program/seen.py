"""What is at a site, as it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timezone

from problems import Refused


@dataclass(frozen=True)
class Event:
    time: int
    what: str
    digest: str
    who: str


@dataclass(frozen=True)
class Lease:
    token: str
    until: int
    who: str


@dataclass(frozen=True)
class Running:
    id: str
    output: str
    state: str


@dataclass
class Seen:
    """One installation. `damaged` and `toolchain` are only looked at for a status."""

    link: str | None = None
    lease: Lease | None = None
    history: list[Event] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)
    releases: dict[str, bool] = field(default_factory=dict)
    work: list[str] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    # Of each kind of job: its number, the mark of what was staged, and how it ended.
    failed: dict[str, list[str]] = field(default_factory=lambda: {"build": [], "test": []})
    jobs: dict[str, Running] = field(default_factory=dict)
    damaged: list[tuple[str, str]] = field(default_factory=list)
    toolchain: list[tuple[str, str]] = field(default_factory=list)

    @property
    def current(self) -> str | None:
        found = re.fullmatch(r"releases/([0-9a-f]{12})", self.link or "")
        return found.group(1) if found else None

    def failures(self, kind: str, mark: str) -> list[str]:
        """How jobs ended that were made of these files."""
        rows = [line.split(" ", 2) for line in self.failed[kind]]
        return [row[-1] for row in rows if row[1:2] == [mark]]


@dataclass
class Look:
    at: int = 0
    host: str = ""
    tools: bool = False
    installations: dict[str, Seen] = field(default_factory=dict)


def parse(answer: list[list[str]]) -> Look:
    look, seen = Look(), Seen()
    for word, *rest in answer:
        try:
            seen = taken(look, seen, word, rest)
        except (ValueError, LookupError) as error:
            raise Refused(f"the login node has answered {[word, *rest]}: {error!r}") from error
    return look


def taken(look: Look, seen: Seen, word: str, rest: list[str]) -> Seen:
    """One line of it. What follows is about the installation that is returned."""
    if word == "at":
        look.at, look.host = int(rest[0]), rest[1]
    elif word == "tools":
        look.tools = True
    elif word == "installation":
        seen = look.installations.setdefault(rest[0], Seen())
    else:
        fact(seen, word, rest)
    return seen


def fact(seen: Seen, word: str, rest: list[str]) -> None:
    if word == "current":
        seen.link = rest[0]
    elif word == "lease":
        seen.lease = Lease(rest[0], int(rest[1]), rest[2])
    elif word == "history":
        event = of_line(rest[0])
        if event:
            seen.history.append(event)
    elif word == "held":
        digest, _, more = rest[0].partition(" ")
        seen.held[digest] = more
    elif word == "release":
        seen.releases[rest[0]] = rest[1] == "built"
    elif word == "work":
        seen.work.append(rest[0])
    elif word == "mark":
        seen.marks[rest[0]] = rest[1]
    elif word == "failed":
        seen.failed[rest[0]].append(rest[1])
    elif word == "job":
        seen.jobs[rest[0]] = Running(rest[1], rest[2], rest[3])
    elif word == "damaged":
        seen.damaged.append((rest[0], rest[1]))
    elif word == "toolchain":
        seen.toolchain.append((rest[0], rest[1]))


def of_line(line: str) -> Event | None:
    """A line that is cut off, as on a disk that is full, is none."""
    words = line.split(" ", 3)
    try:
        moment = datetime.strptime(words[0], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
        return Event(int(moment.timestamp()), words[1], words[2], words[3])
    except (ValueError, IndexError):
        return None
