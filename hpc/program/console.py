"""What is told as it happens: lines, for people and for logs alike."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from problems import Later, Refused


class Console:
    def __init__(self, name: str) -> None:
        self.name = name
        self.stages: list[dict[str, object]] = []

    def say(self, text: str) -> None:
        print(text, flush=True)

    def note(self, text: str) -> None:
        self.say(f"{self.name}  {text}")

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        self.note(f"{name} …")
        try:
            yield
        except BaseException as error:
            how = "failed" if isinstance(error, Refused) else "goes on later" if isinstance(error, Later) else "cut off"
            self.end(name, how, began)
            raise
        self.end(name, "done", began)

    def end(self, name: str, how: str, began: float) -> None:
        took = time.monotonic() - began
        self.stages.append({"stage": name, "how": how, "seconds": round(took, 1)})
        self.note(f"{name} {how} ({took:.1f} s)")


def complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
