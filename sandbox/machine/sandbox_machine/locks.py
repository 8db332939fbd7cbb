"""Locks on files: one that stays, and one that goes with the folder it is in."""

import fcntl
import os
from contextlib import contextmanager


@contextmanager
def locked(path, shared=False):
    """Holds a lock on a file that stays; others wait."""
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield file


@contextmanager
def exclusively(root):
    """Nobody else starts, stops or removes what is in this folder meanwhile."""
    while True:
        root.mkdir(parents=True, exist_ok=True)
        with (root / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            # Who waited for a `down` has locked a file that is gone.
            try:
                same = os.path.samestat(os.fstat(file.fileno()), os.stat(root / "lock"))
            except FileNotFoundError:
                same = False
            if same:
                yield file
                return
