"""A login node, over ssh. Nothing but ssh reaches it, and nothing of ours has to be installed there."""

from __future__ import annotations

import io
import re
import shlex
import subprocess
import tarfile
import time
from contextlib import suppress
from pathlib import Path

from certificate import ended
from console import Console
from order import Order
from problems import Busy, LoginNeeded, Lost, Refused
from said import indented, why

Answer = list[list[str]]
# Seconds between attempts to reach a site.
PAUSES = (5, 15, 45)


def script() -> str:
    """In one folder where they are delivered, beside each other in the repository."""
    here = Path(__file__).resolve().parent
    for folder in (Path(__file__).parent, here.parent / "site"):
        files = sorted(folder.glob("*.sh"))
        if files:
            return "".join(file.read_text() for file in files) + 'main "$@"; exit\n'
    raise Refused(f"{here}: the scripts for login nodes are missing")


class Site:
    def __init__(self, order: Order, console: Console, dry: bool = False, pauses: tuple[int, ...] = PAUSES) -> None:
        self.order, self.console, self.dry, self.pauses = order, console, dry, pauses
        self.script = script()

    def command(self, *words: str) -> list[str]:
        remote = " ".join(shlex.quote(word) for word in words)
        return ["ssh", "-F", str(self.order.ssh), self.order.connection, remote]

    def call(self, verb: str, *words: str, payload: bytes = b"", limit: int = 300, changes: bool = True) -> Answer:
        """Lines of what a verb answers. One that can be done twice: a connection that ends is tried again."""
        if self.dry and changes:
            self.tell(verb, *words, size=len(payload))
            return []
        return rows(self.read(verb, *words, payload=payload, limit=limit))

    def read(self, verb: str, *words: str, payload: bytes = b"", limit: int = 300) -> str:
        """The same, as it is."""
        for pause in self.pauses:
            try:
                return self.text(verb, *words, payload=payload, limit=limit)
            except Lost as error:
                self.console.note(f"{error}\n  tried again in {pause} s")
                time.sleep(pause)
        return self.text(verb, *words, payload=payload, limit=limit)

    def once(self, verb: str, *words: str, payload: bytes = b"", limit: int = 300) -> Answer:
        return rows(self.text(verb, *words, payload=payload, limit=limit))

    def text(self, verb: str, *words: str, payload: bytes = b"", limit: int = 300) -> str:
        head = (self.order.prefix, self.order.umask, self.order.group or "-", verb)
        done = run(self.command("bash", "-s", "--", *head, *words), self.script.encode() + payload, limit)
        said, errors = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        _, begun, answer = said.partition("databridge\t1\n")
        if done.returncode == 75:
            raise busy(answer)
        if done.returncode == 0 and begun:
            return answer
        if done.returncode == 255:
            raise self.unreached(errors)
        if not begun:
            raise Refused(
                f"{self.order.site}: no Bash answers there ({done.returncode})\n{indented(shortened(errors or said))}"
            )
        raise Refused(
            f"{self.order.site}: {verb} failed there ({done.returncode})\n{indented(shortened(errors or answer))}"
        )

    def unreached(self, errors: str) -> Refused:
        problem = why(self.order.site, errors)
        over = ended(self.order.ssh, self.order.connection) if isinstance(problem, LoginNeeded) else ""
        return LoginNeeded(f"{problem}\n  {over}: a person logs in, and has a new one made") if over else problem

    def tell(self, verb: str, *words: str, size: int) -> None:
        """The command, and what the shell there would do by it."""
        head = ("bash", "-s", "--", self.order.prefix, self.order.umask, self.order.group or "-", verb)
        self.console.say("would run: " + shlex.join(self.command(*head, *words)) + f" < site/*.sh and {size} bytes")
        found = re.search(rf"^verb_{verb}\(\).*?^}}$", self.script, re.DOTALL | re.MULTILINE)
        self.console.say(indented(found.group() if found else ""))

    def hang_up(self) -> None:
        """No connection is kept where nothing is said for a while. Who shares it, goes on."""
        with suppress(Refused):
            run(["ssh", "-F", str(self.order.ssh), "-O", "stop", self.order.connection], b"", 30)


def rows(text: str) -> Answer:
    """Lines end where the site has ended them, and not where what it repeats has other signs for that."""
    return [line.split("\t") for line in text.split("\n") if line]


def busy(answer: str) -> Refused:
    for word, *rest in rows(answer):
        if word == "taking":
            return Lost(f"somebody takes {rest[0]} just now")
        if word == "held":
            file, _, until, who = rest
            when = f", until {time.strftime('%H:%M:%SZ', time.gmtime(int(until)))} at first" if until != "0" else ""
            return Busy(f"{file} is held by {who}{when}", file)
    return Busy("a lease is held by another", "")


def shortened(text: str) -> str:
    lines = text.strip().splitlines()
    return "\n".join(lines if len(lines) <= 15 else [*lines[:4], "…", *lines[-10:]])


def run(words: list[str], payload: bytes, limit: int) -> subprocess.CompletedProcess[bytes]:
    """In a session of its own: who interrupts this program does not mean what gives the lease back."""
    try:
        return subprocess.run(
            words, input=payload, capture_output=True, timeout=limit, check=False, start_new_session=True
        )
    except subprocess.TimeoutExpired as error:
        raise Lost(f"no answer in {limit} s: {shlex.join(words[:4])}") from error
    except OSError as error:
        raise Refused(f"{words[0]}: {error.strerror}") from error


def archive(texts: dict[str, str], files: list[Path] | None = None, folder: str = "wheels") -> bytes:
    """Of texts, and of files that lie beside them in a folder."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, text in texts.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(text.encode()), 0o664
            tar.addfile(entry, io.BytesIO(text.encode()))
        for file in files or []:
            tar.add(file, f"{folder}/{file.name}", recursive=False)
    return out.getvalue()
