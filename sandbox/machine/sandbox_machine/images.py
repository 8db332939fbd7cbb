"""Images in the cache: folders that are made once per version, with a `root` on which machines run."""

import json
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from sandbox_machine.cache import cache
from sandbox_machine.locks import locked

WEEK = 7 * 86400
TOLD = "image.json"  # in each that is whole


def build(name, version, fill):
    """Folder of an image, which `fill` makes if it is not there."""
    made = cache() / f"{name}-{version}"
    if not made.is_dir():
        with locked(cache() / f"{name}.lock"):
            if not made.is_dir():
                make(name, made, fill)
    os.utime(made)
    return made


def make(name, made, fill):
    """Builds in a folder aside, which gets its name once all is well."""
    work = cache() / f"{name}.building"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    begin = time.monotonic()
    fill(work)
    about = {"seconds": round(time.monotonic() - begin)}
    (work / TOLD).write_text(json.dumps(about) + "\n")
    remove_unused(name)
    work.rename(made)


def whole(folder):
    """Whether an image is still there."""
    return (Path(folder) / TOLD).exists()


def remove_unused(name):
    """Removes images that nobody has asked for in a week, unless a machine runs on one."""
    mounted = ""
    for table in Path("/proc").glob("[0-9]*/mountinfo"):
        with suppress(OSError):
            mounted += table.read_text()
    for old in cache().glob(f"{name}-*"):
        if old.is_dir() and str(old) not in mounted and time.time() - old.stat().st_mtime > WEEK:
            shutil.rmtree(old)
