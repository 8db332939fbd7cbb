"""Output: one line per step with its time, and the end of the log of a step that failed."""

import sys
import time
from contextlib import contextmanager

TAIL = 12


def line(mark, subject, words, seconds=None, stream=None):
    """Prints one step: ✓ lumi bastion      1.2 s"""
    stream = stream or sys.stdout
    if stream.isatty():
        mark = f"\033[{32 if mark == '✓' else 31}m{mark}\033[0m"
    took = "" if seconds is None else f"{seconds:6.1f} s"
    print(f"{mark} {subject} {words:<22}{took}".rstrip(), file=stream, flush=True)


@contextmanager
def step(subject, words):
    """Prints a line once the block is done, or has failed."""
    begin = time.monotonic()
    try:
        yield
    except BaseException:
        line("✗", subject, words, time.monotonic() - begin, sys.stderr)
        raise
    line("✓", subject, words, time.monotonic() - begin)


def complain(problem):
    """Says what went wrong, with the end of the log that belongs to it."""
    print(problem, file=sys.stderr)
    if problem.log and problem.log.exists():
        for text in problem.log.read_text(errors="replace").splitlines()[-TAIL:]:
            print(f"    {text}", file=sys.stderr)
