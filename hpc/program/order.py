"""What is to be at a site: a folder of JSON files, which is read once, and then has types."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from hours import Closed
from problems import Misused


@dataclass(frozen=True)
class Source:
    """`sha256` is `-` while nobody has looked at it: its installation waits."""

    file: str
    sha256: str
    urls: list[str]


@dataclass(frozen=True)
class Job:
    partition: str
    qos: str | None
    account: str
    seconds: int


@dataclass(frozen=True)
class Installation:
    cycle: str
    target: str
    digest: str
    waits: list[str]
    files: dict[str, str]
    sources: list[Source]
    modules: list[str]
    init: list[str]
    toolchain: list[str]
    jobs: dict[str, Job]

    @property
    def name(self) -> str:
        return f"{self.cycle}/{self.target}"

    @property
    def staged(self) -> dict[str, str]:
        """What lies in the folder of work, with what is asked there of the site's modules."""
        return {
            **self.files,
            "site/init.sh": lines(self.init),
            "site/modules": lines(self.modules),
            "site/toolchain": lines(self.toolchain),
            "site/sources": lines([f"{source.sha256} {source.file}" for source in self.sources]),
        }

    @property
    def checksums(self) -> str:
        """As sha256sum checks them."""
        return lines(
            [f"{hashlib.sha256(text.encode()).hexdigest()}  {name}" for name, text in sorted(self.staged.items())]
        )

    @property
    def mark(self) -> str:
        return hashlib.sha256(self.checksums.encode()).hexdigest()


@dataclass(frozen=True)
class Tools:
    digest: str
    python: str
    init: list[str]
    requirements: str


@dataclass(frozen=True)
class Order:
    folder: Path
    site: str
    place: str
    connection: str
    user: str
    ssh: Path
    troika: Path
    troika_program: str
    prefix: str
    group: str | None
    umask: str
    fetch: str
    keep: int
    used_seconds: int
    attempts: int
    pinned: list[str]
    test_seconds: int
    closed: list[Closed]
    tools: Tools
    installations: list[Installation]

    def only(self, names: list[str]) -> list[Installation]:
        known = {each.name: each for each in self.installations}
        for name in names:
            if name not in known:
                raise Misused(f"{name}: {self.site} has no such installation, but {', '.join(known) or 'none'}")
        return [each for each in self.installations if not names or each.name in names]


def read(folder: Path) -> Order:
    try:
        about = loaded(folder / "order.json")
        tools = about["tools"]
        return Order(
            folder=folder,
            site=about["site"],
            place=about["place"],
            connection=about["connection"],
            user=about["user"],
            ssh=(folder / about["ssh"]).resolve(),
            troika=(folder / about["troika"]).resolve(),
            troika_program=about["troikaProgram"],
            prefix=absolute(about["prefix"]),
            group=about["group"],
            umask=about["umask"],
            fetch=about["fetch"],
            keep=int(about["keep"]),
            used_seconds=int(about["usedSeconds"]),
            attempts=int(about["attempts"]),
            pinned=list(about["pinned"]),
            test_seconds=int(about["testSeconds"]),
            closed=[hours(each) for each in about["closed"]],
            tools=Tools(digest(tools["digest"]), tools["python"], list(tools["init"]), tools["requirements"]),
            installations=[installation(loaded(folder / name)) for name in about["installations"]],
        )
    except KeyError as error:
        raise Misused(f"{folder}: {error} is missing") from error


def installation(about: dict[str, Any]) -> Installation:
    found = Installation(
        cycle=named(about["cycle"]),
        target=named(about["target"]),
        digest=digest(about["digest"]),
        waits=list(about["waits"]),
        files={relative(name): text for name, text in about["files"].items()},
        sources=[
            Source(named(each["file"]), checksum(each["sha256"] or "-"), list(each["urls"]))
            for each in about["sources"]
        ],
        modules=[each["module"] for each in about["modules"]],
        init=list(about["init"]),
        toolchain=list(about["toolchain"]),
        jobs={kind: job(about[kind]) for kind in ("build", "test")},
    )
    files = [each.file for each in found.sources]
    twice = sorted({file for file in files if files.count(file) > 1})
    if not found.waits and any(each.sha256 == "-" for each in found.sources):
        raise Misused(f"{found.name}: a source has no checksum, and nothing is said to wait for it")
    if twice:
        raise Misused(f"{found.name}: several sources are called {', '.join(twice)}")
    return found


def hours(about: dict[str, Any]) -> Closed:
    return Closed(
        about["why"],
        daily=two(about["daily"], clock) if "daily" in about else None,
        days=two(about["days"], day) if "days" in about else None,
    )


def job(about: dict[str, Any]) -> Job:
    return Job(about["partition"], about["qos"], about["account"], int(about["seconds"]))


def loaded(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise Misused(f"{file}: {error}") from error
    if not isinstance(found, dict):
        raise Misused(f"{file}: holds no object")
    return found


def fits(pattern: str, text: str, what: str) -> str:
    if not re.fullmatch(pattern, text) or ".." in text.split("/"):
        raise Misused(f"{text!r} is no {what}")
    return text


def two(texts: list[str], fit: Callable[[str], str]) -> tuple[str, str]:
    if len(texts) != 2:
        raise Misused(f"{texts} is no beginning and end")
    return fit(texts[0]), fit(texts[1])


def clock(text: str) -> str:
    return fits(r"([01]\d|2[0-3]):[0-5]\d", text, "time of day, as 02:00")


def day(text: str) -> str:
    return fits(r"\d{4}-\d\d-\d\d", text, "day, as 2027-01-31")


def checksum(text: str) -> str:
    return fits(r"[0-9a-f]{64}|-", text, "checksum of 64 hexadecimal digits")


def digest(text: str) -> str:
    return fits(r"[0-9a-f]{12}", text, "digest of 12 hexadecimal digits")


def named(text: str) -> str:
    return fits(r"[A-Za-z0-9_][A-Za-z0-9._+-]*", text, "name")


def relative(text: str) -> str:
    return fits(r"[A-Za-z0-9_][A-Za-z0-9._+-]*(/[A-Za-z0-9_][A-Za-z0-9._+-]*)*", text, "path in a folder")


def absolute(text: str) -> str:
    return fits(r"(/[A-Za-z0-9_][A-Za-z0-9._+-]*)+", text, "absolute path")


def lines(texts: list[str]) -> str:
    return "".join(f"{text}\n" for text in texts)
