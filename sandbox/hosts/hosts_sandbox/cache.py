"""The folder outside the checkout for what takes long to make, and locks on files."""

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path


def cache():
    """The cache of the whole project, made if it is not there."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "data-bridge-cdk"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def locked(path):
    """Holds a lock on a file that stays; others wait."""
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
