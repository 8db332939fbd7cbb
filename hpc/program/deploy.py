"""A deployment, stage after stage. Each can be cut off, and the next run goes on where this one has ended."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Callable

import history
import verdict
from hours import closed
from lease import Lease
from login_node import Site, archive
from order import Installation, Source
from plan import EXHAUSTED, GO, WAITS, Plan, plan
from problems import DONE, FAILED, LATER, Busy, Later, Misused, Refused
from said import indented
from seen import Look, Running, Seen, parse
from slurm import told
from submission import submit
from waiting import wait

# Seconds: what a command at the site may take, and between two looks at tools that somebody else installs.
LONG, PAUSE = 3600, 30


@dataclass(frozen=True)
class Wish:
    """What the command asks for."""

    sources: Path | None = None
    wheels: Path | None = None
    again: bool = False
    wait: bool = True
    incident: str = ""
    test: bool = False


@dataclass
class Result:
    code: int
    why: str
    removed: list[str] = field(default_factory=list)


def deploy(site: Site, wanted: Installation, look: Look, wish: Wish) -> Result:
    """`look` was without the lease: it says whether there is anything to do."""
    seen = look.installations.get(wanted.name, Seen())
    first = decide(site, wanted, seen, look, wish)
    if first.kind != GO:
        return undone(site, first)
    lease = Lease(site, wanted.name, wanted.digest)
    with site.console.stage("lock"):
        locked = lease.take()
    try:
        if site.dry:
            locked = look
        seen = locked.installations.get(wanted.name, Seen())
        if wish.again and seen.current != wanted.digest:
            answer = site.call("again", wanted.name, wanted.digest, *lease.words(), site.order.tools.digest)
            if not site.dry:
                locked, wish = parse(answer), replace(wish, again=False)
                seen = locked.installations.get(wanted.name, Seen())
        now = decide(site, wanted, seen, locked, wish)
        if now.kind != GO:
            return undone(site, now)
        return Deployment(site, wanted, lease, seen, wish).run(now.stages)
    except Later as error:
        site.console.note(str(error))
        return Result(LATER, str(error))
    finally:
        with site.console.stage("unlock"):
            lease.free()


def undone(site: Site, found: Plan) -> Result:
    site.console.note(found.why)
    return Result({WAITS: LATER, EXHAUSTED: FAILED}.get(found.kind, DONE), found.why)


def decide(site: Site, wanted: Installation, seen: Seen, look: Look, wish: Wish) -> Plan:
    order = site.order
    due = wish.test or history.due(seen, wanted.digest, order.test_seconds, look.at)
    return plan(wanted, seen, look.tools, order.attempts, wish.again, order.fetch == "login", due)


class Deployment:
    def __init__(self, site: Site, wanted: Installation, lease: Lease, seen: Seen, wish: Wish) -> None:
        self.site, self.wanted, self.lease, self.seen, self.wish = site, wanted, lease, seen, wish
        self.work = f"{site.order.prefix}/{wanted.name}/work/{wanted.digest}"
        self.who = (wanted.name, wanted.digest, *lease.words())

    def run(self, stages: tuple[str, ...]) -> Result:
        does: dict[str, Callable[[], None]] = {
            "sources": self.sources,
            "tools": self.tools,
            "stage": self.stage,
            "fetch": self.fetch,
            "build": self.build,
            "sanity": self.sanity,
            "test": self.test,
            "publish": self.publish,
        }
        for name in stages:
            if name == "publish":
                self.open()
            with self.site.console.stage(name):
                does[name]()
        removed = self.retention() if "publish" in stages else []
        return Result(DONE, "" if self.site.dry else f"{self.wanted.digest} is current", removed)

    def open(self) -> None:
        why = closed(self.site.order.closed, time.time())
        if why and not self.wish.incident and not self.site.dry:
            raise Later(f"is built and tested, and published by a run after this: {why}. Or name an --incident")

    # Stages

    def sources(self) -> None:
        have = {source.file: self.brought(source) for source in self.wanted.sources}
        fetch = self.site.order.fetch == "login"
        rows = [
            " ".join([each.sha256, each.file, "fetch" if fetch and not have[each.file] else "brought", *each.urls])
            for each in self.wanted.sources
        ]
        words = (self.wanted.name, *self.lease.words())
        payload = "".join(f"{row}\n" for row in rows).encode()
        answer = self.site.call("sources", *words, self.site.order.tools.digest, payload=payload, limit=LONG)
        bad = []
        for _, file, how, *why in answer:
            source = next(each for each in self.wanted.sources if each.file == file)
            local = have[file]
            if how == "missing" and local:
                payload = local.read_bytes()
                self.site.call("receive", *words, source.sha256, file, payload=payload, limit=LONG)
                self.site.console.note(f"{file} brought")
            elif how == "missing":
                bad.append(f"{file}: is not there, and is to be brought: --sources FOLDER with it")
            elif how == "failed":
                bad.append(f"{file}: {why[0]}")
            else:
                self.site.console.note(f"{file} {how}")
        if bad:
            raise Refused("\n".join(bad))

    def brought(self, source: Source) -> Path | None:
        """A file that was brought, and is what it should be."""
        file = self.wish.sources / source.file if self.wish.sources else None
        if file is None or not file.exists():
            return None
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        if found != source.sha256:
            raise Refused(f"{file}: has the checksum {found}, and {source.sha256} is wanted")
        return file

    def tools(self) -> None:
        tools = self.site.order.tools
        first, _ = bootstrap(tools.requirements)
        texts = {"init.sh": "".join(f"{line}\n" for line in tools.init), "requirements.txt": tools.requirements}
        if self.wish.wheels and not self.wish.wheels.is_dir():
            raise Misused(f"{self.wish.wheels}: is no folder")
        wheels = sorted(file for file in self.wish.wheels.iterdir() if file.is_file()) if self.wish.wheels else []
        words = (tools.digest, tools.python, "brought" if self.wish.wheels else "index", self.lease.who)
        payload = archive({**texts, "first.txt": first}, wheels)
        for left in reversed(range(LONG // PAUSE)):
            try:
                self.site.call("tools", self.wanted.name, *self.lease.words(), *words, payload=payload, limit=LONG)
                return
            except Busy as error:
                # Another installation has the same tools; or it is we, whose connection has ended.
                if not left or "/tools/" not in error.file:
                    raise
                self.site.console.note(f"{error}: asked again in {PAUSE} s")
                time.sleep(PAUSE)

    def stage(self) -> None:
        payload = archive({**self.wanted.staged, "files.sha256": self.wanted.checksums})
        self.site.call("stage", *self.who, payload=payload)

    def build(self) -> None:
        job = self.job("build", self.wanted.files["build.job"])
        if self.site.dry:
            return
        ended = wait(self.site, self.lease, "build", job, self.wanted.jobs["build"].seconds)
        if not ended.left:
            raise self.failure("build", job, ended.state)

    def sanity(self) -> None:
        bad = self.site.call("sanity", *self.who, limit=LONG)
        if bad:
            raise Refused("\n".join(f"{module} does not load: {why}" for _, module, why in bad))

    def test(self) -> None:
        job = self.job("test", self.wanted.files["test.job"])
        if not self.site.dry:
            verify(self, job, self.wanted.jobs["test"].seconds)

    def fetch(self) -> None:
        for how, what, *why in self.site.call("fetch", *self.who, self.site.order.tools.digest, limit=LONG):
            told_why = f"\n  {why[0]}\n  the build tells whether it is needed" if why else ""
            self.site.console.note(f"{what} {how}{told_why}")

    def publish(self) -> None:
        self.site.call("publish", *self.who, " ".join(filter(None, (self.lease.who, self.wish.incident))))

    # What they have in common

    def job(self, kind: str, script: str) -> Running:
        """One that is there already, or a new one."""
        found = self.seen.jobs.pop(kind, None)
        if found:
            self.site.console.note(f"job {found.id} is there already: {told(found.state)}")
        else:
            output = f"{self.work}/{kind}-{len(self.seen.failed[kind]) + 1}.out"
            number = submit(self.site, self.lease, kind, script, output)
            found = Running(number, output, "PENDING")
        if not self.wish.wait:
            raise Later(f"job {found.id} is submitted, and not waited for")
        return found

    def failure(self, kind: str, job: Running, state: str, why: str = "") -> Refused:
        """Why, or else what the job has said last."""
        said = self.site.call("failed", *self.who, kind, job.id, job.output, told(state), self.lease.who)
        end = "\n".join(rest[0] for word, *rest in said if word == "line")
        about = f"the {kind} has failed: job {job.id} {told(state)}"
        return Refused(f"{about}\n{indented(why or end)}\n  all of it: {job.output}")

    def retention(self) -> list[str]:
        """What has gone wrong here has gone wrong after the publication, which stays."""
        if self.site.dry:
            return []
        order = self.site.order
        look = seen_by(self.site, [self.wanted], "short")
        seen = look.installations[self.wanted.name] if look.installations else self.seen
        gone = history.removable(seen, self.wanted.digest, order.keep, order.pinned, order.used_seconds, look.at)
        if gone:
            with self.site.console.stage(f"retention of {', '.join(gone)}"):
                answer = self.site.call("remove", self.wanted.name, *self.lease.words(), *gone, limit=LONG)
                return [digest for _, digest in answer]
        return []


def verify(run: Deployment, job: Running, seconds: int) -> None:
    """Waits for ReFrame's job, and keeps what it says."""
    ended = wait(run.site, run.lease, "test", job, seconds)
    try:
        report = run.site.read("report", run.wanted.name, run.wanted.digest, job.id)
    except Refused as error:
        run.site.console.note(str(error))
        raise run.failure("test", job, ended.state) from error
    bad = verdict.failures(report, len(run.wanted.modules))
    run.site.call("tested", *run.who, job.id, "failed" if bad else "passed", run.lease.who)
    if bad:
        raise run.failure("test", job, ended.state, "\n".join(bad))


def seen_by(site: Site, installations: list[Installation], kind: str) -> Look:
    words = [f"{each.name}={each.digest}" for each in installations]
    return parse(site.call("look", kind, site.order.tools.digest, *words, changes=False))


def bootstrap(requirements: str) -> tuple[str, str]:
    """
    What builds the others is installed before them, out of the same requirements. A requirement ends where a line is not
    continued.
    """
    entries = requirements.replace("\\\n", " ").split("\n")
    first = [entry for entry in entries if entry.split("==")[0].strip().lower() in ("pip", "setuptools", "wheel")]
    rest = [entry for entry in entries if entry not in first]
    return "".join(f"{entry}\n" for entry in first), "".join(f"{entry}\n" for entry in rest)
