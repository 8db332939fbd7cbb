"""The root that all hosts share, and the local APT repository, made once per version."""

import json
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from sandbox_machine import sources
from sandbox_machine.cache import cache
from sandbox_machine.console import step
from sandbox_machine.locks import locked
from sandbox_machine.run import logged, run

from hosts_sandbox import mirrors, openbao, packages, repository

NAME = "sandbox-hosts"
WEEK = 7 * 86400
HOME = Path(__file__).parent
SOURCES = ("image.py", "repository.py", "openbao.py", "image-packages.txt", "repository-packages.txt")
# Neither hardware nor terminals; systemd would call a host degraded for lack of them.
MASKED = ("console-getty.service", "e2scrub_reap.service", "getty@.service", "systemd-pstore.service")


def key():
    """Digest of what the image depends on: the program that makes it, and the sources here."""
    return sources.key(packages.versions()["mmdebstrap"] + openbao.PINNED, HOME, [HOME / source for source in SOURCES])


def folder(version):
    return cache() / f"{NAME}-{version}"


def build():
    """Makes the image if it is not there; gives its folder."""
    made = folder(key())
    if not made.is_dir():
        with locked(cache() / f"{NAME}.lock"):
            if not made.is_dir():
                make(made)
    os.utime(made)
    return made


def make(made):
    """Builds in a folder aside, which gets its name once all is well."""
    work = cache() / f"{NAME}.building"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    begin = time.monotonic()
    lines = mirrors.sources()
    root = work / "root"
    with step("image", "root"):
        listed = work / "sources.list"
        listed.write_text("\n".join(lines) + "\n")
        bootstrap(root, listed, work / "root.log")
    with step("image", "repository"):
        repository.fill(work / "repository", root, listed, work / "repository.log")
        repository.sign(work / "repository", root / repository.KEYRING)
    settle(root)
    about = {"seconds": round(time.monotonic() - begin)}
    (work / "image.json").write_text(json.dumps(about) + "\n")
    remove_unused()
    work.rename(made)


def bootstrap(root, listed, log):
    """A Debian of nothing but what is named."""
    wanted = ",".join(repository.listed(HOME / "image-packages.txt"))
    # mmdebstrap keeps its temporary files beside the root: /tmp may be small.
    logged(
        log,
        "mmdebstrap",
        "--mode=root",
        "--variant=minbase",
        f"--include={wanted}",
        '--aptopt=APT::Install-Recommends "false"',
        mirrors.CODENAME,
        root,
        listed,
        env={**os.environ, "TMPDIR": str(root.parent)},
    )


def settle(root):
    """What differs from one host to the next is made by the host, or for it."""
    for file in (*(root / "etc/ssh").glob("ssh_host_*"), root / "etc/apt/apt.conf.d/99mmdebstrap"):
        file.unlink(missing_ok=True)
    for file in ("etc/hostname", "etc/resolv.conf"):
        (root / file).unlink(missing_ok=True)
    (root / "etc/machine-id").write_text("")
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n")
    for listed in (root / "etc/apt").glob("sources.list*"):
        shutil.rmtree(listed) if listed.is_dir() else listed.unlink()
    (root / "etc/apt/sources.list.d").mkdir()
    run("systemctl", f"--root={root}", "-q", "set-default", "multi-user.target")
    run("systemctl", f"--root={root}", "-q", "mask", *MASKED)


def remove_unused():
    """Removes images that nobody has asked for in a week, unless a host runs on one."""
    mounted = ""
    for table in Path("/proc").glob("[0-9]*/mountinfo"):
        with suppress(OSError):
            mounted += table.read_text()
    for old in cache().glob(f"{NAME}-*"):
        if old.is_dir() and str(old) not in mounted and time.time() - old.stat().st_mtime > WEEK:
            shutil.rmtree(old)
